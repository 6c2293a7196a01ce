"""Reads of alerts."""
