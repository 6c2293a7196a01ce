"""The page of one account's health over time: its finding, the line, the changes worth a look, and every day."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from app.core.display import MISSING, day, number, signed
from app.core.words import capital, counted
from app.health.rules.change_words import ChangeLine, Versions, change_line, is_worth_telling
from app.health.rules.changes import Change, Standing, change_between
from app.health.rules.days import month_before
from app.health.rules.trend import NARROW, Drawing, trend_drawing, trend_label

MOST_CHANGES = 40
MOST_ROWS = 100


@dataclass(frozen=True)
class DayRow:
    """One day in the table under the line."""

    when: str
    score: str
    band: str | None
    moved: str
    version: str


@dataclass(frozen=True)
class TrendPage:
    """What the page shows; `wide` and `narrow` are None while there is no line to draw."""

    title: str
    lede: str
    label: str
    wide: Drawing | None
    narrow: Drawing | None
    changes: tuple[ChangeLine, ...]
    changes_title: str
    quiet: str
    rows: tuple[DayRow, ...]
    rows_left: int
    score: str
    band: str | None


def trend_page(name: str, standings: Sequence[Standing], versions: Versions, *, stage: str | None) -> TrendPage:
    """Return the page of an account from how it stood, the oldest first."""
    changes = [change_between(*pair, versions.scorecards) for pair in pairwise(standings)]
    told = [each for each in reversed(changes) if is_worth_telling(each)]
    is_drawn = len(standings) > 1 and any(each.score is not None for each in standings)
    last = standings[-1] if standings else None
    rows = _rows(standings, changes, versions)
    return TrendPage(
        title=_title(name, standings),
        lede=_lede(standings),
        label=trend_label(name, standings),
        wide=trend_drawing(standings, versions, stage=stage) if is_drawn else None,
        narrow=trend_drawing(standings, versions, stage=stage, size=NARROW) if is_drawn else None,
        changes=tuple(change_line(each, versions) for each in told[:MOST_CHANGES]),
        changes_title=f"{capital(counted(len(told), 'change'))} worth a look" if told else "No change worth a look",
        quiet=_quiet(len(changes) - len(told), max(len(told) - MOST_CHANGES, 0)),
        rows=tuple(rows[:MOST_ROWS]),
        rows_left=max(len(rows) - MOST_ROWS, 0),
        score=MISSING if last is None or last.score is None else number(last.score),
        band=last.band if last else None,
    )


def _title(name: str, standings: Sequence[Standing]) -> str:
    if not standings:
        return f"No health of {name} was computed yet"
    last = standings[-1]
    if last.score is None:
        return f"Too little signal to say how {name} is"
    if len(standings) == 1:
        return f"Health of {name} is {number(last.score)}, on its first day"
    before = standings[month_before([each.as_of for each in standings])]
    if before.score is None:
        return f"Health of {name} is {number(last.score)}"
    moved = round(last.score) - round(before.score)
    since = f"since {day(before.as_of)}"
    if not moved:
        return f"Health of {name} is {number(last.score)}, as it was on {day(before.as_of)}"
    return f"Health of {name} {'rose' if moved > 0 else 'fell'} to {number(last.score)}, {signed(moved)} {since}"


def _lede(standings: Sequence[Standing]) -> str:
    if not standings:
        return "Health comes from a scorecard and from what is measured. As soon as both are there, a day stands here."
    if len(standings) == 1:
        return (
            "One computation is a place, no line. The next one, on another day, starts it: from then on each change "
            "stands here with the measures that moved."
        )
    first = standings[0]
    return (
        f"{capital(counted(len(standings), 'day'))} since {day(first.as_of)}. Each change says which measure moved the "
        "score and by how much; the parts sum to the change."
    )


def _quiet(small: int, left: int) -> str:
    words = []
    if left:
        words.append(f"{capital(counted(left, 'older change'))} stand in the table of days alone.")
    if small:
        words.append(f"Between {counted(small, 'other pair')} of days the score moved by less than a point.")
    return " ".join(words)


def _rows(standings: Sequence[Standing], changes: Sequence[Change], versions: Versions) -> list[DayRow]:
    moves = [MISSING, *(MISSING if each.moved is None else signed(each.moved, 1) for each in changes)]
    return [
        DayRow(
            when=day(each.as_of),
            score=MISSING if each.score is None else number(each.score, 1),
            band=each.band,
            moved=moved,
            version=number(versions.numbers[each.version_id]),
        )
        for each, moved in zip(reversed(standings), reversed(moves), strict=False)
    ]
