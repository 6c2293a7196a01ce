"""The page of an account by mail, to whoever asked for it, and all that comes to somebody by mail."""
