"""What somebody wants to be told of: which accounts, which moves of their health."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.core.errors import Refusal
from app.core.words import counted, listed

MOST_POINTS = 100
PROPOSED_POINTS = 10
WEEK = 7
"""Days over which a fall is counted."""


class Extent(StrEnum):
    """Which accounts an alert is about."""

    ACCOUNT = "account"
    MINE = "mine"
    ALL = "all"


class Told(StrEnum):
    """What an alert tells."""

    SILENCE = "silence"
    COLOUR = "colour"
    FALL = "fall"


@dataclass(frozen=True)
class Wish:
    """Which moves are told; `falls_by` is in points within a week, None where falls are not told."""

    extent: Extent
    colour: bool
    falls_by: int | None
    silence: bool

    @property
    def words(self) -> str:
        """The wish as it stands in a sentence: `changes colour or falls by 10 points within a week`."""
        kinds = [
            *(["changes colour"] if self.colour else []),
            *([f"falls by {counted(self.falls_by, 'point')} or more within a week"] if self.falls_by else []),
            *(["loses its signal"] if self.silence else []),
        ]
        return listed(kinds).replace(" and ", " or ")


@dataclass(frozen=True)
class Seen:
    """The health of an account now and in the computation before, and where each of the two had been a week earlier.

    `earlier_week` is None where the computation before lies more than a week back, so that a fall begins anew.
    """

    score: float | None
    band: str | None
    before: float | None
    before_band: str | None
    week: float | None
    earlier_week: float | None


def told_of(wish: Wish, seen: Seen) -> tuple[Told, ...]:
    """Return what a wish is told of a move; nothing where it is not what was wanted.

    A fall is told when it passes the wanted points, and each multiple of them, on the day on which the score falls: who
    loses a point a day is told once, not each day.
    """
    told = []
    if wish.silence and seen.before is not None and seen.score is None:
        told.append(Told.SILENCE)
    if wish.colour and seen.band and seen.before_band and seen.band != seen.before_band:
        told.append(Told.COLOUR)
    if wish.falls_by and _falls(seen, wish.falls_by):
        told.append(Told.FALL)
    return tuple(told)


def checked_wish(values: Mapping[str, str]) -> Wish:
    """Return what a form asks for; Refusal with the field where it is unclear."""
    extent = values.get("extent", "")
    if extent not in set(Extent):
        raise Refusal("Choose which accounts the alert is about.", "extent")
    wish = Wish(
        extent=Extent(extent),
        colour=bool(values.get("colour")),
        falls_by=_points(values.get("points", "")) if values.get("falls") else None,
        silence=bool(values.get("silence")),
    )
    if not (wish.colour or wish.falls_by or wish.silence):
        raise Refusal("Choose at least one thing to be told of.", "kinds")
    return wish


def _falls(seen: Seen, points: int) -> bool:
    if seen.score is None or seen.before is None or seen.score >= seen.before:
        return False
    level = _level(seen.before if seen.week is None else seen.week, seen.score, points)
    return level > (0 if seen.earlier_week is None else _level(seen.earlier_week, seen.before, points))


def _level(high: float, low: float, points: int) -> int:
    # A fall of exactly the wanted points counts, whatever noise a sum carries.
    return max(int((high - low + 1e-9) // points), 0)


def _points(text: str) -> int:
    text = text.strip()
    is_whole = text.isascii() and text.isdigit() and len(text) < 4
    if not is_whole or not 1 <= int(text) <= MOST_POINTS:
        raise Refusal(f"Enter by how many points, a whole number from 1 to {MOST_POINTS}.", "points")
    return int(text)
