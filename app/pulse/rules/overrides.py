"""An override of the calculated band: how long it may stand, and how it is said."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.core.display import day, number
from app.core.errors import Refusal
from app.pulse.rules.words import read_day

LONGEST_DAYS = 180
"""How many days an override may stand; who still means it sets it again, with a reason of that day."""


@dataclass(frozen=True)
class Said:
    """What an override says, and what the calculation said when it was set."""

    band: str
    author: str
    reason: str
    set_at: datetime
    expires_on: date
    score: float | None
    calculated: str | None
    ended_at: datetime | None = None
    ended_by: str | None = None


def read_expiry(raw: str, today: date) -> date:
    """The last day on which an override stands: from tomorrow to 180 days ahead; Refusal otherwise."""
    if not raw.strip():
        raise Refusal("Say until when it stands; an override without an end would be forgotten.", "expires_on")
    wanted = read_day(raw, "expires_on")
    if wanted <= today:
        raise Refusal("This day is over or today; choose a later one.", "expires_on")
    if wanted > today + timedelta(days=LONGEST_DAYS):
        latest = day(today + timedelta(days=LONGEST_DAYS))
        raise Refusal(f"An override stands for at most {LONGEST_DAYS} days; choose a day until {latest}.", "expires_on")
    return wanted


def is_standing(expires_on: date, ended_at: datetime | None, today: date) -> bool:
    """Whether an override holds on a day: nobody ended it and its last day is not over."""
    return ended_at is None and today <= expires_on


def calculated_words(score: float | None, band: str | None) -> str:
    """A calculated score in words: `62 amber`, or `none` where nothing was measured; none is not 0."""
    return "none" if score is None else f"{number(score)} {band}"


def override_line(said: Said, score: float | None, band: str | None) -> str:
    """Both values in one sentence: what telemetry says now, and what somebody set beside it."""
    until = day(said.expires_on)
    return (
        f"Health {calculated_words(score, band)} by telemetry; set to {said.band} by {said.author} "
        f"until {until}: {said.reason}"
    )


def how_it_ended(said: Said, today: date) -> str:
    """What became of an override, for its history."""
    if said.ended_at is not None:
        return f"ended by {said.ended_by or 'somebody'} on {day(said.ended_at.date())}"
    verb = "stands" if is_standing(said.expires_on, None, today) else "ran out"
    return f"{verb} {'until' if verb == 'stands' else 'on'} {day(said.expires_on)}"
