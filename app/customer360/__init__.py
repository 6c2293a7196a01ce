"""Accounts as people look at them: the list, the page of one account, and what one person said."""
