"""Importance against performance: what weighs much and is rated low stands where one looks first."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.core.display import NBSP, number
from app.core.words import topic
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
from app.reports.rules.estimates import bare_interval, on_scale
from app.reports.rules.theme import INK, INK_2, SURFACE, VOICE, VOICE_PALE

QUADRANTS = {
    "concentrate_here": "Concentrate here",
    "keep_up": "Keep up",
    "low_priority": "Low priority",
    "possible_overkill": "Possible overkill",
}
"""The four corners by their names in the figures (Martilla & James 1977)."""

_HEIGHT = 330
_NAMES = 190
_LINE = 17
_ROOM = 11.5
_AROUND = ((12, 0), (-12, 0), (0, -12), (0, 12), (9, -9), (-9, -9), (9, 9), (-9, 9))

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Ruler:
    """How importance is measured up: the step of its lines, digits of lines and of figures, and what it cannot pass."""

    step: float
    digits: int
    fine: int
    most: float


CORRELATIONS = Ruler(0.2, 1, 2, 1.0)
SHARES = Ruler(5.0, 0, 1, 100.0)


def importance_chart(
    grid: Row, *, title: str, importance: str, key: str = "importance", ruler: Ruler = CORRELATIONS
) -> Chart:
    """The topics by how they are rated and by their `importance`, said in words; numbered by importance."""
    places = sorted(grid["places"], key=lambda p: (-p["importance"]["value"], p["dimension"]))
    return Chart(
        key=key,
        title=title,
        subtitle=f"{importance}; performance: 0 to 100",
        label=f"{title}. " + " ".join(f"{topic(p['dimension'])}: {_corner(p)}." for p in places),
        wide=_wide(places, grid["cuts"], ruler),
        narrow=_narrow(places, grid["cuts"], ruler),
        source=f"Lines: the means of these topics. Bars: 95{NBSP}% intervals; a filled disc lies clear of both lines.",
        columns=("Topic", "Performance", "Interval", "Importance", "Interval", "Corner"),
        rows=[
            (
                topic(p["dimension"]),
                number(p["performance"]["value"]),
                bare_interval(on_scale(p["performance"])),
                number(p["importance"]["value"], ruler.fine),
                bare_interval(p["importance"], lambda v: number(v, ruler.fine)),
                _corner(p),
            )
            for p in places
        ],
    )


def _corner(place: Row) -> str:
    name = QUADRANTS[place["quadrant"]]
    return name if place["is_firm"] else f"{name}, not for sure"


@dataclass(frozen=True)
class _Plane:
    width: int
    height: int
    x: tuple[float, float]
    y: tuple[float, float]
    cuts: Mapping[str, float]
    ruler: Ruler


def _plane(places: Sequence[Row], cuts: Mapping[str, float], ruler: Ruler, width: int, height: int) -> _Plane:
    rated = [end for p in places for end in _ends(on_scale(p["performance"]))]
    weighs = [end for p in places for end in _ends(p["importance"])]
    low, high = math.floor(min(rated) / 10) * 10.0, math.ceil(max(rated) / 10) * 10.0
    return _Plane(
        width,
        height,
        (low, high),
        (_down(min(weighs), ruler.step), min(-_down(-max(weighs), ruler.step), ruler.most)),
        cuts,
        ruler,
    )


def _down(value: float, step: float) -> float:
    return round(math.floor(value / step) * step, 6)


def _ends(estimate: Row) -> list[float]:
    return [estimate[name] for name in ("value", "lo", "hi") if estimate.get(name) is not None]


def _wide(places: Sequence[Row], cuts: Mapping[str, float], ruler: Ruler) -> Spec:
    plane = _plane(places, cuts, ruler, WIDE - 40 - _NAMES, _HEIGHT - 18 - 36)
    layers = [*_base(plane), *_marks(places, plane), *_key(places, plane.width + 16, 6.0)]
    return frame(WIDE, _HEIGHT, layers, left=40, right=_NAMES, top=18, bottom=36)


def _narrow(places: Sequence[Row], cuts: Mapping[str, float], ruler: Ruler) -> Spec:
    plane = _plane(places, cuts, ruler, NARROW - 36 - 10, 270)
    bottom = 50 + _LINE * len(places)
    layers = [*_base(plane), *_marks(places, plane), *_key(places, -20.0, plane.height + 52.0)]
    return frame(NARROW, 18 + plane.height + bottom, layers, left=36, right=10, top=18, bottom=bottom)


def _base(plane: _Plane) -> list[Layer]:
    ticks_x = _ticks(plane.x, 10.0 if plane.x[1] - plane.x[0] <= 50 else 20.0)
    ticks_y = _ticks(plane.y, plane.ruler.step)
    rows = [{"at": tick, "t": number(tick, plane.ruler.digits)} for tick in ticks_y]
    title, cut = words(fontWeight=600), {"type": "rule", "color": INK, "strokeWidth": 1}
    foot = {"type": "rule", "color": INK, "strokeWidth": 1}
    return [
        *gridlines(ticks_y, plane.y, axis="y", height=plane.height, width=plane.width),
        layer(secondary(align="right"), rows, x=at(-7), y=scale("at", plane.y), text={"field": "t"}),
        layer(foot, [{}], x=at(0), x2=at(plane.width), y=at(plane.height), y2=at(plane.height)),
        tick_labels([(tick, number(tick)) for tick in ticks_x], plane.x, y=plane.height + 13),
        layer(
            {**title, "align": "right"},
            [{"t": "Performance →"}],
            x=at(plane.width),
            y=at(plane.height + 29),
            text={"field": "t"},
        ),
        layer(title, [{"t": "↑ Importance"}], x=at(-30), y=at(-10), text={"field": "t"}),
        layer(cut, [{"at": plane.cuts["performance"]}], x=scale("at", plane.x), y=at(0), y2=at(plane.height)),
        layer(cut, [{"at": plane.cuts["importance"]}], y=scale("at", plane.y), x=at(0), x2=at(plane.width)),
        *_corners(plane),
    ]


def _ticks(domain: tuple[float, float], step: float) -> list[float]:
    first = math.ceil(domain[0] / step - 1e-9)
    return [round(step * i, 6) for i in range(first, math.floor(domain[1] / step + 1e-9) + 1)]


def _corners(plane: _Plane) -> list[Layer]:
    """The names of the corners at the four ends of the plot, first as a halo, so that bars do not disturb them."""
    left, right = {"dx": 4, "align": "left"}, {"dx": -4, "align": "right"}
    places = (
        ("concentrate_here", left, 0, 9),
        ("keep_up", right, plane.width, 9),
        ("low_priority", left, 0, plane.height - 9),
        ("possible_overkill", right, plane.width, plane.height - 9),
    )
    halo = {"color": SURFACE, "stroke": SURFACE, "strokeWidth": 4}
    return [
        layer(
            words(**{"color": INK_2, "fontWeight": 600, "fontSize": 10.5, **side, **style}),
            [{"t": QUADRANTS[name]}],
            x=at(x),
            y=at(y),
            text={"field": "t"},
        )
        for name, side, x, y in places
        for style in (halo, {})
    ]


def _marks(places: Sequence[Row], plane: _Plane) -> list[Layer]:
    rows = _numbered([_mark(p, i, plane) for i, p in enumerate(places, start=1)], plane)
    bar = {"type": "rule", "color": VOICE_PALE, "strokeWidth": 2, "opacity": 0.7}
    disc = {"type": "point", "shape": "circle", "size": 64, "opacity": 1, "filled": True, "stroke": VOICE}
    x, y = scale("x", plane.x), scale("y", plane.y)
    firm, open_ = [r for r in rows if r["is_firm"]], [r for r in rows if not r["is_firm"]]
    digit = {"align": "center", "fontWeight": 700, "fontSize": 10.5}
    halo = words(**{**digit, "color": SURFACE, "stroke": SURFACE, "strokeWidth": 3})
    return [
        layer(bar, rows, x=scale("x_lo", plane.x), x2={"field": "x_hi"}, y=y),
        layer(bar, rows, y=scale("y_lo", plane.y), y2={"field": "y_hi"}, x=x),
        layer({**disc, "fill": SURFACE, "strokeWidth": 1.5}, open_, x=x, y=y),
        layer({**disc, "fill": VOICE, "strokeWidth": 1.5}, firm, x=x, y=y),
        *(
            layer(mark, [row], x=at(row["at"][0]), y=at(row["at"][1]), text={"field": "no"})
            for row in rows
            for mark in (halo, words(**digit))
        ),
    ]


def _numbered(rows: Sequence[dict[str, Any]], plane: _Plane) -> list[dict[str, Any]]:
    """The marks, each with a place for its number beside it that covers no mark and no other number."""
    dots = [_pixels(row, plane) for row in rows]
    taken: list[tuple[float, float]] = []
    for x, y in dots:
        spots = [(x + dx * far, y + dy * far) for far in (1, 1.6, 2.4) for dx, dy in _AROUND]
        free = (s for s in spots if all(math.dist(s, other) >= _ROOM for other in [*dots, *taken]))
        taken.append(next(free, spots[0]))
    return [{**row, "at": spot} for row, spot in zip(rows, taken, strict=True)]


def _pixels(row: Mapping[str, Any], plane: _Plane) -> tuple[float, float]:
    (left, right), (low, high) = plane.x, plane.y
    return plane.width * (row["x"] - left) / (right - left), plane.height * (high - row["y"]) / (high - low)


def _mark(place: Row, position: int, plane: _Plane) -> dict[str, Any]:
    rated, weighs = on_scale(place["performance"]), place["importance"]
    ends: dict[str, float] = {}
    for name, estimate, (low, high) in (("x", rated, plane.x), ("y", weighs, plane.y)):
        value = estimate["value"]
        lo, hi = (value if estimate.get(end) is None else estimate[end] for end in ("lo", "hi"))
        ends |= {name: value, f"{name}_lo": max(lo, low), f"{name}_hi": min(hi, high)}
    return {**ends, "no": str(position), "is_firm": place["is_firm"]}


def _key(places: Sequence[Row], x: float, top: float) -> list[Layer]:
    """The names of the topics by their numbers."""
    return [
        layer(words(**style), [{"t": text}], x=at(x + shift), y=at(top + _LINE * i), text={"field": "t"})
        for i, place in enumerate(places)
        for text, shift, style in (
            (str(i + 1), 14, {"fontWeight": 700, "align": "right"}),
            (topic(place["dimension"]), 22, {"fontWeight": 600 if place["is_firm"] else 400}),
        )
    ]
