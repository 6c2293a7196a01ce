"""What is done with education: what is known of it noted, and an action made of a missing skill."""
