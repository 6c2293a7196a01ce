"""What stands on a timeline, as pure values."""
