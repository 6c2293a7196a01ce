"""A comparison of two ways to compute health as a page shows it: finished words, counts and bars."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.core.display import count, signed
from app.health.rules.comparing import NONE, Change, Comparison
from app.health.rules.scores import Band

BAR_WIDTH = 320
MOST_NAMED = 100


@dataclass(frozen=True)
class Segment:
    """A piece of a bar: its band, where it begins, how wide it is."""

    band: str
    x: float
    width: float


@dataclass(frozen=True)
class BandRow:
    """How many accounts a band holds before and after."""

    band: str
    before: int
    after: int


@dataclass(frozen=True)
class ToldChange:
    """One account that changes colour, and what moved it, in words."""

    crm_id: str
    name: str
    before: str | None
    after: str | None
    scores: str
    moved: str


@dataclass(frozen=True)
class Told:
    """A comparison for a page; `unnamed` counts changes of accounts that the reader may not see, or too many."""

    headline: str
    has_before: bool
    bands: list[BandRow]
    bar_before: list[Segment]
    bar_after: list[Segment]
    changes: list[ToldChange]
    unnamed: int
    insufficient: int
    silent: list[Any]


def told(comparison: Comparison, *, has_before: bool, ids: Sequence[int], names: Mapping[int, Any]) -> Told:
    """What a page shows of a comparison; `names` maps ids to (id, crm_id, name) of the accounts that may be named."""
    seen = [change for change in comparison.changes if ids[change.position] in names][:MOST_NAMED]
    silent = [names[ids[position]] for position in comparison.insufficient if ids[position] in names]
    return Told(
        headline=_headline(comparison, has_before=has_before),
        has_before=has_before,
        bands=[BandRow(band, comparison.before[band], comparison.after[band]) for band in (*map(str, Band), NONE)],
        bar_before=segments(comparison.before),
        bar_after=segments(comparison.after),
        changes=[_change(change, names[ids[change.position]]) for change in seen],
        unnamed=len(comparison.changes) - len(seen),
        insufficient=len(comparison.insufficient),
        silent=silent[:10],
    )


def segments(counts: Mapping[str, int]) -> list[Segment]:
    """Counts by band as the pieces of one bar, each as wide as its share."""
    total = sum(counts.values())
    found: list[Segment] = []
    start = 0.0
    for band, number in counts.items():
        width = BAR_WIDTH * number / total if total else 0.0
        if number:
            found.append(Segment(band, round(start, 1), round(width, 1)))
        start += width
    return found


def _headline(comparison: Comparison, *, has_before: bool) -> str:
    if not has_before:
        total = sum(comparison.after.values())
        return f"{count(total)} {'account gets' if total == 1 else 'accounts get'} a first colour"
    changes = len(comparison.changes)
    if not changes:
        return "No account changes colour"
    return f"{count(changes)} {'account changes' if changes == 1 else 'accounts change'} colour"


def _change(change: Change, row: Any) -> ToldChange:
    scores = f"{_score(change.score_before)} → {_score(change.score_after)}"
    if change.moved.cap:
        ends = "an exception caps it" if change.moved.cap == "holds" else "an exception caps it no longer"
        moved = f"{ends} ({change.moved.name})"
    elif change.moved.name is None:
        moved = "the limits of the bands; the score stayed"
    else:
        moved = f"{change.moved.name} {signed(change.moved.points, 1)}"
    return ToldChange(row[1], row[2], change.before, change.after, scores, moved)


def _score(value: float | None) -> str:
    return "none" if value is None else f"{value:.0f}"


def left_out_words(scorecard_key: str) -> str:
    """What a preview leaves out while judgement is sealed until the weights of a scorecard are published."""
    return (
        f"A round of blind rating waits for the weights of “{scorecard_key}”: until they are published this is "
        "computed without what CSMs think."
    )
