"""Whom to call next: promises first, then who is at work now, was tried least, and whose study closes first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from app.studies.rules.budget import Budget, Facts, Held, held_back
from app.studies.rules.hours import next_working

NEVER = datetime.min.replace(tzinfo=UTC)
_NOT_ABOUT_CALLS = frozenset({Held.UNSUBSCRIBED, Held.BOUNCED, Held.NO_ADDRESS, Held.INVITED})
"""What holds mails back and no call: an address is not needed to talk."""


class Ready(StrEnum):
    """Whether a person is to be called now."""

    PROMISED = "promised"
    NOW = "now"
    LATER = "later"


@dataclass(frozen=True)
class ToCall:
    """A person whom an interviewer still has to reach; `next_at` is when the last call said to try again.

    `is_promised`: they themselves asked to be called then, whatever the hour.
    """

    interview_id: int
    zone: ZoneInfo
    closes_on: date
    attempts: int = 0
    next_at: datetime | None = None
    is_promised: bool = False

    def due_at(self, at: datetime) -> datetime:
        """Return from when on they may be called: when it was promised, else in their next working hours."""
        earliest = max(self.next_at or NEVER, at)
        return earliest if self.is_promised else next_working(earliest, self.zone)

    def ready(self, at: datetime) -> Ready:
        """Return whether they are to be called now."""
        if self.due_at(at) > at:
            return Ready.LATER
        return Ready.PROMISED if self.is_promised else Ready.NOW


def in_order(people: Sequence[ToCall], *, at: datetime) -> list[ToCall]:
    """Return the people in the order of calling: those to be called now, then the others by when they are due."""
    return sorted(people, key=lambda one: _place(one, at))


def best_call(people: Sequence[ToCall], *, at: datetime) -> ToCall | None:
    """Return whom to call now; None where nobody is to be called at this moment."""
    ready = [one for one in people if one.ready(at) is not Ready.LATER]
    return min(ready, key=lambda one: _place(one, at), default=None)


def held_from_call(facts: Facts, budget: Budget, *, is_spoken_to: bool) -> Held | None:
    """Return why a person is not to be called, None where they are; who was spoken to is in the study already."""
    known = Facts(
        consent=facts.consent,
        has_answered=facts.has_answered,
        has_refused=facts.has_refused,
        is_quota_full=facts.is_quota_full and not is_spoken_to,
        is_person_asked=facts.is_person_asked and not is_spoken_to,
        other_studies=0 if is_spoken_to else facts.other_studies,
        is_occasion_over=facts.is_occasion_over and not is_spoken_to,
    )
    held = held_back(known, budget)
    return None if held in _NOT_ABOUT_CALLS else held


_ORDER = (Ready.PROMISED, Ready.NOW, Ready.LATER)


def _place(one: ToCall, at: datetime) -> tuple[object, ...]:
    ready = one.ready(at)
    first = one.due_at(at) if ready is Ready.LATER else (one.next_at or NEVER) if ready is Ready.PROMISED else NEVER
    return (_ORDER.index(ready), first, one.attempts, one.closes_on, one.next_at or NEVER, one.interview_id)
