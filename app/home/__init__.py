"""Home: the first page after signing in, a panel for each thing that the reader's roles are there for."""
