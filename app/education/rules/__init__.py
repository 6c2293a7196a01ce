"""What is decided about education without a database: what was bought and taken, and which skills are missing."""
