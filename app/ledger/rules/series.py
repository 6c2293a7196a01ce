"""Realisation of promised value over time, as text and as a drawing of 600 by 120."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.core.display import MISSING, day, percent
from app.ledger.rules.items import Item, Realised, over_time

WIDTH, HEIGHT = 600, 120


@dataclass(frozen=True)
class Point:
    """How much was realised on a day, as text, and where it is drawn; None where it cannot be said."""

    on: str
    promised: str
    delivered: str
    share: str
    x: float
    y: float | None


@dataclass(frozen=True)
class Series:
    """Realisation over time in one unit."""

    title: str
    name: str
    points: list[Point]
    line: str
    sentence: str
    full: float


def series_of(items: Sequence[Item], unit: Any, today: date) -> Series:
    """Realisation in a unit, point by point, as text and as places of a drawing."""
    found = over_time(items, unit, today)
    top = max([100.0, *(each.percent for _, each in found if each.percent is not None)])
    step = WIDTH / max(len(found) - 1, 1)
    points = [_point(on, it, step * place, top) for place, (on, it) in enumerate(found)]
    drawn = [f"{each.x:.1f},{each.y:.1f}" for each in points if each.y is not None]
    last = found[-1][1]
    return Series(
        title=f"{percent_of(last)} of what was promised in {unit_name(last)} has arrived"
        if last.percent is not None
        else f"How much is realised in {unit_name(last)} cannot be said yet",
        name=unit_name(last),
        points=points,
        line=" ".join(drawn) if len(drawn) > 1 else "",
        sentence=last.sentence,
        full=HEIGHT * (1 - 100 / top),
    )


def _point(on: date, it: Realised, x: float, top: float) -> Point:
    y = None if it.percent is None else HEIGHT * (1 - it.percent / top)
    return Point(day(on), it.unit.words(it.promised), it.unit.words(it.delivered), percent_of(it), x, y)


def unit_name(it: Realised) -> str:
    """What is counted, in words."""
    return (it.unit.name or "money") if it.unit.is_money else it.unit.name


def percent_of(it: Realised) -> str:
    """How much of what was promised has arrived; a dash where that cannot be said."""
    return MISSING if it.percent is None else percent(it.percent / 100)
