"""Reads of interviews, each through what its caller may see."""
