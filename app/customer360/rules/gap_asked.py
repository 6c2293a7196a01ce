"""What the list of moved gaps is asked for, and its findings in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.core.display import day
from app.core.words import capital, counted, in_words, plural
from app.health.rules.between import Between, in_order

LONGEST = 200
PAGE_ROWS = 50
BY_CHANCE = 0.05
"""The share of moves that leave a 95 % interval though nothing moved."""


class Show(StrEnum):
    """Which accounts a list shows."""

    ALL = "all"
    FELL = "fell"
    ROSE = "rose"
    DOWN = "down"
    UP = "up"
    WITHIN = "within"


SHOWN = {
    Show.ALL: "All heard twice",
    Show.FELL: "Voice fell",
    Show.ROSE: "Voice rose",
    Show.DOWN: "Gap moved down",
    Show.UP: "Gap moved up",
    Show.WITHIN: "Within chance",
}


@dataclass(frozen=True)
class Asked(Between):
    """What the list of moved gaps is asked for."""

    show: Show = Show.ALL


@dataclass(frozen=True)
class Counts:
    """How many accounts moved which way; `moved` moved in voice or gap, `once` was heard by one study alone.

    `again` was heard more than once, but not between the two days; `gaps` are those whose gap is known on both.
    """

    shown: Mapping[Show, int]
    moved: int = 0
    gaps: int = 0
    once: int = 0
    again: int = 0

    @property
    def total(self) -> int:
        """How many accounts were heard on both days by different studies."""
        return self.shown[Show.ALL]


def asked_gaps(values: Mapping[str, str], days: Sequence[date]) -> Asked:
    """Return what an address asks for, among rising days of studies (two at least); by default the newest two.

    What it asks for wrongly falls back to that and is named.
    """
    ignored: list[str] = []
    after = _day(values.get("to", ""), days, days[-1], ignored)
    earlier = [each for each in days if each < after] or days[:1]
    before = _day(values.get("from", ""), days, earlier[-1], ignored)
    before, after = in_order(before, after, ignored)
    show = values.get("show", "")
    if show and show not in set(Show):
        ignored.append(f"“{show[:40]}” is not a known value of “show” and was left out.")
    return Asked(
        before,
        after,
        segment=values.get("segment", "")[:LONGEST],
        owner=values.get("owner", "")[:LONGEST].lower(),
        show=Show(show) if show in set(Show) else Show.ALL,
        ignored=tuple(ignored),
    )


def gaps_title(counts: Counts, asked: Asked, *, sees_all: bool) -> str:
    """The finding: how many accounts that were heard twice moved by more than chance gives."""
    whose = "" if sees_all else " of yours"
    when = f"between {day(asked.before)} and {day(asked.after)}"
    if not counts.total:
        return f"No account{whose} was heard by two studies {when}"
    head = capital(f"{counted(counts.total, 'account')}{whose} {plural(counts.total, 'was')} heard again {when}")
    if not counts.moved:
        return f"{head}; none moved by more than chance gives"
    which = "it" if counts.total == counts.moved == 1 else in_words(counts.moved)
    return f"{head}; {which} moved by more than chance gives"


def gaps_lede(counts: Counts) -> str:
    """What chance alone gives among so many comparisons, and of whom nothing can be said."""
    words = []
    if counts.total:
        compared = counts.total + counts.gaps
        alone = max(1, round(compared * BY_CHANCE))
        words.append(
            f"Of {counted(compared, 'comparison')} of voice and gap, about {in_words(alone)} would leave "
            f"{'its' if alone == 1 else 'their'} 95 % interval by chance alone."
        )
    if counts.once:
        words.append(
            f"{capital(counted(counts.once, 'account'))} {plural(counts.once, 'was')} heard by one study only: a "
            "second one that hears them makes a move."
        )
    if counts.again:
        words.append(f"{capital(counted(counts.again, 'account'))} {plural(counts.again, 'was')} not heard in between.")
    return " ".join(words)


def _day(text: str, days: Sequence[date], otherwise: date, ignored: list[str]) -> date:
    if not text:
        return otherwise
    found = next((each for each in days if each.isoformat() == text), None)
    if found is None:
        ignored.append(f"No study of yours ends on “{text[:40]}”; another day is shown.")
    return found or otherwise
