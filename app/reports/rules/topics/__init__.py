"""The topics behind a gap report: one page each, all made of the same parts."""
