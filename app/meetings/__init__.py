"""What is read before meeting a customer: one page with what differs, what is owed, what was said, and what to ask."""
