"""What charts share: the frame of a specification, a table of the same numbers, and a few kinds of layer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.core.display import count
from app.reports.rules.theme import CONFIG, HEALTH, INK, INK_2, LINE, SURFACE, VOICE

Spec = dict[str, Any]
Layer = dict[str, Any]
Values = Sequence[Mapping[str, Any]]

WIDE = 652
NARROW = 343
HALF = 316
MOST_ROWS = 100
"""Rows of a chart's table on a page."""


@dataclass(frozen=True)
class Chart:
    """A chart: its finding, what it measures, a sentence for those who do not see it, and its drawings.

    `wide` is for sheets and screens, `narrow` for phones; where both are None, `empty` says why nothing is drawn.
    `columns` and `rows` are the table of the same numbers. `links` maps the keys of marks that lead somewhere (see
    `leads_to`) to their address and name. `more_rows` counts what `rows` leaves out, where thousands would be written
    for nobody.
    """

    key: str
    title: str
    subtitle: str
    label: str
    wide: Spec | None
    narrow: Spec | None = None
    source: str = ""
    empty: str = ""
    columns: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()
    links: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    more_rows: int = 0

    @property
    def shown_rows(self) -> Sequence[Sequence[str]]:
        """The rows that a page shows; a table of thousands belongs into the data file."""
        return self.rows[:MOST_ROWS]

    @property
    def rows_note(self) -> str:
        """What the shown rows leave out; empty where they are all."""
        left = len(self.rows) + self.more_rows - MOST_ROWS
        return f"{count(left)} more rows stand in the data file." if left > 0 else ""


def frame(
    width: int, height: int, layers: Sequence[Layer], *, left: int = 0, right: int = 0, top: int = 0, bottom: int = 0
) -> Spec:
    """A specification of exactly this outer size; the plot is what the four margins leave."""
    return {
        "width": width - left - right,
        "height": height - top - bottom,
        "autosize": "none",
        "padding": {"left": left, "right": right, "top": top, "bottom": bottom},
        "config": CONFIG,
        "layer": list(layers),
    }


def layer(mark: Mapping[str, Any], values: Values, **encoding: Any) -> Layer:
    """A layer of marks over its own rows."""
    return {"mark": dict(mark), "data": {"values": [dict(row) for row in values]}, "encoding": encoding}


PLACEHOLDER = "https://mark.invalid/"
"""Begins the address of a mark in a specification; drawings put the chart's link in its place."""


def leads_to(key: Any) -> str:
    """What a mark's `href` is for the link of this key."""
    return f"{PLACEHOLDER}{key}"


def scale(field_name: str, domain: Sequence[float], axis: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """A quantitative channel on a fixed domain; without an axis none is drawn."""
    return {
        "field": field_name,
        "type": "quantitative",
        "scale": {"domain": list(domain), "nice": False, "zero": False},
        "axis": None if axis is None else dict(axis),
        "title": None if axis is None else axis.get("title"),
    }


def at(pixel: float) -> dict[str, Any]:
    """A channel fixed at a pixel of the plot."""
    return {"value": pixel}


def words(**style: Any) -> dict[str, Any]:
    """A text mark in the ink of the page; `style` overrides."""
    return {"type": "text", "align": "left", "baseline": "middle", "color": INK, "fontSize": 11, **style}


def secondary(**style: Any) -> dict[str, Any]:
    """A text mark in the ink of lesser things."""
    return words(color=INK_2, **style)


def gridlines(
    ticks: Sequence[float], domain: Sequence[float], *, axis: str = "x", height: float, width: float
) -> list[Layer]:
    """Hairlines at the ticks; zero, where the domain passes through it, in ink."""
    rows = [{"at": tick} for tick in ticks]
    zero = [row for row in rows if row["at"] == 0 and domain[0] < 0]
    channel = scale("at", domain)
    span = {"y": at(0), "y2": at(height)} if axis == "x" else {"x": at(0), "x2": at(width)}
    hair = {"type": "rule", "color": LINE, "strokeWidth": 1}
    lines = [layer(hair, [row for row in rows if row not in zero], **{axis: channel}, **span)]
    return [*lines, layer({**hair, "color": INK}, zero, **{axis: channel}, **span)] if zero else lines


def tick_labels(ticks: Sequence[tuple[float, str]], domain: Sequence[float], *, y: float) -> Layer:
    """The labels of a horizontal axis at a height of the plot."""
    rows = [{"at": tick, "label": text} for tick, text in ticks]
    return layer(secondary(align="center"), rows, x=scale("at", domain), y=at(y), text={"field": "label"})


def name_labels(values: Values, left: int) -> list[Layer]:
    """The name of each row in the margin at the left of the plot, and its note below."""
    return [
        layer(style, [row], x=at(-left), y=at(row["y"] + shift), text={"field": name})
        for row in values
        for name, shift, style in (("name", -6, words(fontWeight=600)), ("note", 8, secondary(fontSize=10.5)))
    ]


def interval_dots(values: Values, domain: Sequence[float]) -> list[Layer]:
    """A dot, or a ring where `is_ring`, at each value, its interval as a bar, and its text behind the `end`."""
    layers: list[Layer] = []
    for row in values:
        y, hue = at(row["y"]), HEALTH if row["is_ring"] else VOICE
        dot = {"type": "point", "shape": "circle", "filled": True, "color": hue, "size": 80}
        if row["is_ring"]:
            dot |= {"fill": SURFACE, "stroke": HEALTH, "strokeWidth": 2, "size": 64}
        bar = {"type": "rule", "color": hue, "strokeWidth": 4, "opacity": 0.4}
        layers += [
            layer(bar, [row], x=scale("lo", domain), x2={"field": "hi"}, y=y),
            layer(dot, [row], x=scale("value", domain), y=y),
            layer(words(fontWeight=600, dx=8), [row], x=scale("end", domain), y=y, text={"field": "text"}),
        ]
    return layers
