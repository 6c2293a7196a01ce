"""Who to ask at an account, and what it was promised."""
