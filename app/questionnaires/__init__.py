"""Questionnaires: the question bank, its kinds, versions and the built-in instruments."""
