"""A first scorecard to start from: every metric that was measured, from its usual low to its usual high."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

MOST_MEASURES = 8


@dataclass(frozen=True)
class Measured:
    """A metric of the telemetry: how many accounts have it, and its lowest and highest value."""

    metric: str
    accounts: int
    low: float
    high: float


def starter_scorecard(measured: Sequence[Measured]) -> dict[str, Any]:
    """A scorecard.json that takes the metrics with the most accounts, equally weighed, more being better.

    It is a place to start from and no advice: which way is good, and where good begins, only its owner knows. Without
    telemetry it counts open cases, fewer being better.
    """
    varied = sorted((m for m in measured if m.low < m.high), key=lambda m: (-m.accounts, m.metric))[:MOST_MEASURES]
    measures = [_measure(_key(m.metric), m.metric, m.metric, [[m.low, 0], [m.high, 100]]) for m in varied]
    return {
        "key": "default",
        "name": "Default scorecard",
        "measures": measures or [_measure("open_cases", "Open cases", "cases.open", [[0, 100], [10, 0]])],
        "bands": {"amber_from": 50, "green_from": 75},
    }


def _measure(key: str, name: str, metric: str, points: list[list[float]]) -> dict[str, Any]:
    return {"key": key, "name": name, "metric": metric, "points": points, "weight": 1}


def _key(metric: str) -> str:
    kept = "".join(c if c.isascii() and (c.isalnum() or c in "_-") else "_" for c in metric)[:60]
    return kept if kept[:1].isalpha() else f"m_{kept}"
