"""Interviews: who asks whom, and the guided conversation."""
