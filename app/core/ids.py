"""The numbers that rows have."""

LARGEST_ID = 2**31 - 1
"""The largest id that a column holds: an address may name a larger one, which is no row's."""
