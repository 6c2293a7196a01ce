"""The calls of today and the next ones, by the reader's own clock."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from app.core.words import capital, counted, in_words, label
from app.interviews.rules.meeting import WAYS
from app.interviews.rules.moments import day_words

AHEAD_DAYS = 14
MOST_MEETINGS = 5


@dataclass(frozen=True)
class Meeting:
    """An appointment: when, with whom, and how."""

    interview_id: int
    when: str
    person: str
    about: str
    way: str


@dataclass(frozen=True)
class CallsPanel:
    """Who is met today, who after that, and how many people are to be called now and later."""

    title: str
    today: tuple[Meeting, ...]
    ahead: tuple[Meeting, ...]
    to_call: str
    has_next: bool
    is_empty: bool


def calls_panel(
    rows: Sequence[Any], *, at: datetime, zone: ZoneInfo, ready: int, left: int, has_interviews: bool
) -> CallsPanel:
    """Return the panel of appointments in order; `ready` are to be called now, `left` at any time."""
    waiting = [row for row in rows if row.submitted_at is None]
    here = at.astimezone(zone).date()
    today = [meeting(row, zone, is_today=True) for row in waiting if _day(row, zone) == here]
    ahead = [meeting(row, zone, is_today=False) for row in waiting if _day(row, zone) != here]
    return CallsPanel(
        title=calls_title(len(today), ready),
        today=tuple(today),
        ahead=tuple(ahead[:MOST_MEETINGS]),
        to_call=to_call(ready, left),
        has_next=ready > 0,
        is_empty=not has_interviews,
    )


def calls_title(meetings: int, ready: int) -> str:
    """What the day holds."""
    met = f"{counted(meetings, 'appointment')} today" if meetings else "No appointment today"
    return capital(f"{met}, {in_words(ready) if ready else 'nobody'} to call now")


def to_call(ready: int, left: int) -> str:
    """How many people are still to be reached."""
    if not left:
        return "Nobody is left to call: each has an appointment, was heard, or does not take part."
    if not ready:
        return f"{capital(counted(left, 'person'))} to reach, none of them at work now."
    return f"{capital(counted(ready, 'person'))} at work now, of {in_words(left)} still to reach."


def meeting(row: Any, zone: ZoneInfo, *, is_today: bool) -> Meeting:
    """Return an appointment as a line, by the reader's clock."""
    found = row.Appointment
    begins = found.starts_at.astimezone(zone)
    ends = (found.starts_at + timedelta(minutes=found.minutes)).astimezone(zone)
    hours = f"{begins:%H:%M}–{ends:%H:%M}"
    return Meeting(
        interview_id=row.interview_id,
        when=hours if is_today else f"{day_words(begins, 'en')}, {begins:%H:%M}",
        person=row.contact,
        about=f"{label(row.role)}, {row.account}",
        way=WAYS[found.way],
    )


def _day(row: Any, zone: ZoneInfo) -> Any:
    return row.Appointment.starts_at.astimezone(zone).date()
