"""Lift of a theme among low voices, and net sentiment: edges, refusals, scipy's answers."""

import json
from dataclasses import asdict

import pytest

from app.scoring.rules.verbatims import net_sentiment, theme_lift


@pytest.mark.parametrize(
    ("compounds", "net"),
    [
        pytest.param([], None, id="nobody"),
        pytest.param([0.05, 0.9, -0.9, 0.0], 25.0, id="five hundredths are positive"),
        pytest.param([-0.05], -100.0, id="and negative"),
        pytest.param([0.04, -0.04], 0.0, id="neutral ones"),
    ],
)
def test_net_sentiment(compounds: list[float], net: float | None) -> None:
    assert net_sentiment(compounds) == net


@pytest.mark.parametrize(
    ("counts", "lift", "risk", "warnings"),
    [
        pytest.param((0, 0, 3, 9), None, None, ["EMPTY"], id="nobody is low"),
        pytest.param((3, 9, 0, 0), None, None, ["EMPTY"], id="everybody is low"),
        pytest.param((0, 5, 0, 9), None, None, ["NO_EVENTS"], id="nobody names it"),
        pytest.param((4, 8, 0, 8), 2.0, None, ["NO_EVENTS"], id="only low voices name it"),
        pytest.param((0, 8, 4, 8), 0.0, 0.0, [], id="no low voice names it"),
        pytest.param((5, 5, 5, 5), 1.0, 1.0, [], id="everybody names it"),
        pytest.param((6, 10, 4, 20), 1.8, 3.0, [], id="low voices three times as often"),
    ],
)
def test_lift(counts: tuple[int, int, int, int], lift: float | None, risk: float | None, warnings: list[str]) -> None:
    result = theme_lift(*counts)
    assert (result.lift, result.relative_risk) == (pytest.approx(lift), pytest.approx(risk))
    assert result.warnings == warnings
    if lift is None:
        assert (result.lo, result.hi, result.p) == (None, None, None)
    else:
        assert 0 < result.lo < result.hi < float("inf")
    json.dumps(asdict(result), allow_nan=False)


def test_the_interval_is_the_log_interval_and_p_is_fishers() -> None:
    from scipy.stats import fisher_exact
    from scipy.stats.contingency import relative_risk

    result = theme_lift(6, 10, 4, 20)
    interval = relative_risk(6, 10, 4, 20).confidence_interval(0.95)
    assert (result.lo, result.hi) == pytest.approx((interval.low, interval.high))
    assert result.p == pytest.approx(fisher_exact([[6, 4], [4, 16]]).pvalue)


@pytest.mark.parametrize("counts", [(-1, 5, 1, 5), (6, 5, 1, 5), (1, 5, 6, 5), (1.5, 5, 1, 5), (float("nan"), 5, 1, 5)])
def test_lift_refuses(counts: tuple[int, int, int, int]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        theme_lift(*counts)
