"""Actions on a board: by the day on which they are due, or by who does them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Generic, Protocol, TypeVar

WEEK_DAYS = 7


class By(StrEnum):
    """How a board is divided."""

    DAY = "day"
    OWNER = "owner"


class Column(StrEnum):
    """The columns of a board by day."""

    LATE = "late"
    WEEK = "week"
    LATER = "later"


COLUMN_WORDS = {Column.LATE: "Late", Column.WEEK: "Within a week", Column.LATER: "Later"}


class Placed(Protocol):
    """What a board needs to know of an action."""

    @property
    def due_on(self) -> date:
        """Until when."""

    @property
    def owner(self) -> str:
        """Who does it."""

    @property
    def owner_id(self) -> int:
        """The login of who does it."""


_Row = TypeVar("_Row", bound=Placed)


@dataclass(frozen=True)
class Group(Generic[_Row]):
    """One column of a board: what it is called, what is in it, and how many of that are late."""

    key: str
    name: str
    rows: list[_Row]
    late: int


def column_of(due_on: date, today: date) -> Column:
    """Late from the day after its day; else within seven days from today, or later."""
    days = (due_on - today).days
    if days < 0:
        return Column.LATE
    return Column.WEEK if days <= WEEK_DAYS else Column.LATER


def by_day(rows: Sequence[_Row], today: date) -> list[Group[_Row]]:
    """The three columns by day, each in the order of its rows; an empty column stays."""
    placed: dict[Column, list[_Row]] = {each: [] for each in Column}
    for row in rows:
        placed[column_of(row.due_on, today)].append(row)
    return [
        Group(each.value, COLUMN_WORDS[each], found, len(found) if each is Column.LATE else 0)
        for each, found in placed.items()
    ]


def by_owner(rows: Sequence[_Row], today: date) -> list[Group[_Row]]:
    """A column for each owner, those with the most that is late first, then by name."""
    found: dict[int, list[_Row]] = {}
    for row in rows:
        found.setdefault(row.owner_id, []).append(row)
    groups = [
        Group(str(owner), own[0].owner, own, sum(column_of(row.due_on, today) is Column.LATE for row in own))
        for owner, own in found.items()
    ]
    return sorted(groups, key=lambda each: (-each.late, each.name.lower(), each.key))
