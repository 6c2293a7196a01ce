"""Scoring turns responses into a voice score and holds it against health: the gap."""
