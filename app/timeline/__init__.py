"""What happened with a customer, in order: what was said, measured, judged, promised and done."""
