"""Estimates as dots on pale bars around a line of reference: differences, correlations and changes."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.core.display import NBSP, interval, number, signed
from app.core.words import listed
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
from app.reports.rules.theme import INK_2, SUNKEN, SURFACE, VOICE
from app.reports.rules.words import shortened

_STEP = 40
_LEFT = {WIDE: 210, NARROW: 128}
_RIGHT = 48


@dataclass(frozen=True)
class Dot:
    """One estimate: its name, a smaller line below it, value and interval; a ring where it is descriptive alone."""

    name: str
    note: str
    value: float
    lo: float | None = None
    hi: float | None = None
    is_ring: bool = False


@dataclass(frozen=True)
class Ruler:
    """How the horizontal scale reads: its ends, its ticks, and how a figure and a tick are shown on it.

    `zone` is shaded and named: between its ends a figure is too small to matter.
    """

    domain: tuple[float, float]
    ticks: Sequence[float]
    show: Callable[[float], str]
    show_tick: Callable[[float], str]
    zone: tuple[float, float] | None = None
    zone_name: str = ""


def points_ruler(rows: Sequence[Dot], *, zone: float | None = None, zone_name: str = "") -> Ruler:
    """A scale of differences in points around 0, wide enough for every interval."""
    ends = [abs(end) for row in rows for end in (row.value, row.lo, row.hi) if end is not None]
    most = max(20.0, math.ceil(max(ends, default=0.0) / 10) * 10.0)
    step = most / 2
    shaded = None if zone is None else (-zone, zone)
    return Ruler((-most, most), [-most, -step, 0.0, step, most], _tenths, signed, shaded, zone_name)


def correlation_ruler(rows: Sequence[Dot]) -> Ruler:
    """A scale of correlations, from 0 where none of them and of their intervals lies below."""
    lows = [row.value if row.lo is None else row.lo for row in rows]
    ticks = [-1.0, -0.5, 0.0, 0.5, 1.0] if min(lows, default=0.0) < 0 else [0.0, 0.25, 0.5, 0.75, 1.0]
    return Ruler((ticks[0], 1.0), ticks, _hundredths, _hundredths)


def _tenths(value: float) -> str:
    return signed(value, 1)


def _hundredths(value: float) -> str:
    return number(value, 2)


def dots_chart(
    *, key: str, title: str, subtitle: str, rows: Sequence[Dot], ruler: Ruler, level: str = "95", source: str = ""
) -> Chart:
    """One row per estimate, in the order given."""
    return Chart(
        key=key,
        title=title,
        subtitle=subtitle,
        label=f"{title}. " + listed([_said(row, ruler) for row in rows]) + ".",
        wide=_spec(rows, ruler, WIDE),
        narrow=_spec(rows, ruler, NARROW),
        source=source,
        columns=("Figure", "Estimate", f"{level}{NBSP}% interval"),
        rows=[(row.name, ruler.show(row.value), interval(row.lo, row.hi, _shown(ruler)) or "–") for row in rows],
    )


def _shown(ruler: Ruler) -> Callable[[Any], str]:
    return ruler.show


def _said(row: Dot, ruler: Ruler) -> str:
    ends = interval(row.lo, row.hi, _shown(ruler))
    return f"{row.name} {ruler.show(row.value)}" + (f" ({ends})" if ends else "")


def _spec(rows: Sequence[Dot], ruler: Ruler, width: int) -> Spec:
    left, bottom, top = _LEFT[width], 22, 18 if ruler.zone else 4
    height, plot = _STEP * len(rows), width - _LEFT[width] - _RIGHT
    values = [_value(row, _STEP * (i + 0.5), ruler, 34 if width == WIDE else 20) for i, row in enumerate(rows)]
    layers = [
        *_zone(ruler, height, is_tight=width == NARROW),
        *gridlines(ruler.ticks, ruler.domain, height=height, width=plot),
        tick_labels([(tick, ruler.show_tick(tick)) for tick in ruler.ticks], ruler.domain, y=height + 12),
        *_names(values, left),
        *_dots(values, ruler),
    ]
    return frame(width, height + bottom + top, layers, left=left, right=_RIGHT, top=top, bottom=bottom)


def _value(row: Dot, y: float, ruler: Ruler, longest: int) -> dict[str, Any]:
    lo, hi = (row.value if end is None else end for end in (row.lo, row.hi))
    low, high = ruler.domain
    return {
        "name": shortened(row.name, longest),
        "note": row.note,
        "value": row.value,
        "lo": max(lo, low),
        "hi": min(hi, high),
        "end": min(max(hi, row.value), high),
        "text": ruler.show(row.value),
        "is_ring": row.is_ring,
        "y": y,
    }


def _zone(ruler: Ruler, height: int, *, is_tight: bool) -> list[Layer]:
    if ruler.zone is None:
        return []
    row = [{"lo": ruler.zone[0], "hi": ruler.zone[1], "at": sum(ruler.zone) / 2, "t": ruler.zone_name}]
    band = {"type": "rect", "color": SUNKEN}
    name = secondary(align="center", fontSize=10 if is_tight else 10.5)
    return [
        layer(band, row, x=scale("lo", ruler.domain), x2={"field": "hi"}, y=at(0), y2=at(height)),
        layer(name, row, x=scale("at", ruler.domain), y=at(-8), text={"field": "t"}),
    ]


def _names(values: Sequence[Mapping[str, Any]], left: int) -> list[Layer]:
    return [
        layer(style, [row], x=at(-left), y=at(row["y"] + shift), text={"field": name})
        for row in values
        for name, shift, style in (
            ("name", -6 if row["note"] else 0, words(fontWeight=600)),
            ("note", 8, secondary(fontSize=10.5)),
        )
    ]


def _dots(values: Sequence[Mapping[str, Any]], ruler: Ruler) -> list[Layer]:
    layers: list[Layer] = []
    for row in values:
        y, hue = at(row["y"]), INK_2 if row["is_ring"] else VOICE
        dot = {"type": "point", "shape": "circle", "filled": True, "color": hue, "size": 80}
        if row["is_ring"]:
            dot |= {"fill": SURFACE, "stroke": hue, "strokeWidth": 2, "size": 64}
        bar = {"type": "rule", "color": hue, "strokeWidth": 4, "opacity": 0.4}
        layers += [
            layer(bar, [row], x=scale("lo", ruler.domain), x2={"field": "hi"}, y=y),
            layer(dot, [row], x=scale("value", ruler.domain), y=y),
            layer(words(fontWeight=600, dx=8), [row], x=scale("end", ruler.domain), y=y, text={"field": "text"}),
        ]
    return layers
