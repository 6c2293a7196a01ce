"""What is decided about alerts without a database: wishes, rounds, and words."""
