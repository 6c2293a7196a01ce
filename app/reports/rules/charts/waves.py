"""The voice from wave to wave: a dot per wave on its interval, placed by the day on which the wave closed."""

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import Any

from app.core.display import NBSP, day, number
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
    words,
)
from app.reports.rules.estimates import bare_interval, has_interval, on_scale, with_interval
from app.reports.rules.theme import INK_2, SURFACE, VOICE, VOICE_PALE
from app.reports.rules.words import shortened

_SCORES = (0.0, 100.0)
_HEIGHT = 230
_NEAR = 70
"""Pixels below which the names of two waves would run into one another."""

Row = Mapping[str, Any]


def waves_chart(waves: Sequence[Row], *, title: str) -> Chart:
    """The voice of each wave with its interval; a ring where it rests on other questions than the newest."""
    return Chart(
        key="waves",
        title=title,
        subtitle=f"Voice of all accounts, 0 to 100, with 95{NBSP}% interval, by the day the study closed",
        label=f"{title}. " + " ".join(f"{w['name']}: {with_interval(on_scale(w['voice']))}." for w in waves),
        wide=_spec(waves, WIDE),
        narrow=_spec(waves, NARROW),
        source="" if all(w["is_alike"] for w in waves) else "Rings: other questions stand behind these voices.",
        columns=("Wave", "Closed", "Voice", "Interval", "Accounts"),
        rows=[
            (
                w["name"],
                day(w["closes_on"]),
                number(w["voice"]["value"]),
                bare_interval(on_scale(w["voice"])),
                number(w["accounts"]),
            )
            for w in waves
        ],
    )


def _spec(waves: Sequence[Row], width: int) -> Spec:
    left, right, top, bottom = 30, 40, 14, 46
    plot = (width - left - right, _HEIGHT - top - bottom)
    rows = _placed(waves, plot)
    ticks = [0.0, 25.0, 50.0, 75.0, 100.0]
    labels = [{"at": tick, "t": number(tick)} for tick in ticks]
    layers = [
        *gridlines(ticks, _SCORES, axis="y", height=plot[1], width=plot[0]),
        layer(secondary(align="right"), labels, x=at(-7), y=scale("at", _SCORES), text={"field": "t"}),
        *_line([row for row in rows if row["is_alike"]]),
        *(each for row in rows for each in _mark(row)),
        *_names(rows, plot[1]),
    ]
    return frame(width, _HEIGHT, layers, left=left, right=right, top=top, bottom=bottom)


def _placed(waves: Sequence[Row], plot: tuple[int, int]) -> list[dict[str, Any]]:
    """The waves that have a voice, at their days, apart enough for their names to be read."""
    days = [date.fromisoformat(w["closes_on"]).toordinal() for w in waves]
    span, inner = max(days[-1] - days[0], 1), plot[0] - 80
    places = [40 + inner * (d - days[0]) / span for d in days]
    if any(b - a < _NEAR for a, b in pairwise(places)):
        places = [40 + inner * i / max(len(waves) - 1, 1) for i in range(len(waves))]
    longest = max(6, int(inner / max(len(waves) - 1, 1) / 6.5))
    return [
        _row(
            on_scale(w["voice"]),
            x,
            {"name": shortened(w["name"], longest), "day": _short(w), "is_alike": w["is_alike"]},
        )
        for w, x in zip(waves, places, strict=True)
        if w["voice"].get("value") is not None
    ]


def _row(estimate: Row, x: float, names: Row) -> dict[str, Any]:
    value = estimate["value"]
    lo, hi = (estimate["lo"], estimate["hi"]) if has_interval(estimate) else (value, value)
    return {**names, "x": x, "value": value, "lo": lo, "hi": hi, "text": number(value)}


def _short(wave: Row) -> str:
    when = date.fromisoformat(wave["closes_on"])
    return f"{when:%b} {when.year}"


def _line(rows: Sequence[Row]) -> list[Layer]:
    """Thin lines from wave to wave, between waves that rest on the same questions."""
    hair = {"type": "rule", "color": VOICE_PALE, "strokeWidth": 1.5}
    return [
        layer(
            hair,
            [{"a": one["value"], "b": two["value"]}],
            x=at(one["x"]),
            x2=at(two["x"]),
            y=scale("a", _SCORES),
            y2={"field": "b"},
        )
        for one, two in pairwise(rows)
    ]


def _mark(row: Row) -> list[Layer]:
    hue, x = VOICE if row["is_alike"] else INK_2, at(row["x"])
    dot = {"type": "point", "shape": "circle", "filled": True, "color": hue, "size": 80, "opacity": 1}
    if not row["is_alike"]:
        dot |= {"fill": SURFACE, "stroke": hue, "strokeWidth": 2, "size": 64}
    bar = {"type": "rule", "color": hue, "strokeWidth": 4, "opacity": 0.4}
    return [
        layer(bar, [row], x=x, y=scale("lo", _SCORES), y2={"field": "hi"}),
        layer(dot, [row], x=x, y=scale("value", _SCORES)),
        layer(words(fontWeight=600, dx=9), [row], x=x, y=scale("value", _SCORES), text={"field": "text"}),
    ]


def _names(rows: Sequence[Row], height: int) -> list[Layer]:
    return [
        layer(style, [row], x=at(row["x"]), y=at(height + below), text={"field": name})
        for row in rows
        for name, below, style in (
            ("name", 16, words(align="center", fontWeight=600)),
            ("day", 31, secondary(align="center", fontSize=10.5)),
        )
    ]
