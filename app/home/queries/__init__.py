"""What Home reads beside the reads of the features below it: a handful of statements, however many accounts."""
