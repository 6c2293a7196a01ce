"""What is decided about subscriptions without a database: when a page comes, and what its mail says."""
