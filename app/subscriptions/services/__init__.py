"""Writes of subscriptions."""
