"""A points curve as a small drawing: where its line runs, in the drawing's own units."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from app.health.rules.editing import number_in

WIDTH, HEIGHT = 320, 120
_MARGIN = 0.1


@dataclass(frozen=True)
class Curve:
    """The line of a curve (`line`), its corners, the heights of the two bands' cuts, and its ends in words."""

    line: str
    corners: list[tuple[float, float]]
    amber_y: float
    green_y: float
    low: str
    high: str


def curve_of(points: Sequence[Sequence[str]], amber: str, green: str) -> Curve | None:
    """The drawing of a curve as it was typed; None as long as it cannot be drawn.

    Left and right the line is held at its ends, as scores are.
    """
    pairs = [(number_in(x), number_in(y)) for x, y in points]
    known = [(x, y) for x, y in pairs if x is not None and y is not None]
    if not known or len(known) < len(pairs) or any(b[0] <= a[0] for a, b in pairwise(known)):
        return None
    low, high = known[0][0], known[-1][0]
    span = (high - low) or 1.0
    corners = [(round(WIDTH * (_MARGIN + (1 - 2 * _MARGIN) * (x - low) / span), 1), _height(y)) for x, y in known]
    whole = [(0.0, corners[0][1]), *corners, (float(WIDTH), corners[-1][1])]
    cuts = (number_in(amber) or 0.0, number_in(green) or 0.0)
    return Curve(
        " ".join(f"{x:g},{y:g}" for x, y in whole), corners, _height(cuts[0]), _height(cuts[1]), f"{low:g}", f"{high:g}"
    )


def _height(points: float) -> float:
    return round(HEIGHT * (1 - min(max(points, 0.0), 100.0) / 100), 1)
