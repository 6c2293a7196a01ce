"""How far a study has come, computed from facts, and the command that brings it further."""

from datetime import datetime
from typing import NamedTuple


class Step(NamedTuple):
    """What is missing, in words, and the command that does it."""

    waits_for: str
    command: str


def next_step(key: str, *, drawn_at: datetime | None, heard: int, scored_at: datetime | None) -> Step | None:
    """Return what a study waits for, or None where it is scored and its gap report can be read."""
    if scored_at is not None:
        return None
    if drawn_at is None:
        return Step("Not drawn yet", f"flask study draw {key}")
    if heard == 0:
        return Step("Waiting for answers", f"flask import responses FILE --study {key}")
    return Step("Answers are in, not scored yet", f"flask study score {key}")
