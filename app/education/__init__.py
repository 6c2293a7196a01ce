"""Education: whether the deal included it and whether it was taken, and the skills that people say are missing."""
