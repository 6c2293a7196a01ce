"""Writes of alerts."""
