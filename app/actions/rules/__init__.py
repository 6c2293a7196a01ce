"""What makes an action: a title, an owner and a day; and how urgent it is."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from app.actions.rules.kinds import About, Kind, checked_about, checked_kind, checked_reason
from app.core.display import day
from app.core.errors import Refusal
from app.core.mail import one_line
from app.core.typed import typed_lines
from app.core.words import counted

LONGEST_TITLE = 300
LONGEST_NOTE = 5_000
LONGEST_KEY = 64
MOST_DAYS = 5 * 366
REMOVED = "The words were removed."
"""What stands where a title stood that was taken away."""

_NUMBER = re.compile(r"[0-9]{1,9}")


class Urgency(StrEnum):
    """How an action stands on a day."""

    OPEN = "open"
    OVERDUE = "overdue"
    DONE = "done"


@dataclass(frozen=True)
class Wish:
    """An action as somebody wants it."""

    title: str
    owner_id: int
    due_on: date
    is_promised: bool
    kind: Kind = Kind.TASK
    reason: str | None = None
    about: About | None = None
    respondent_id: int | None = None
    relationship_id: int | None = None


@dataclass(frozen=True)
class Typed:
    """An action as a form sends it; empty is nothing."""

    title: str = ""
    owner: str = ""
    due_on: str = ""
    is_promised: bool = False
    kind: str = Kind.TASK.value
    reason: str = ""
    about: str = ""
    relationship: str = ""


def wish_of(
    typed: Typed,
    *,
    owners: Collection[int],
    today: date,
    before: date | None = None,
    respondents: Collection[int] = (),
    relationships: Mapping[str, int] = MappingProxyType({}),
) -> Wish:
    """What was typed, checked; Refusal with the remedy and the field at fault.

    `before` is the day that it had, `respondents` those whose answers may be named as what shows it, `relationships`
    those of the account, CRM id -> id, one of which it may be about.
    """
    about, respondent_id = checked_about(typed.about, respondents)
    return Wish(
        title=checked_title(typed.title),
        owner_id=checked_owner(typed.owner, owners),
        due_on=checked_day(typed.due_on, today=today, before=before),
        is_promised=typed.is_promised,
        kind=checked_kind(typed.kind),
        reason=checked_reason(typed.reason),
        about=about,
        respondent_id=respondent_id,
        relationship_id=checked_relationship(typed.relationship, relationships),
    )


def checked_title(raw: str) -> str:
    """A title in one line."""
    title = one_line(raw)
    if not title or len(title) > LONGEST_TITLE:
        raise Refusal(f"Say in at most {LONGEST_TITLE} characters what is to be done.", "title")
    return title


def checked_owner(raw: str, owners: Collection[int]) -> int:
    """The login that was chosen."""
    if not _NUMBER.fullmatch(raw) or int(raw) not in owners:
        raise Refusal("Choose from the list who does it.", "owner")
    return int(raw)


def checked_day(raw: str, *, today: date, before: date | None = None) -> date:
    """The day until which it is to be done: today or later, or the day that it had before."""
    try:
        due = date.fromisoformat(raw.strip())
    except ValueError:
        raise Refusal("Choose the day until which it is to be done.", "due_on") from None
    if due < today and due != before:
        raise Refusal(f"{day(due)} is over; choose today or a later day.", "due_on")
    if due > today + timedelta(days=MOST_DAYS):
        raise Refusal("Choose a day within the next five years.", "due_on")
    return due


def checked_relationship(raw: str, relationships: Mapping[str, int]) -> int | None:
    """The relationship that it is about, by its CRM id; None where it is about the account as a whole."""
    if raw and raw not in relationships:
        raise Refusal("Choose from the list which relationship it is about.", "relationship")
    return relationships[raw] if raw else None


def checked_note(raw: str) -> str | None:
    """What came of it, or None where nothing was written."""
    return typed_lines(raw, "note", LONGEST_NOTE) or None


def urgency(*, due_on: date, done_at: datetime | None, today: date) -> Urgency:
    """How an action stands: done, overdue from the day after its day, or open."""
    if done_at is not None:
        return Urgency.DONE
    return Urgency.OVERDUE if due_on < today else Urgency.OPEN


def due_words(*, due_on: date, done_at: datetime | None, today: date) -> str:
    """When it is or was to be done, as a person says it."""
    if done_at is not None:
        return f"done {day(done_at)}"
    days = (due_on - today).days
    if days == 0:
        return "due today"
    return f"due in {counted(days, 'day')}" if days > 0 else f"{counted(-days, 'day')} overdue"
