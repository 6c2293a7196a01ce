"""Accounts as bubbles: who is known there, how much they take part, what they say, what they pay."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from app.core.display import MISSING, count, money, number, percent
from app.core.words import label
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
    leads_to,
    scale,
    secondary,
    tick_labels,
    words,
)
from app.reports.rules.charts.quadrant import MOST_NAMED, label_heights
from app.reports.rules.theme import HEALTH, INK, LINE, RISK, STRENGTH, SURFACE
from app.reports.rules.words import shortened

MOST_BUBBLES = 300
"""Bubbles that are drawn, the largest accounts; more would neither be told apart nor load quickly."""

_SCALE = (-6.0, 106.0)
_TICKS = (0.0, 25.0, 50.0, 75.0, 100.0)
_NAMES = 178
_LETTER_FROM = 7.0
_SHIFTS = (0.0, 3.0, -3.0, 5.0, -1.5, 1.5, -5.0)


@dataclass(frozen=True)
class _Look:
    shape: str
    fill: str
    stroke: str
    letter: str
    ink: str


LOOKS: Mapping[str, _Look] = {
    "promoter": _Look("triangle-up", STRENGTH, SURFACE, "+", SURFACE),
    "passive": _Look("circle", HEALTH, SURFACE, "0", SURFACE),
    "detractor": _Look("square", RISK, SURFACE, "−", SURFACE),
    "silent": _Look("diamond", SURFACE, INK, "?", INK),
    "unsaid": _Look("circle", SURFACE, HEALTH, "", INK),
}
"""Shape and letter tell the classes apart in grey; the colours are those of the report."""


@dataclass(frozen=True)
class Bubble:
    """One account: footprint and engagement 0–100, its class, and ARR per year where it is known."""

    id: int
    crm_id: str
    name: str
    footprint: float
    engagement: float
    sentiment: str
    arr: float | None


def bubbles_chart(bubbles: Sequence[Bubble], *, title: str, currency: str | None, source: str) -> Chart:
    """The bubbles of the largest accounts, small ones on top; each leads to its account."""
    ordered = sorted(bubbles, key=lambda each: (-(each.arr or 0.0), each.id))[:MOST_BUBBLES]
    present = [name for name in LOOKS if any(each.sentiment == name for each in ordered)]
    counts = ", ".join(f"{count(sum(each.sentiment == name for each in ordered))} {name}" for name in present)
    return Chart(
        key="bubbles",
        title=title,
        subtitle="Right: footprint, the wanted people who are known. Up: engagement. Area: ARR. Both 0 to 100\u00a0%",
        label=f"{count(len(ordered))} accounts by footprint and engagement: {counts}. The table below lists them.",
        wide=_spec(ordered, present, currency, WIDE) if ordered else None,
        narrow=_spec(ordered, present, currency, NARROW) if ordered else None,
        source=source,
        empty="No account was asked anything yet, so that none has an engagement.",
        columns=("Account", "Footprint", "Engagement", "Says", "ARR"),
        rows=[
            (
                each.name,
                percent(each.footprint / 100),
                percent(each.engagement / 100),
                label(each.sentiment),
                money(each.arr, currency) if each.arr is not None else MISSING,
            )
            for each in ordered
        ],
        links={
            str(each.id): (f"/accounts/{quote(each.crm_id, safe='')}", f"{each.name}, {label(each.sentiment).lower()}")
            for each in ordered
        },
    )


def _spec(ordered: Sequence[Bubble], present: Sequence[str], currency: str | None, width: int) -> Spec:
    is_wide = width == WIDE
    right, plot_height = (_NAMES if is_wide else 10), (330 if is_wide else 260)
    plot = width - 34 - right
    most, biggest = (max((each.arr or 0.0 for each in ordered), default=0.0) or 1.0), (24.0 if is_wide else 15.0)
    places = _places(ordered)
    rows = [_row(each, places[each.id], most, biggest) for each in ordered]
    layers = [*_axes(plot, plot_height), _marks(rows), _letters(rows), *_legend(present, is_wide)]
    if is_wide:
        layers += _named(ordered[:MOST_NAMED], places, plot, plot_height, currency)
    return frame(width, plot_height + 30 + 40, layers, left=34, right=right, top=30, bottom=40)


def _places(bubbles: Sequence[Bubble]) -> dict[int, float]:
    """Where each bubble stands from left to right: those of the same footprint side by side, at most 5 points off.

    Seats are few, so that many accounts share a footprint; on one another they could not be told apart.
    """
    shifts: dict[int, float] = {}
    by_footprint: dict[float, list[Bubble]] = {}
    for each in bubbles:
        by_footprint.setdefault(round(each.footprint, 1), []).append(each)
    for same in by_footprint.values():
        for i, each in enumerate(sorted(same, key=lambda bubble: (bubble.engagement, bubble.id))):
            shifts[each.id] = _SHIFTS[i % len(_SHIFTS)] if len(same) > 1 else 0.0
    return {each.id: each.footprint + shifts[each.id] for each in bubbles}


def _row(bubble: Bubble, place: float, most: float, biggest: float) -> dict[str, Any]:
    look = LOOKS[bubble.sentiment]
    radius = max(3.0, biggest * ((bubble.arr or 0.0) / most) ** 0.5)
    return {
        "x": round(place, 1),
        "y": round(bubble.engagement, 1),
        "size": round((2 * radius) ** 2, 1),
        "shape": look.shape,
        "fill": look.fill,
        "stroke": look.stroke,
        "letter": look.letter if radius > _LETTER_FROM else "",
        "ink": look.ink,
        "to": leads_to(bubble.id),
    }


def _as_is(name: str) -> dict[str, Any]:
    return {"field": name, "type": "nominal", "scale": None, "legend": None}


def _marks(rows: Sequence[Mapping[str, Any]]) -> Layer:
    mark = {"type": "point", "filled": True, "strokeWidth": 1.5, "opacity": 0.8}
    return layer(
        mark,
        rows,
        x=scale("x", _SCALE),
        y=scale("y", _SCALE),
        size={"field": "size", "type": "quantitative", "scale": None, "legend": None},
        shape=_as_is("shape"),
        fill=_as_is("fill"),
        stroke=_as_is("stroke"),
        href={"field": "to", "type": "nominal"},
    )


def _letters(rows: Sequence[Mapping[str, Any]]) -> Layer:
    inside = [row for row in rows if row["letter"]]
    mark = words(align="center", fontWeight=700, fontSize=11, dy=0.5)
    ink = _as_is("ink")
    return layer(mark, inside, x=scale("x", _SCALE), y=scale("y", _SCALE), text={"field": "letter"}, color=ink)


def _axes(plot: int, height: int) -> list[Layer]:
    up = [{"at": tick, "t": number(tick)} for tick in _TICKS]
    lines = gridlines(_TICKS, _SCALE, axis="y", height=height, width=plot)
    lines += gridlines(_TICKS, _SCALE, axis="x", height=height, width=plot)
    title = words(fontWeight=600)
    return [
        *[_pale(each) for each in lines],
        layer(secondary(align="right"), up, x=at(-7), y=scale("at", _SCALE), text={"field": "t"}),
        tick_labels([(tick, number(tick)) for tick in _TICKS], _SCALE, y=height + 13),
        layer(
            {**title, "align": "right"}, [{"t": "Footprint, % →"}], x=at(plot), y=at(height + 31), text={"field": "t"}
        ),
        layer(title, [{"t": "↑ Engagement, %"}], x=at(-30), y=at(-22 + 10), text={"field": "t"}),
    ]


def _pale(line: Layer) -> Layer:
    return {**line, "mark": {**line["mark"], "color": LINE}}


def _legend(present: Sequence[str], is_wide: bool) -> list[Layer]:
    """Shape, letter and word of each class, in one row above the plot."""
    step, start = (88, 130) if is_wide else (64, 0)
    layers: list[Layer] = []
    for i, name in enumerate(present):
        look, x, y = LOOKS[name], start + i * step, -12 if is_wide else -26
        mark = {"type": "point", "shape": look.shape, "filled": True, "fill": look.fill, "stroke": look.stroke}
        layers += [
            layer({**mark, "size": 90, "strokeWidth": 1.5, "opacity": 1}, [{}], x=at(x), y=at(y)),
            layer(
                words(dx=9, fontSize=11 if is_wide else 9.5),
                [{"t": label(name)}],
                x=at(x),
                y=at(y),
                text={"field": "t"},
            ),
        ]
    return layers


def _named(
    largest: Sequence[Bubble], places: Mapping[int, float], plot: int, height: int, currency: str | None
) -> list[Layer]:
    """The names of the largest accounts at the right edge, each joined to its bubble by a hairline."""
    ordered = sorted(largest, key=lambda each: (-each.engagement, each.footprint, each.id))
    low, high = _SCALE
    heights = label_heights([height * (high - each.engagement) / (high - low) for each in ordered], 6, height - 6)
    rows = [
        {
            "x": places[each.id],
            "y": each.engagement,
            "end": high - (high - low) * place / height,
            "edge": high,
            "t": f"{shortened(each.name, 22)}  {money(each.arr, currency)}",
            "to": leads_to(each.id),
        }
        for each, place in zip(ordered, heights, strict=True)
    ]
    hair = {"type": "rule", "color": HEALTH, "strokeWidth": 0.6, "opacity": 0.6}
    return [
        layer(hair, rows, x=scale("x", _SCALE), y=scale("y", _SCALE), x2={"field": "edge"}, y2={"field": "end"}),
        layer(
            words(dx=5, fontSize=10.5),
            rows,
            x=at(plot),
            y=scale("end", _SCALE),
            text={"field": "t"},
            href={"field": "to", "type": "nominal"},
        ),
    ]
