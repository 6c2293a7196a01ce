"""Reads of stakeholders and promises."""
