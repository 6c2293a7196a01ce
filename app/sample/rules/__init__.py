"""Pure rules of the sample: the same seed and date always give the same rows."""
