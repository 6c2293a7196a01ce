"""Reads of the pages of accounts; every one goes through the caller's scope."""
