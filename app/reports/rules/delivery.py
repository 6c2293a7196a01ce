"""When a report is sent to a person who asked for it, and why it sometimes is not."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from app.core.errors import Refusal
from app.studies.rules.hours import next_working
from app.users.rules.barred import Barred

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
"""The days that a week can be chosen by: mails arrive on working days."""
MONTH_DAYS = range(1, 32)
HERE = ZoneInfo("UTC")
"""The workspace keeps its days and instants in UTC, and so do these mails."""

_FURTHEST = 40
"""Days within which every rhythm comes round, the move from a weekend included."""


class Rhythm(StrEnum):
    """When a report is sent."""

    EDITION = "edition"
    WEEKLY = "weekly"
    MONTHLY = "monthly"


class Unsent(StrEnum):
    """Why a mail does not go, in words for who reads the page of deliveries."""

    GONE = Barred.GONE.value
    NO_FACTOR = Barred.NO_FACTOR.value
    NO_ACCESS = "This person may not see the report any more."
    ENDED = "The delivery was stopped before the mail went out."
    CHANGED = "The delivery was changed before the mail went out."
    UNSCORED = "The study had not been scored, so there was no report to send."
    OTHER_PART = "This edition is of a part of the study that this person may not read."
    EMPTY = "Nobody had answered yet, so there was nothing to report."


@dataclass(frozen=True)
class Wish:
    """When somebody wants a report: `day` is the weekday from 0 (Monday), or the day of the month from 1."""

    rhythm: Rhythm
    day: int | None = None

    @property
    def words(self) -> str:
        """The wish as it stands in a sentence, `every Monday`."""
        if self.rhythm is Rhythm.EDITION:
            return "at each new edition"
        if self.rhythm is Rhythm.WEEKLY:
            return f"every {WEEKDAYS[self.day or 0]}"
        return "on the last day of each month" if self.day == MONTH_DAYS[-1] else f"on day {self.day} of each month"


def checked_wish(rhythm: str, weekday: str, month_day: str) -> Wish:
    """Return when somebody wants a report, from what a form sent; Refusal with the field where it is unclear."""
    if rhythm not in set(Rhythm):
        raise Refusal("Choose when the report is sent.", "rhythm")
    if rhythm == Rhythm.WEEKLY:
        return Wish(Rhythm.WEEKLY, _chosen(weekday, range(len(WEEKDAYS)), "Choose a day of the week.", "weekday"))
    if rhythm == Rhythm.MONTHLY:
        return Wish(Rhythm.MONTHLY, _chosen(month_day, MONTH_DAYS, "Choose a day of the month.", "month_day"))
    return Wish(Rhythm.EDITION)


def next_sending(wish: Wish, after: date, *, at_any_hour: bool = False) -> datetime | None:
    """Return the first instant (UTC) on a later day at which a mail is due; None where editions decide.

    A month that is too short sends on its last day. What falls on a weekend is sent on the Monday after it.
    """
    if wish.rhythm is Rhythm.EDITION:
        return None
    days = (after + timedelta(days=n) for n in range(-2, _FURTHEST))
    instants = (
        arrival(datetime.combine(day, time(), UTC), at_any_hour=at_any_hour) for day in days if _names(wish, day)
    )
    return next(instant for instant in instants if instant.date() > after)


def arrival(at: datetime, *, at_any_hour: bool) -> datetime:
    """Return the first instant not before another at which a mail may arrive: in the workspace's working hours."""
    return next_working(at, HERE, at_any_hour=at_any_hour)


def _names(wish: Wish, day: date) -> bool:
    if wish.rhythm is Rhythm.WEEKLY:
        return day.weekday() == wish.day
    return day.day == min(wish.day or 1, monthrange(day.year, day.month)[1])


def _chosen(text: str, offered: range, sentence: str, field: str) -> int:
    if text not in {str(each) for each in offered}:
        raise Refusal(sentence, field)
    return int(text)
