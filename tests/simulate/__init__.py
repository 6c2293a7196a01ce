"""Simulations: whether intervals hold what they promise, and how often a flag is raised where there is no gap."""
