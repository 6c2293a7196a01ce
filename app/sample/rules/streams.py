"""Seeded streams of chance, one per purpose, so that adding one figure does not move the others."""

from random import Random


def stream(seed: int, *names: str) -> Random:
    """A stream that depends on the seed and the names alone (seeded through SHA-512 by the standard library)."""
    return Random("|".join((str(seed), *names)))  # noqa: S311  (invents customers, guards no secret)
