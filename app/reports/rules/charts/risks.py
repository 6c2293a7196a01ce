"""How many times as often one group names something as another: dots with intervals on a scale of doublings."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.core.display import Number, interval, number
from app.reports.rules.charts.base import (
    NARROW,
    WIDE,
    Chart,
    Spec,
    at,
    frame,
    gridlines,
    interval_dots,
    layer,
    name_labels,
    scale,
    tick_labels,
)
from app.reports.rules.theme import INK
from app.reports.rules.words import shortened

_LEAST, _MOST = -4, 4
"""Doublings to either side that are drawn at most; what reaches further ends there, its figures stand in the table."""

_FRACTIONS = {-1: "½", -2: "¼", -3: "⅛"}


@dataclass(frozen=True)
class Risk:
    """One row: how many times as often, the ends of its interval, what it rests on; `is_firm` may be claimed."""

    name: str
    note: str
    value: float | None
    lo: float
    hi: float
    is_firm: bool

    @property
    def text(self) -> str:
        """The figure with its unit, or that the rest never names it."""
        return times(self.value)


def times(value: float | None) -> str:
    """How many times as often, `2.2 ×`; a dash where the other group never does."""
    return "–" if value is None else f"{number(value, 1 if value >= 1 else 2)}\u00a0×"


def risks_chart(key: str, title: str, subtitle: str, rows: Sequence[Risk], *, source: str) -> Chart:
    """A row per theme; 1 is as often as the rest."""
    drawn = [row for row in rows if row.value]
    return Chart(
        key=key,
        title=title,
        subtitle=subtitle,
        label="; ".join(f"{row.name}: {row.text}, {interval(row.lo, row.hi, _plain)}" for row in drawn),
        wide=_spec(drawn, WIDE) if drawn else None,
        narrow=_spec(drawn, NARROW) if drawn else None,
        source=source,
        empty="" if drawn else "No theme is named by both groups.",
        columns=("Theme", "Times as often", "95 % interval", "Accounts"),
        rows=[(row.name, row.text, interval(row.lo, row.hi, _plain), row.note) for row in rows],
    )


def _plain(value: Number) -> str:
    return number(value, 2)


def _spec(rows: Sequence[Risk], width: int) -> Spec:
    is_wide = width == WIDE
    step, left, right, bottom = 34, (190 if is_wide else 132), 52, 22
    height, plot = step * len(rows), width - left - right
    values = [_value(row, step * (i + 0.5)) for i, row in enumerate(rows)]
    ends = [end for row in values for end in (row["lo"], row["hi"])]
    domain = (float(math.floor(min([-1.0, *ends]))), float(math.ceil(max([1.0, *ends]))))
    ticks = [float(tick) for tick in range(int(domain[0]), int(domain[1]) + 1) if is_wide or tick % 2 == 0]
    labels = [(tick, f"{_power(int(tick))}\u00a0×") for tick in ticks]
    one = layer(
        {"type": "rule", "color": INK, "strokeWidth": 1}, [{"at": 0}], x=scale("at", domain), y=at(0), y2=at(height)
    )
    layers = [
        *gridlines([tick for tick in ticks if tick], domain, height=height, width=plot),
        one,
        tick_labels(labels, domain, y=height + 12),
        *name_labels(values, left),
        *interval_dots(values, domain),
    ]
    return frame(width, height + bottom, layers, left=left, right=right, bottom=bottom)


def _power(tick: int) -> str:
    """2 to this power, as one says it."""
    return number(2**tick) if tick >= 0 else _FRACTIONS.get(tick, f"1/{2**-tick}")


def _value(row: Risk, middle: float) -> dict[str, Any]:
    value, lo, hi = (min(max(math.log2(max(x, 1e-9)), _LEAST), _MOST) for x in (row.value or 1.0, row.lo, row.hi))
    return {
        "name": shortened(row.name, 26),
        "note": row.note,
        "value": value,
        "lo": lo,
        "hi": hi,
        "end": hi,
        "text": row.text,
        "is_ring": not row.is_firm,
        "y": middle,
    }
