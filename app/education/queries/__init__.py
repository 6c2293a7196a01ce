"""Reads of education, each through what its caller may see."""
