"""Marks: one number for each row of a table, equal where rows are equal, and otherwise hardly ever."""

from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from app.core.words import squeezed
from app.scoring.rules.inputs import FloatArray

Marks = NDArray[np.uint64]

_MIXER = np.uint64(0x9E3779B97F4A7C15)
"""Multiplies what is mixed, so that near numbers get far marks (Fibonacci hashing; Knuth 1998, 6.4)."""


def marks_of(start: Marks, numbers: FloatArray) -> Marks:
    """Return a mark of each row from where it starts and its numbers, bit for bit: the same on every machine.

    Two different rows of a million have the same mark in one of some ten million tables.
    """
    marks = start
    for column in numbers.T:
        marks = (marks ^ np.ascontiguousarray(column, dtype=np.float64).view(np.uint64)) * _MIXER
        marks ^= marks >> np.uint64(29)
    return marks


def mark_of_words(words: str) -> int:
    """Return a mark of words whatever their capitals, spaces and line breaks, as a database holds it: with a sign."""
    return int(mark_of_text(squeezed(words)).view(np.int64))


def mark_of_text(text: str) -> np.uint64:
    """Return the mark of a text."""
    return np.uint64(int.from_bytes(blake2b(text.encode(), digest_size=8).digest()))
