"""Reads of what happened with an account."""
