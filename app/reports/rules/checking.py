"""What computing a report again came to, in sentences."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.core.display import count, day
from app.core.words import plural

SHOWN = 5
Differences = Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class CheckState:
    """The sentence about the last check, the first places that differ, and whether the worker is still at it."""

    sentence: str
    differences: Sequence[str]
    is_waiting: bool


NOBODY_ASKED = CheckState("Nobody has computed these figures again yet.", (), is_waiting=False)


def check_state(checked_at: datetime | None, found: Differences | None) -> CheckState:
    """Say what came of computing the stored figures again; as long as there is nothing, the worker is at it."""
    if checked_at is None or found is None:
        return CheckState("The worker is computing these figures again.", (), is_waiting=True)
    if not found:
        sentence = f"Computed again on {day(checked_at.date())}: every figure came out the same, to the last digit."
        return CheckState(sentence, (), is_waiting=False)
    n = len(found)
    sentence = (
        f"Computed again on {day(checked_at.date())}: {count(n)} {plural(n, 'figure')} {plural(n, 'differs')}. "
        "Something behind the report was changed after it was made; score the study again to bring it up to date."
    )
    lines = [f"{each['place']}: {each['stored']} is now {each['computed']}" for each in found[:SHOWN]]
    return CheckState(sentence, lines, is_waiting=False)
