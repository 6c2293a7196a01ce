"""How hard a situation meets an account, when it applies, and what a study calls it."""

from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum

FIELD = "overlay:"
"""How the field begins by which a study divides accounts by an overlay: `overlay:pandemic`."""


class Level(StrEnum):
    """How hard a situation meets an account, the hardest first."""

    SEVERE = "severe"
    MODERATE = "moderate"
    SLIGHT = "slight"
    NONE = "none"
    HELPED = "helped"


NOT_ASSESSED = "not assessed"
NOT_IN_FORCE = "not in force"
WORDS = {
    Level.SEVERE: "severe",
    Level.MODERATE: "moderate",
    Level.SLIGHT: "slight",
    Level.NONE: "not affected",
    Level.HELPED: "helped",
}
ORDER = (*Level, None)
"""The order in which levels stand on a page; what nobody assessed comes last."""


class State(StrEnum):
    """Whether a situation is still to come, applies, or is over."""

    PLANNED = "planned"
    IN_FORCE = "in force"
    ENDED = "ended"


def level_of(change: str | None, industry: str | None) -> Level | None:
    """The level of an account: as its CSM changed it, else that of its industry, else None, which is not assessed."""
    found = change or industry
    return Level(found) if found else None


def level_words(level: Level | None) -> str:
    """A level as people say it; where nobody assessed it, that is said, never that there is no effect."""
    return WORDS[level] if level else NOT_ASSESSED


def state_on(starts_on: date, ends_on: date | None, on: date) -> State:
    """Whether a situation applies on a day; its first and its last day belong to it."""
    if on < starts_on:
        return State.PLANNED
    return State.ENDED if ends_on is not None and on > ends_on else State.IN_FORCE


def assessed_on(ends_on: date | None, on: date) -> date:
    """The day as of which levels are read: an overlay that ended stays readable as it stood on its last day."""
    return on if ends_on is None else min(on, ends_on)


def stratum_value(level: Level | None, state: State) -> str:
    """What a study's draw writes down for an account: its level, or that the situation does not apply that day."""
    return level_words(level) if state is State.IN_FORCE else NOT_IN_FORCE


def overlay_keys(fields: Iterable[str]) -> list[str]:
    """The keys of the overlays that fields of a study name, such as `overlay:pandemic`."""
    return [field.removeprefix(FIELD) for field in fields if field.startswith(FIELD)]


def mean_by_level(
    levels: Mapping[int, Level | None], values: Mapping[int, float]
) -> dict[Level | None, tuple[float, int]]:
    """The plain mean of values 0-100 of the accounts of each level, and of how many; a level without any is absent."""
    sums: dict[Level | None, tuple[float, int]] = {}
    for account_id, value in values.items():
        if account_id in levels:
            total, number = sums.get(levels[account_id], (0.0, 0))
            sums[levels[account_id]] = (total + value, number + 1)
    return {level: (total / number, number) for level, (total, number) in sums.items()}
