"""What a file may hold, without touching a file."""
