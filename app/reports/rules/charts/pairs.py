"""Telemetry and voice of several groups: ring, dot, the line between, and the difference with its interval."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.core.display import interval, number, signed
from app.reports.rules.charts.base import (
    NARROW,
    WIDE,
    Chart,
    Layer,
    Spec,
    at,
    frame,
    gridlines,
    layer,
    scale,
    secondary,
    tick_labels,
    words,
)
from app.reports.rules.theme import HEALTH, SURFACE, VOICE
from app.reports.rules.words import shortened

_SCORES = (0.0, 100.0)


@dataclass(frozen=True)
class Pair:
    """One row: telemetry (ring) and voice (dot) on 0-100, their difference in points with its interval, and n."""

    name: str
    ring: float
    dot: float
    difference: float
    lo: float | None
    hi: float | None
    n: int

    @property
    def ends(self) -> str:
        """The interval of the difference; empty where there is none."""
        return interval(self.lo, self.hi, signed)


def pairs_chart(key: str, title: str, subtitle: str, rows: Sequence[Pair], *, source: str) -> Chart:
    """A row per group."""
    return Chart(
        key=key,
        title=title,
        subtitle=subtitle,
        label="; ".join(f"{r.name}: telemetry {number(r.ring)}, voice {number(r.dot)}" for r in rows),
        wide=_spec(rows, WIDE),
        narrow=_spec(rows, NARROW),
        source=source,
        columns=("Group", "Telemetry", "Voice", "Voice minus telemetry", "95 % interval", "n"),
        rows=[(r.name, number(r.ring), number(r.dot), signed(r.difference), r.ends or "–", number(r.n)) for r in rows],
    )


def _spec(rows: Sequence[Pair], width: int) -> Spec:
    is_tight = width < WIDE
    step, left, right, bottom = (44, 6, 108, 22) if is_tight else (34, 170, 128, 22)
    height, plot = step * len(rows), width - left - right
    ticks = [(float(t), number(t)) for t in (0, 25, 50, 75, 100)]
    values = [_value(r, step * i + (30 if is_tight else 17)) for i, r in enumerate(rows)]
    layers = [
        *gridlines([t for t, _ in ticks], _SCORES, height=height, width=plot),
        tick_labels(ticks, _SCORES, y=height + 12),
        *(one for row in values for one in [*_bar(row), *_words(row, left, plot, is_tight=is_tight)]),
    ]
    return frame(width, height + bottom, layers, left=left, right=right, bottom=bottom)


def _value(row: Pair, y: float) -> dict[str, Any]:
    return {
        "name": shortened(row.name, 24),
        "note": f"n = {number(row.n)}",
        "ring": row.ring,
        "dot": row.dot,
        "gap": signed(row.difference),
        "ends": row.ends,
        "y": y,
    }


def _bar(row: Mapping[str, Any]) -> list[Layer]:
    y, rows = at(row["y"]), [row]
    ring = {"type": "point", "shape": "circle", "filled": True, "fill": SURFACE, "stroke": HEALTH}
    ring |= {"strokeWidth": 2, "size": 64}
    dot = {"type": "point", "shape": "circle", "filled": True, "color": VOICE, "size": 85}
    line = {"type": "rule", "color": HEALTH, "strokeWidth": 3}
    return [
        layer(line, rows, x=scale("dot", _SCORES), x2={"field": "ring"}, y=y),
        layer(ring, rows, x=scale("ring", _SCORES), y=y),
        layer(dot, rows, x=scale("dot", _SCORES), y=y),
    ]


def _words(row: Mapping[str, Any], left: int, plot: int, *, is_tight: bool) -> list[Layer]:
    """The group's name and n beside the bar, on a phone above it; the difference in figures at the end."""
    rows, y = [row], row["y"]
    if is_tight:
        names = [
            layer(
                words(fontWeight=600),
                [{**row, "t": f"{row['name']}, {row['note']}"}],
                x=at(0),
                y=at(y - 17),
                text={"field": "t"},
            )
        ]
    else:
        names = [
            layer(words(fontWeight=600), rows, x=at(-left), y=at(y - 6), text={"field": "name"}),
            layer(secondary(fontSize=10.5), rows, x=at(-left), y=at(y + 8), text={"field": "note"}),
        ]
    return [
        *names,
        layer(words(fontWeight=700, align="right"), rows, x=at(plot + 38), y=at(y), text={"field": "gap"}),
        layer(secondary(), rows, x=at(plot + 44), y=at(y), text={"field": "ends"}),
    ]
