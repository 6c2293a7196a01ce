"""Probabilities against what happened: a dot per fifth of the accounts, with its interval, beside the line of truth."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.core.display import number, percent
from app.reports.rules.charts.base import (
    NARROW,
    WIDE,
    Chart,
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
from app.reports.rules.estimates import bare_interval
from app.reports.rules.theme import HEALTH, VOICE

_DOMAIN = (0.0, 1.0)
_TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)
_HEIGHT = 300


def reliability_chart(bins: Sequence[Mapping[str, Any]]) -> Chart:
    """Observed share of renewals against the mean probability in five bins of accounts, each with Wilson's interval."""
    rows = [
        (
            percent(each["predicted"]),
            percent(each["observed"]["value"]),
            bare_interval(each["observed"], percent),
            number(each["observed"]["n"]),
        )
        for each in bins
    ]
    told = "; ".join(f"{predicted} told, {seen} seen" for predicted, seen, _, _ in rows)
    return Chart(
        key="reliability",
        title="How often what was told came true",
        subtitle="Share that renewed against the chance told, in five bins of accounts; bar: 95 % interval (Wilson)",
        label=f"Chance of renewal and share that renewed: {told}.",
        wide=_spec(bins, WIDE, _HEIGHT),
        narrow=_spec(bins, NARROW, 280),
        source="On the dashed line, what was told came true exactly. Each account was told of by a model without it.",
        columns=("Chance told", "Share that renewed", "95 % interval", "n"),
        rows=rows,
    )


def _spec(bins: Sequence[Mapping[str, Any]], width: int, height: int) -> Spec:
    left, right, top, bottom = 42, 14, 16, 36
    plot = (width - left - right, height - top - bottom)
    points = [
        {"x": each["predicted"], "y": each["observed"]["value"], "lo": each["observed"]["lo"]}
        | {"hi": each["observed"]["hi"]}
        for each in bins
    ]
    ends = [{"x": 0.0, "y": 0.0}, {"x": 1.0, "y": 1.0}]
    line = {"type": "line", "color": HEALTH, "strokeWidth": 1.5, "strokeDash": [5, 4]}
    bar = {"type": "rule", "color": VOICE, "strokeWidth": 4, "opacity": 0.4}
    dot = {"type": "point", "shape": "circle", "filled": True, "color": VOICE, "size": 70, "opacity": 1}
    x, y = scale("x", _DOMAIN), scale("y", _DOMAIN)
    end = words(fontWeight=600, align="right")
    labels = [{"at": tick, "t": percent(tick)} for tick in _TICKS]
    return frame(
        width,
        height,
        [
            *gridlines(_TICKS, _DOMAIN, axis="y", height=plot[1], width=plot[0]),
            layer(secondary(align="right"), labels, x=at(-6), y=scale("at", _DOMAIN), text={"field": "t"}),
            layer(line, ends, x=x, y=y),
            layer(bar, points, x=x, y=scale("lo", _DOMAIN), y2={"field": "hi"}),
            layer(dot, points, x=x, y=y),
            tick_labels([(tick, percent(tick)) for tick in _TICKS], _DOMAIN, y=plot[1] + 12),
            layer(end, [{"t": "Chance told →"}], x=at(plot[0]), y=at(plot[1] + 28), text={"field": "t"}),
            layer(words(fontWeight=600), [{"t": "Renewed ↑"}], x=at(0), y=at(-8), text={"field": "t"}),
        ],
        left=left,
        right=right,
        top=top,
        bottom=bottom,
    )
