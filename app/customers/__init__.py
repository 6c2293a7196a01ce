"""Accounts, contacts and what became of them."""
