"""When the page of an account comes to whoever asked for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from app.core.errors import Refusal
from app.reports.rules import delivery
from app.users.rules.barred import Barred

MILESTONES = (120, 90, 60, 30)
"""Days before the end of a contract on which a renewal is worked on."""
LATE_DAYS = 2
"""Days after its own on which a mail before a milestone still goes, where no worker ran."""


class Rhythm(StrEnum):
    """When a page is sent."""

    WEEKLY = "weekly"
    MONTHLY = "monthly"
    RENEWAL = "renewal"


class Unsent(StrEnum):
    """Why a mail does not go, in words for who reads the page of subscriptions."""

    GONE = Barred.GONE.value
    NO_FACTOR = Barred.NO_FACTOR.value
    NO_ACCESS = "This person may not see the account any more."
    ENDED = "The subscription was ended before the mail went out."
    PAUSED = "The subscription was paused before the mail went out."
    CHANGED = "The subscription was changed before the mail went out."


@dataclass(frozen=True)
class Wish:
    """When somebody wants a page: `day` is the weekday from 0 (Monday), or the day of the month from 1."""

    rhythm: Rhythm
    day: int | None = None

    @property
    def words(self) -> str:
        """The wish as it stands in a sentence, `every Monday`."""
        if self.rhythm is Rhythm.RENEWAL:
            days = ", ".join(str(each) for each in MILESTONES[:-1])
            return f"the day before its renewal is {days} and {MILESTONES[-1]} days away"
        return self.by_day.words

    @property
    def by_day(self) -> delivery.Wish:
        """The same wish as reports by mail have it."""
        return delivery.Wish(delivery.Rhythm(self.rhythm.value), self.day)


def checked_wish(values: Mapping[str, str]) -> Wish:
    """Return when somebody wants a page, from what a form sent; Refusal with the field where it is unclear."""
    rhythm = values.get("rhythm", "")
    if rhythm not in set(Rhythm):
        raise Refusal("Choose when the page is sent.", "rhythm")
    if rhythm == Rhythm.RENEWAL:
        return Wish(Rhythm.RENEWAL)
    found = delivery.checked_wish(rhythm, values.get("weekday", ""), values.get("month_day", ""))
    return Wish(Rhythm(found.rhythm.value), found.day)


def next_by_day(wish: Wish, after: date, *, at_any_hour: bool) -> datetime | None:
    """Return the first instant (UTC) on a later day at which a mail is due; None where the renewal decides."""
    if wish.rhythm is Rhythm.RENEWAL:
        return None
    return delivery.next_sending(wish.by_day, after, at_any_hour=at_any_hour)


def next_before_renewal(renewal: date | None, after: date, *, at_any_hour: bool) -> datetime | None:
    """Return when the next mail before a milestone is due on a later day; None where none is to come."""
    days = [renewal - timedelta(days=each + 1) for each in MILESTONES] if renewal else []
    to_come = [day for day in days if day > after]
    if not to_come:
        return None
    return delivery.arrival(datetime.combine(min(to_come), time(), UTC), at_any_hour=at_any_hour)


def renewals_told(on: date) -> list[tuple[date, int, date]]:
    """Return which ends of contracts a day tells of: the end, the days until it, and the day on which it is told."""
    told = [on - timedelta(days=late) for late in range(LATE_DAYS + 1)]
    return [(day + timedelta(days=each + 1), each, day) for day in told for each in MILESTONES]
