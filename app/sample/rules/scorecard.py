"""The scorecard of the sample, and the way back from a sub-score to a figure that earns it."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

USAGE = ((0.0, 0.0), (0.3, 40.0), (0.6, 75.0), (0.9, 100.0))
BREADTH = ((2.0, 0.0), (8.0, 50.0), (14.0, 80.0), (20.0, 100.0))
MOMENTUM = ((-1.2, 0.0), (-0.3, 45.0), (0.0, 68.0), (0.6, 100.0))
BACKLOG = ((0.0, 100.0), (1.0, 85.0), (3.0, 55.0), (6.0, 20.0), (10.0, 0.0))
RESOLUTION = ((0.5, 100.0), (3.0, 80.0), (9.0, 50.0), (30.0, 0.0))
PAYMENT = ((0.0, 100.0), (15.0, 70.0), (45.0, 25.0), (90.0, 0.0))

Points = Sequence[tuple[float, float]]


def scorecard_document() -> dict[str, Any]:
    """The scorecard in the format of scorecard.json; none of its measures is voice, so it is not circular."""
    return {
        "key": "default",
        "name": "Default scorecard",
        "measures": [
            _measure("usage", "Active users per seat", "active_users", USAGE, 30, group="adoption", per="seats"),
            _measure("breadth", "Features in use", "features_used", BREADTH, 20, group="adoption", aggregate="mean"),
            _measure(
                "momentum",
                "Trend of logins per seat",
                "logins",
                MOMENTUM,
                15,
                group="engagement",
                aggregate="slope",
                window_days=180,
                per="seats",
            ),
            _measure("backlog", "Open cases", "cases.open", BACKLOG, 15, group="support", tier="secondary"),
            _measure(
                "resolution",
                "Days to close a case",
                "cases.days_to_close",
                RESOLUTION,
                15,
                group="support",
                aggregate="mean",
                window_days=180,
            ),
            _measure(
                "payment", "Days overdue", "invoices_overdue_days", PAYMENT, 15, group="commercial", tier="secondary"
            ),
        ],
        "bands": {"amber_from": 50, "green_from": 75},
    }


def value_earning(score: float, points: Points) -> float:
    """The x at which the broken line through the points reaches the score (0–100, held at the ends)."""
    rising = sorted(((y, x) for x, y in points), key=lambda pair: pair[0])
    if score <= rising[0][0]:
        return rising[0][1]
    for (low, x_low), (high, x_high) in pairwise(rising):
        if score <= high:
            return x_low + (x_high - x_low) * (score - low) / (high - low)
    return rising[-1][1]


def _measure(
    key: str,
    name: str,
    metric: str,
    points: Points,
    weight: int,
    *,
    group: str,
    aggregate: str = "last",
    window_days: int = 90,
    per: str | None = None,
    tier: str = "primary",
) -> dict[str, Any]:
    measure = {
        "key": key,
        "name": name,
        "metric": metric,
        "aggregate": aggregate,
        "window_days": window_days,
        "points": [list(point) for point in points],
        "weight": weight,
        "group": group,
        "tier": tier,
    }
    return measure | ({"per": per} if per else {})
