"""Faults at full size: `make faults`."""
