"""Reads of relationships."""
