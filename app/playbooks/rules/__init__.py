"""What is decided without a database: the signs that a playbook looks for, its definition, and what it raises."""
