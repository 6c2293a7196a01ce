"""Who changed colour between two days, over many accounts: what is asked for, how many moved, and in which words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from app.core.display import MISSING, day, money, number, signed
from app.core.words import capital, counted, in_words, plural
from app.health.rules.between import Between, in_order
from app.health.rules.days import month_before

LONGEST = 200
PAGE_ROWS = 50
ORDER = ("red", "amber", "green")


class Show(StrEnum):
    """Which moves a list shows."""

    ALL = "all"
    WORSE = "worse"
    SILENT = "silent"
    BETTER = "better"
    HEARD = "heard"


SHOWN = {
    Show.ALL: "All",
    Show.WORSE: "For the worse",
    Show.SILENT: "No signal any more",
    Show.BETTER: "For the better",
    Show.HEARD: "Signal again",
}


@dataclass(frozen=True)
class Asked(Between):
    """What a list of moved colours is asked for."""

    show: Show = Show.ALL


@dataclass(frozen=True)
class Move:
    """How many accounts went from one band to another, and the revenue a year of those in the workspace's currency."""

    before: str | None
    after: str | None
    accounts: int
    arr: Decimal | None
    foreign: int

    @property
    def kind(self) -> Show:
        """Whether that is for the worse or the better, or about a signal."""
        if self.after is None:
            return Show.SILENT
        if self.before is None:
            return Show.HEARD
        return Show.WORSE if ORDER.index(self.after) < ORDER.index(self.before) else Show.BETTER


@dataclass(frozen=True)
class MoveLine:
    """One kind of move as a row of a table."""

    before: str | None
    after: str | None
    accounts: str
    arr: str


def asked_moves(values: Mapping[str, str], days: Sequence[date]) -> Asked:
    """Return what an address asks for, among rising days; by default the newest, and the one about thirty days before.

    What it asks for wrongly falls back to that and is named.
    """
    ignored: list[str] = []
    after = _day(values.get("to", ""), days, days[-1], ignored)
    earlier = [each for each in days if each <= after]
    before = _day(values.get("from", ""), days, earlier[month_before(earlier)], ignored)
    before, after = in_order(before, after, ignored)
    return Asked(
        before=before,
        after=after,
        segment=values.get("segment", "")[:LONGEST],
        owner=values.get("owner", "")[:LONGEST].lower(),
        show=_show(values.get("show", ""), ignored),
        ignored=tuple(ignored),
    )


def counts_of(moves: Sequence[Move]) -> dict[Show, int]:
    """Return how many accounts each choice shows."""
    counts = dict.fromkeys(Show, 0)
    for move in moves:
        counts[move.kind] += move.accounts
        counts[Show.ALL] += move.accounts
    return counts


def moves_title(moves: Sequence[Move], asked: Asked, *, sees_all: bool) -> str:
    """The finding: how many changed colour, and how many of them for the worse."""
    counts = counts_of(moves)
    total, worse = counts[Show.ALL], counts[Show.WORSE]
    whose = "" if sees_all else " of yours"
    when = f"between {day(asked.before)} and {day(asked.after)}"
    if not total:
        return f"No account{whose} changed colour {when}"
    head = f"{capital(counted(total, 'account'))}{whose} changed colour {when}"
    if not worse:
        return f"{head}, none for the worse"
    if worse == total:
        return f"{head}{', all' if total > 1 else ','} for the worse"
    return f"{head}, {in_words(worse)} for the worse"


def moves_lede(moves: Sequence[Move], currency: str | None) -> str:
    """What the accounts that moved pay in a year, by which way they went; never added."""
    words = []
    for show, verb in ((Show.WORSE, "turned worse"), (Show.BETTER, "turned better"), (Show.SILENT, "lost its signal")):
        found = [move.arr for move in moves if move.kind is show and move.arr is not None]
        if found:
            words.append(f"{money(sum(found, Decimal(0)), currency)} a year {verb}")
    foreign = sum(move.foreign for move in moves)
    others = f" {capital(counted(foreign, 'account'))} in another currency {plural(foreign, 'is')} counted, not summed."
    return f"{', '.join(words)}." * bool(words) + others * bool(foreign)


def move_lines(moves: Sequence[Move], currency: str | None) -> list[MoveLine]:
    """Return the table of moves, those for the worse first."""
    kinds = list(SHOWN)
    ranked = sorted(moves, key=lambda move: (kinds.index(move.kind), -move.accounts))
    return [MoveLine(each.before, each.after, number(each.accounts), money(each.arr, currency)) for each in ranked]


def moved_score(before: float | None, after: float | None) -> str:
    """By how much a score moved, in whole points; a dash where one is missing."""
    return MISSING if before is None or after is None else signed(round(after) - round(before)) or "0"


def _day(text: str, days: Sequence[date], otherwise: date, ignored: list[str]) -> date:
    if not text:
        return otherwise
    found = next((each for each in days if each.isoformat() == text), None)
    if found is None:
        ignored.append(f"On “{text[:40]}” no health was computed; another day is shown.")
    return found or otherwise


def _show(text: str, ignored: list[str]) -> Show:
    if text in set(Show):
        return Show(text)
    if text:
        ignored.append(f"“{text[:40]}” is not a known value of “show” and was left out.")
    return Show.ALL
