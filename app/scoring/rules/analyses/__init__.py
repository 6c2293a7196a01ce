"""What each topic of a scored study comes to, from its columns."""
