"""Pure logic of effort and complexity."""
