"""Voice minus health against their average (Bland & Altman 1986): how far a single account may be off."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from app.core.display import number, signed
from app.reports.rules.charts.base import (
    MOST_ROWS,
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
from app.reports.rules.charts.crowds import WIDER, per_mark, thinned
from app.reports.rules.charts.quadrant import CROWD, compared, whose
from app.reports.rules.document import Document
from app.reports.rules.estimates import value_of
from app.reports.rules.findings import counted_number, differences_title
from app.reports.rules.theme import HEALTH, SURFACE, VOICE, VOICE_PALE

_STEP = 50.0


def differences_chart(document: Document) -> Chart:
    """The differences of accounts that have both scores, their mean with its interval, and the 95 % limits."""
    rows = compared(document)
    subtitle = f"Voice minus health in points, {per_mark(len(rows), 'ring', WIDER)}, n = {number(len(rows))}"
    title = differences_title(document)
    if not rows:
        return Chart("differences", title, subtitle, "", None, empty="No account has both scores yet.")
    lines = _lines(document)
    return Chart(
        key="differences",
        title=title,
        subtitle=subtitle,
        label=f"Differences between voice and health of {counted_number(len(rows), 'account')}. "
        + " ".join(f"{line['name']} {line['text']}." for line in lines),
        wide=_spec(rows, lines, WIDE, 186, right=112),
        narrow=_spec(rows, lines, NARROW, 236, right=8),
        source=_source(document) + whose(document),
        columns=("Account", "Average of both", "Voice minus health"),
        rows=[
            (r["name"], number((r["voice"] + r["health"]) / 2), signed(r["voice"] - r["health"]))
            for r in rows[:MOST_ROWS]
        ],
        more_rows=max(0, len(rows) - MOST_ROWS),
    )


def _source(document: Document) -> str:
    bias = document["agreement"]["bias"]
    slope = document["agreement"].get("slope")
    if value_of(bias) is None or bias["lo"] is None:
        return "Scores as they are, not calibrated to one another."
    lean = "" if slope is None else f" Slope of the difference on the average: {signed(slope, 2)}."
    return (
        f"Scores as they are, not calibrated to one another. Band: 95 % interval of the mean, "
        f"{signed(bias['lo'])} to {signed(bias['hi'])}.{lean}"
    )


def _lines(document: Document) -> list[dict[str, Any]]:
    bias = document["agreement"]["bias"]
    lower, upper = document["agreement"]["limits"] or (None, None)
    named = (("Upper 95 % limit", upper), ("Mean", value_of(bias)), ("Lower 95 % limit", lower))
    return [
        {
            "name": name,
            "short": name.replace("Upper ", "").replace("Lower ", ""),
            "at": value,
            "text": signed(value),
            "is_mean": name == "Mean",
            "lo": bias["lo"],
            "hi": bias["hi"],
        }
        for name, value in named
        if value is not None
    ]


def _spec(
    rows: Sequence[Mapping[str, Any]], lines: Sequence[Mapping[str, Any]], width: int, height: int, *, right: int
) -> Spec:
    left, bottom, top = 34, 34, 6
    plot = (width - left - right, height - top - bottom)
    points = thinned(
        [{"x": (r["voice"] + r["health"]) / 2, "y": r["voice"] - r["health"]} for r in rows], "x", "y", WIDER
    )
    reach = [abs(p["y"]) for p in points] + [abs(line["at"]) for line in lines] + [_STEP]
    most = math.ceil(max(reach) / 10) * 10
    x = (min(p["x"] for p in points) // 20 * 20, 100.0)
    y = (-float(most), float(most))
    ticks = [tick for tick in (-100.0, -50.0, 0.0, 50.0, 100.0) if abs(tick) <= most]
    x_ticks = [(tick, number(tick)) for tick in range(int(x[0]), 101, 20)]
    end = words(fontWeight=600, align="right", dy=14)
    layers = [
        *gridlines(ticks, y, axis="y", height=plot[1], width=plot[0]),
        layer(
            secondary(align="right"),
            [{"at": t, "t": number(t)} for t in ticks],
            x=at(-7),
            y=scale("at", y),
            text={"field": "t"},
        ),
        *_limits(lines, y, plot, is_tight=right < 50),
        _rings(points, x, y),
        tick_labels(x_ticks, x, y=plot[1] + 12),
        layer(end, [{"t": "Average of voice and health →"}], x=at(plot[0]), y=at(plot[1] + 14), text={"field": "t"}),
    ]
    return frame(width, height, layers, left=left, right=right, top=top, bottom=bottom)


def _limits(
    lines: Sequence[Mapping[str, Any]], y: tuple[float, float], plot: tuple[int, int], *, is_tight: bool
) -> list[Layer]:
    dashed = {"type": "rule", "color": VOICE, "strokeWidth": 1.5, "strokeDash": [5, 4]}
    solid = {**dashed, "strokeDash": [1, 0]}
    mean, limits = [r for r in lines if r["is_mean"]], [r for r in lines if not r["is_mean"]]
    band = [r for r in mean if r["lo"] is not None]
    across = {"x": at(0), "x2": at(plot[0])}
    pale = {"type": "rect", "color": VOICE_PALE, "opacity": 0.45}
    return [
        layer(pale, band, y=scale("lo", y), y2={"field": "hi"}, **across),
        layer(dashed, limits, y=scale("at", y), **across),
        layer(solid, mean, y=scale("at", y), **across),
        *_line_labels(lines, y, plot, is_tight=is_tight),
    ]


def _line_labels(
    lines: Sequence[Mapping[str, Any]], y: tuple[float, float], plot: tuple[int, int], *, is_tight: bool
) -> list[Layer]:
    """What each line is: beside the plot, or on a phone above the line at its end."""
    rows = [{"at": r["at"], "t": f"{r['short']} {r['text']}"} for r in lines]
    if is_tight:
        halo = words(align="right", fontWeight=600, dy=-8, color=SURFACE, stroke=SURFACE, strokeWidth=3)
        text = words(align="right", fontWeight=600, dy=-8)
        return [layer(m, rows, x=at(plot[0]), y=scale("at", y), text={"field": "t"}) for m in (halo, text)]
    return [layer(words(), rows, x=at(plot[0] + 8), y=scale("at", y), text={"field": "t"})]


def _rings(points: Sequence[Mapping[str, float]], x: tuple[float, float], y: tuple[float, float]) -> Layer:
    ring = {
        "type": "point",
        "shape": "circle",
        "filled": False,
        "fill": SURFACE,
        "color": HEALTH,
        "size": 42,
        "strokeWidth": 1.3,
    }
    if len(points) > CROWD:
        ring |= {"filled": True, "fill": HEALTH, "size": 10, "strokeWidth": 0, "opacity": 0.4}
    values = [{"x": round(p["x"], 2), "y": round(p["y"], 2)} for p in points]
    return layer(ring, values, x=scale("x", x), y=scale("y", y))
