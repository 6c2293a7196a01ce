"""Occasions at which a study asks an account by itself: a go-live, a closed case, a renewal that comes near."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any

from app.core.documents import EARLIEST, LATEST, FieldError, Fields

CODE_VERSION = "trigger-1"
"""Names what follows; it changes whenever the same facts would let other accounts join, or give another record."""

START_DATE = "start_date"
WITHIN = 14
MOST_DAYS = 1_000
MOST_WITHIN = 90
HORIZON = timedelta(days=30)
"""How far ahead people are shown who would be asked."""

_UNREADABLE = frozenset('"\\\0')


class Event(StrEnum):
    """What happens at an account."""

    GO_LIVE = "go_live"
    CASE_CLOSED = "case_closed"
    RENEWAL = "renewal"


DAYS = {Event.GO_LIVE: 30, Event.CASE_CLOSED: 1, Event.RENEWAL: 120}
"""How many days after it, or before it for a renewal, an account is asked where the plan does not say."""


@dataclass(frozen=True)
class Trigger:
    """An account is asked `days` after the event (before a renewal), or up to `within` days later.

    `field` is the account's date that a go-live is read from; the other events read none.
    """

    event: Event
    days: int
    within: int = WITHIN
    field: str = START_DATE


@dataclass(frozen=True)
class Occasion:
    """An event of an account: its day, the day on which the account is to be asked, and the last on which it may be."""

    happened_on: date
    due_on: date
    last_on: date


def read_trigger(fields: Fields) -> Trigger:
    """The trigger that a study.json describes; FieldError naming `trigger_…`, so that no other field is meant."""
    try:
        fields.only({"event", "days", "within"} | ({"field"} if fields.entry.get("event") == Event.GO_LIVE else set()))
        event = fields.choice("event", Event)
        name = fields.text("field", default=START_DATE)
        if _UNREADABLE & set(name):
            raise fields.refuse("field", "must not hold quotation marks or backslashes.")
        return Trigger(
            event=event,
            days=fields.whole("days", least=0, most=MOST_DAYS, default=DAYS[event]),
            within=fields.whole("within", least=0, most=MOST_WITHIN, default=WITHIN),
            field=name,
        )
    except FieldError as error:
        raise FieldError(str(error), f"trigger_{error.field.strip('“”')}") from error


def trigger_document(trigger: Trigger) -> dict[str, Any]:
    """The trigger as a plain document with every default filled in."""
    document = {"event": str(trigger.event), "days": trigger.days, "within": trigger.within}
    return document | ({"field": trigger.field} if trigger.event is Event.GO_LIVE else {})


def stored_trigger(document: Mapping[str, Any]) -> Trigger:
    """The trigger that `trigger_document` wrote."""
    return Trigger(Event(document["event"]), document["days"], document["within"], document.get("field", START_DATE))


def day_of(value: object) -> date | None:
    """The UTC day of a date, an instant, or a text that is one of them in ISO 8601; None for anything else.

    Days before 1900 and after 2200 mean nothing: 9999-12-31 stands in many a CRM for “never”.
    """
    if isinstance(value, str):
        value = _read(value.strip())
    if isinstance(value, datetime):
        value = (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(UTC).date()
    return value if isinstance(value, date) and EARLIEST <= value <= LATEST else None


def occasion_of(trigger: Trigger, happened: object) -> Occasion | None:
    """The occasion that an event gives, whose day `happened` tells; None where that is no day.

    A renewal is not asked about once it has passed, however many days are left of `within`.
    """
    day = day_of(happened)
    if day is None:
        return None
    is_ahead = trigger.event is Event.RENEWAL
    due_on = day + timedelta(days=-trigger.days if is_ahead else trigger.days)
    last_on = due_on + timedelta(days=trigger.within)
    return Occasion(day, due_on, min(last_on, day) if is_ahead else last_on)


def due_occasion(trigger: Trigger, happened: Iterable[object], on: date) -> Occasion | None:
    """The occasion on which an account is to be asked on a day, of several the newest; None where none is due."""
    occasions = (occasion_of(trigger, each) for each in happened)
    due = [each for each in occasions if each is not None and each.due_on <= on <= each.last_on]
    return max(due, key=lambda each: each.due_on, default=None)


def coming_occasion(trigger: Trigger, happened: Iterable[object], first: date, last: date) -> Occasion | None:
    """The first occasion of an account that becomes due from one day to another; None where none does."""
    occasions = (occasion_of(trigger, each) for each in happened)
    coming = [each for each in occasions if each is not None and first <= each.due_on <= last]
    return min(coming, key=lambda each: each.due_on, default=None)


def days_of_events(trigger: Trigger, first: date, last: date) -> tuple[date, date]:
    """The days between which events lie that are due from one day to another."""
    shift = timedelta(days=trigger.days if trigger.event is Event.RENEWAL else -trigger.days)
    return first + shift, last + shift


def trigger_words(trigger: Trigger) -> str:
    """When accounts are asked, in words: `120 days before renewal`."""
    days = "1 day" if trigger.days == 1 else f"{trigger.days:,} days"
    if trigger.event is Event.RENEWAL:
        return f"{days} before renewal" if trigger.days else "on the day of renewal"
    event = {
        Event.GO_LIVE: "go-live" + ("" if trigger.field == START_DATE else f" ({trigger.field})"),
        Event.CASE_CLOSED: "a support case is closed",
    }[trigger.event]
    if not trigger.days:
        return f"on the day of {event}" if trigger.event is Event.GO_LIVE else f"on the day on which {event}"
    return f"{days} after {event}"


def start_record(plan: Mapping[str, Any], opens_on: date, closes_on: date) -> dict[str, Any]:
    """The record of a start: who joins is written down before anybody has, and can be held against who did."""
    return {
        "code_version": CODE_VERSION,
        "plan": dict(plan),
        "opens_on": opens_on.isoformat(),
        "closes_on": closes_on.isoformat(),
        "joins": (
            "Every account that the filter lets through and that is not inactive or churned joins once, when it is "
            "first seen from the day of its occasion to the last day within; weight 1; all its contacts in a role of "
            "the plan are asked."
        ),
        "accounts": 0,
    }


def _read(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) <= len("2026-11-27") else datetime.fromisoformat(text)
    except ValueError:
        return None
