"""The line of one account's health over its computations, as a drawing: places of marks, zones and words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby, pairwise

from app.core.display import number
from app.health.rules.change_words import Versions
from app.health.rules.changes import Standing
from app.health.rules.scorecard import Bands
from app.health.rules.scores import bands_for

WIDE, NARROW = (700, 240), (343, 220)
MOST_RINGS = 40
MOST_FIGURES = 8
_LEFT, _RIGHT, _TOP, _BOTTOM = 30, 46, 22, 26
_LETTER_PIXELS = 78
"""How far apart the days under the line stand at least."""

_FIGURE_PIXELS = 24
"""How far apart the figures at the rings stand at least."""


@dataclass(frozen=True)
class Zone:
    """A band behind the line, between two days."""

    band: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Ring:
    """The health of a day; `figure` is written where there is room for it."""

    x: float
    y: float
    figure: str
    label_y: float


@dataclass(frozen=True)
class Word:
    """Something written, at a place; `anchor` is how it lies there."""

    x: float
    y: float
    words: str
    anchor: str = "middle"


@dataclass(frozen=True)
class Drawing:
    """A finished drawing of this size; `lines` are points of a broken line, one for each stretch without a hole."""

    width: int
    height: int
    zones: tuple[Zone, ...]
    ticks: tuple[Word, ...]
    names: tuple[Word, ...]
    days: tuple[Word, ...]
    lines: tuple[str, ...]
    rings: tuple[Ring, ...]
    versions: tuple[Word, ...]
    plot: tuple[float, float, float, float]


def trend_drawing(
    standings: Sequence[Standing], versions: Versions, *, stage: str | None, size: tuple[int, int] = WIDE
) -> Drawing:
    """Return the line of health, the oldest day at the left; days without a score are holes in it.

    Behind it lie the bands that hold for a lifecycle stage in each scorecard version.
    """
    scale = _Scale(size, standings[0].as_of, standings[-1].as_of)
    runs = [list(run) for _, run in groupby(standings, key=lambda each: each.version_id)]
    zones = [zone for run in _stretches(runs) for zone in _zones(scale, run, versions, stage)]
    newest = bands_for(stage, versions.scorecards[standings[-1].version_id])
    stretches = [list(run) for is_known, run in groupby(standings, key=lambda one: one.score is not None) if is_known]
    return Drawing(
        width=size[0],
        height=size[1],
        zones=tuple(zones),
        ticks=tuple(Word(_LEFT - 6, scale.y(cut) + 4, number(cut), "end") for cut in _cuts(newest)),
        names=tuple(
            Word(size[0] - _RIGHT + 6, (scale.y(low) + scale.y(high)) / 2 + 4, name, "start")
            for name, low, high in _named(newest)
        ),
        days=tuple(_days(scale, standings)),
        lines=tuple(" ".join(f"{x:g},{y:g}" for x, y in map(scale.place, run)) for run in stretches if len(run) > 1),
        rings=tuple(_rings(scale, standings)),
        versions=tuple(
            Word(scale.x(run[0].as_of), _TOP - 8, f"version {versions.numbers[run[0].version_id]}") for run in runs[1:]
        ),
        plot=(_LEFT, _TOP, size[0] - _RIGHT, size[1] - _BOTTOM),
    )


def trend_label(name: str, standings: Sequence[Standing]) -> str:
    """What the drawing shows, in a sentence for those who do not see it."""
    known = [each for each in standings if each.score is not None]
    if not known:
        return f"Health of {name}: no measure had a value yet."
    lowest, highest = (pick(known, key=lambda each: each.score or 0.0) for pick in (min, max))
    return (
        f"Health of {name} from {known[0].as_of.isoformat()}, {number(known[0].score)}, to "
        f"{known[-1].as_of.isoformat()}, {number(known[-1].score)}; lowest {number(lowest.score)}, "
        f"highest {number(highest.score)}."
    )


@dataclass(frozen=True)
class _Scale:
    size: tuple[int, int]
    first: date
    last: date

    def x(self, on: date) -> float:
        inner = self.size[0] - _LEFT - _RIGHT
        if self.first == self.last:
            return _LEFT + inner / 2
        margin = 10
        share = (on - self.first) / (self.last - self.first)
        return round(_LEFT + margin + share * (inner - 2 * margin), 1)

    def y(self, score: float) -> float:
        return round(_TOP + (100 - score) / 100 * (self.size[1] - _TOP - _BOTTOM), 1)

    def place(self, standing: Standing) -> tuple[float, float]:
        return self.x(standing.as_of), self.y(standing.score or 0.0)


def _cuts(bands: Bands) -> tuple[float, ...]:
    return (0.0, bands.amber_from, bands.green_from, 100.0)


def _named(bands: Bands) -> list[tuple[str, float, float]]:
    return [
        ("Red", 0.0, bands.amber_from),
        ("Amber", bands.amber_from, bands.green_from),
        ("Green", bands.green_from, 100.0),
    ]


def _stretches(runs: Sequence[Sequence[Standing]]) -> list[tuple[int, date | None, date | None]]:
    """Each version with the days between which it held; None is the edge of the drawing."""
    starts = [None, *(run[0].as_of for run in runs[1:])]
    return [(run[0].version_id, start, end) for run, start, end in zip(runs, starts, [*starts[1:], None], strict=True)]


def _zones(
    scale: _Scale, run: tuple[int, date | None, date | None], versions: Versions, stage: str | None
) -> list[Zone]:
    version_id, start, end = run
    left = float(_LEFT) if start is None else scale.x(start)
    right = float(scale.size[0] - _RIGHT) if end is None else scale.x(end)
    return [
        Zone(name.lower(), left, scale.y(high), round(right - left, 1), round(scale.y(low) - scale.y(high), 1))
        for name, low, high in _named(bands_for(stage, versions.scorecards[version_id]))
        if high > low
    ]


def _rings(scale: _Scale, standings: Sequence[Standing]) -> list[Ring]:
    known = [each for each in standings if each.score is not None]
    turns = _turns(known)
    shown = known if len(known) <= MOST_RINGS else [each for each in known if each.computation_id in turns]
    figures = _apart(scale, shown if len(shown) <= MOST_FIGURES else [*shown[:1], *shown[-1:]])
    return [
        Ring(x, y, number(each.score) if each.computation_id in figures else "", y - 9 if y > _TOP + 14 else y + 18)
        for each in shown
        for x, y in [scale.place(each)]
    ]


def _apart(scale: _Scale, wanted: Sequence[Standing]) -> set[int]:
    """The days whose figures stand clear of each other; of two that would not, the later one is written."""
    kept: list[Standing] = []
    for each in reversed(wanted):
        if not kept or scale.x(kept[-1].as_of) - scale.x(each.as_of) >= _FIGURE_PIXELS:
            kept.append(each)
    return {each.computation_id for each in kept}


def _turns(known: Sequence[Standing]) -> set[int]:
    """The days that a crowded line marks: the first, the last, and each with another colour than the day before."""
    others = {later.computation_id for earlier, later in pairwise(known) if earlier.band != later.band}
    return others | {each.computation_id for each in (*known[:1], *known[-1:])}


def _days(scale: _Scale, standings: Sequence[Standing]) -> list[Word]:
    y = scale.size[1] - 8
    span = (scale.last - scale.first).days
    if not span:
        return [Word(scale.x(scale.first), y, _short(scale.first))]
    pixels = scale.x(scale.last) - scale.x(scale.first)
    steps = max(1, min(span, int(pixels / _LETTER_PIXELS)))
    wanted = [scale.first + timedelta(days=round(span * step / steps)) for step in range(steps + 1)]
    days = [each.as_of for each in standings]
    nearest = sorted({_nearest(days, want) for want in wanted})
    kept: list[date] = []
    for day in reversed(nearest):
        if not kept or scale.x(kept[-1]) - scale.x(day) >= _LETTER_PIXELS * 0.7:
            kept.append(day)
    return [Word(scale.x(day), y, _short(day)) for day in reversed(kept)]


def _nearest(days: Sequence[date], wanted: date) -> date:
    return min(days, key=lambda day: abs(day - wanted))


def _short(on: date) -> str:
    return f"{on.day} {on:%b}"
