"""The steps and colours in which somebody says what they think of an account, and what may be typed with them."""

from datetime import date
from enum import StrEnum

from app.core.errors import Refusal
from app.core.typed import typed_lines

METRIC = "csm.sentiment"
"""The metric as which a sentiment stands in the telemetry; a scorecard may weigh it like any measure."""
STEPS = {0: "Very worried", 25: "Worried", 50: "Undecided", 75: "Confident", 100: "Very confident"}
"""The five steps of a sentiment, 0 to 100, in words."""
LONGEST_REASON = 1_000
LONGEST_KEY = 40


class Colour(StrEnum):
    """A band that a person sees, as a scorecard would call it."""

    RED = "red"
    AMBER = "amber"
    GREEN = "green"


class Occasion(StrEnum):
    """Of which kind the last interaction was."""

    MEETING = "meeting"
    CALL = "call"
    EMAIL = "email"
    VISIT = "visit"
    OTHER = "other"


def colour_of(value: int) -> Colour:
    """The colour that a sentiment stands for: below 50 red, 50 amber, above green."""
    return Colour.RED if value < 50 else Colour.AMBER if value == 50 else Colour.GREEN


def read_step(raw: str) -> int:
    """The sentiment that was chosen; Refusal where it is none of the five."""
    if not (raw.isascii() and raw.isdigit() and len(raw) < 4 and int(raw) in STEPS):
        raise Refusal("Choose one of the five steps.", "value")
    return int(raw)


def read_colour(raw: str, field: str = "colour") -> Colour:
    """The colour that was chosen; Refusal where it is none."""
    if raw not in set(Colour):
        raise Refusal("Choose red, amber or green.", field)
    return Colour(raw)


def read_occasion(raw: str) -> Occasion:
    """The kind of interaction that was chosen; Refusal where it is none."""
    if raw not in set(Occasion):
        raise Refusal("Choose what kind of interaction it was.", "occasion")
    return Occasion(raw)


def read_reason(raw: str, field: str = "reason", *, is_needed: bool = True) -> str:
    """A reason as it is kept; Refusal where it is missing, too long, or holds what cannot be shown."""
    words = typed_lines(raw, field, LONGEST_REASON)
    if is_needed and not words:
        raise Refusal("Say why in a few words; without a reason nobody can check it later.", field)
    return words


def read_day(raw: str, field: str) -> date:
    """A day as a date field sends it; Refusal where it is none."""
    try:
        return date.fromisoformat(raw.strip()[:10])
    except ValueError as error:
        raise Refusal("Enter a day, as 2026-12-31.", field) from error


def read_past_day(raw: str, today: date, field: str) -> date:
    """A day that is not in the future; Refusal otherwise."""
    day = read_day(raw, field)
    if day > today or day.year < 2000:
        raise Refusal("Enter a day that has been, from the year 2000 on.", field)
    return day


def age_words(on: date, today: date, stale_days: int) -> tuple[str, bool]:
    """How long ago somebody last said something, and whether that is stale: older than so many days."""
    days = (today - on).days
    said = "last said today" if days <= 0 else "last said yesterday" if days == 1 else f"last said {days:,} days ago"
    return said, days > stale_days
