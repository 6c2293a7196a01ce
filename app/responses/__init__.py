"""Responses and their answers: the only writer of answers."""
