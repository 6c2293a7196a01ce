"""What recording answers came to."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Recorded:
    """How many given answers are new, change an answer (or when and how the response was given), or are known."""

    created: int
    updated: int
    unchanged: int
