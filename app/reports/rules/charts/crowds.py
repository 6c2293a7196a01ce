"""Marks of thousands of accounts: one for all that lie within a cell too small to tell them apart."""

from collections.abc import Mapping, Sequence
from typing import Any

MANY = 2_000
"""Marks from which on those of one cell become one: more would only lie on each other, and weigh megabytes."""

CELL = 5.0
"""The sides of a cell, in points of the scale."""
WIDER = 8.0
"""The same where a scale is twice as long, and marks are rings."""

Point = Mapping[str, Any]


def thinned(points: Sequence[Point], x: str, y: str, cell: float = CELL) -> list[Point]:
    """Return the points, or of many the first in each cell; `x` and `y` name the coordinates."""
    if len(points) <= MANY:
        return list(points)
    cells: dict[tuple[float, float], Point] = {}
    for point in points:
        cells.setdefault((point[x] // cell, point[y] // cell), point)
    return list(cells.values())


def per_mark(n: int, mark: str = "mark", cell: float = CELL) -> str:
    """Return what a mark stands for where there are so many accounts."""
    return f"one {mark} per account" if n <= MANY else f"one {mark} where accounts lie within {cell:.0f} points"
