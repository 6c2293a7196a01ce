"""A first scorecard to start from: every metric that was measured, from its usual low to its usual high."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

MOST_MEASURES = 8
GREEN_FROM = 75.0


@dataclass(frozen=True)
class Measured:
    """A metric of the telemetry: how many accounts have it, its lowest and highest value, and the mean where known."""

    metric: str
    accounts: int
    low: float
    high: float
    mean: float | None = None

    def curve(self, *, falls: bool = False) -> list[tuple[float, float]]:
        """A curve to start from, in which more is better, or less where it `falls`: the mean is where green begins.

        From the lowest to the highest value alone one large account would make all others red.
        """
        worst, best = (100.0, 0.0) if falls else (0.0, 100.0)
        round_means = [float(f"{self.mean:.3g}"), self.mean] if self.mean is not None else []
        middle = [(mean, GREEN_FROM) for mean in round_means if self.low < mean < self.high][:1]
        return [(self.low, worst), *middle, (self.high, best)]


def starter_scorecard(measured: Sequence[Measured]) -> dict[str, Any]:
    """A scorecard.json that takes the metrics with the most accounts, equally weighed, more being better.

    It is a place to start from and no advice: which way is good, and where good begins, only its owner knows. Without
    telemetry it counts open cases, fewer being better.
    """
    varied = sorted((m for m in measured if m.low < m.high), key=lambda m: (-m.accounts, m.metric))[:MOST_MEASURES]
    measures = [_measure(_key(m.metric), m.metric, m.metric, [list(point) for point in m.curve()]) for m in varied]
    return {
        "key": "default",
        "name": "Default scorecard",
        "measures": measures or [_measure("open_cases", "Open cases", "cases.open", [[0, 100], [10, 0]])],
        "bands": {"amber_from": 50, "green_from": GREEN_FROM},
    }


def _measure(key: str, name: str, metric: str, points: list[list[float]]) -> dict[str, Any]:
    return {"key": key, "name": name, "metric": metric, "points": points, "weight": 1}


def _key(metric: str) -> str:
    kept = "".join(c if c.isascii() and (c.isalnum() or c in "_-") else "_" for c in metric)[:60]
    return kept if kept[:1].isalpha() else f"m_{kept}"
