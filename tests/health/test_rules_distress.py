"""The parts of the distress index: goalposts and the composite, at their edges."""

import math
from typing import Any

import pytest

from app.health.rules.distress import composite, goalpost


@pytest.mark.parametrize(
    ("value", "low", "high", "log", "score"),
    [
        pytest.param(5, 0, 10, False, 0.5, id="half-way"),
        pytest.param(-3, 0, 10, False, 0.0, id="below the low post"),
        pytest.param(99, 0, 10, False, 1.0, id="above the high post"),
        pytest.param(0, 0, 10, False, 0.0, id="on the low post"),
        pytest.param(-5, -10, 0, False, 0.5, id="negative posts"),
        pytest.param(10, 1, 100, True, 0.5, id="half-way by logarithms"),
        pytest.param(0, 1, 100, True, 0.0, id="nothing at all, by logarithms"),
    ],
)
def test_goalposts(value: float, low: float, high: float, log: bool, score: float) -> None:
    assert goalpost(value, low, high, log_scale=log) == pytest.approx(score)


@pytest.mark.parametrize(
    ("scores", "weights", "index"),
    [
        pytest.param([], None, None, id="nothing"),
        pytest.param([None, None], None, None, id="all absent"),
        pytest.param([0.2, None, 0.6], None, 0.4, id="absent ones leave the rest"),
        pytest.param([0.2, None, 0.6], [3, 5, 1], 0.3, id="weights of those present"),
        pytest.param([0.2, 0.6], [0, 1], 0.6, id="a weight of nothing"),
        pytest.param([0.2, None], [0, 1], None, id="no weight is left"),
        pytest.param([0.7], None, 0.7, id="one"),
        pytest.param([0, 0], None, 0, id="zero is a score"),
    ],
)
def test_the_composite(scores: Any, weights: Any, index: float | None) -> None:
    assert composite(scores, weights) == (None if index is None else pytest.approx(index))


REFUSED = {
    "a value that is NaN": lambda: goalpost(math.nan, 0, 1),
    "an infinite post": lambda: goalpost(1, 0, math.inf),
    "posts that do not rise": lambda: goalpost(1, 1, 1),
    "posts that fall": lambda: goalpost(1, 2, 1),
    "a log scale from nothing": lambda: goalpost(1, 0, 1, log_scale=True),
    "weights of another length": lambda: composite([1, 2], [1]),
    "a negative weight": lambda: composite([1], [-1]),
    "a weight that is NaN": lambda: composite([1], [math.nan]),
    "a score that is NaN": lambda: composite([math.nan]),
    "an infinite score": lambda: composite([math.inf, 1]),
}


@pytest.mark.parametrize("call", REFUSED.values(), ids=REFUSED.keys())
def test_bad_input_is_refused(call: Any) -> None:
    with pytest.raises(ValueError, match=r".+"):
        call()
