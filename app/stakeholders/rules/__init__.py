"""What decides about stakeholders, without a database."""
