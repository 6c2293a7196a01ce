"""What weighs and how it is rated: importance, its correction, the grid, and gaps by topic."""

import math
from typing import Any

import numpy as np
import pytest

from app.scoring.rules.analyses.drivers import (
    corrected,
    dimension_gaps,
    importance,
    is_shown_below,
    quadrants,
    reliability_of,
    service_accounts,
)
from app.scoring.rules.estimates import Estimate
from app.scoring.rules.plain import plain
from app.scoring.rules.scales import Reliability

RNG = np.random.default_rng(8)
INTENT = RNG.normal(60, 15, 80)


def estimate(value: float | None, reach: float | None = 1.0, *codes: str) -> Estimate:
    """An estimate with an interval of so much to either side."""
    ends = (None, None) if value is None or reach is None else (value - reach, value + reach)
    return Estimate(value, None, *ends, 0.95, 40, 40.0, "test", list(codes))


def test_importance_is_the_rank_correlation_with_the_outcome_strongest_first() -> None:
    columns = {
        "renewal_intent": INTENT,
        "support": INTENT + RNG.normal(0, 5, 80),
        "company": RNG.normal(60, 15, 80),
        "recommendation": INTENT,
    }
    found = importance(columns, {})
    rows = found["renewal_intent"]
    assert [row["dimension"] for row in rows] == ["support", "company"]
    assert rows[0]["p_adjusted"] < 0.01 < rows[1]["p_adjusted"]
    assert "overall_sentiment" not in found


@pytest.mark.parametrize(
    "column",
    [
        pytest.param(np.full(80, np.nan), id="nobody"),
        pytest.param(np.where(np.arange(80) < 9, INTENT, np.nan), id="nine accounts"),
        pytest.param(np.full(80, 50.0), id="all alike"),
    ],
)
def test_what_cannot_be_correlated_is_null(column: Any) -> None:
    row = plain(importance({"renewal_intent": INTENT, "support": column}, {}))["renewal_intent"][0]
    assert row["estimate"]["value"] is None
    assert row["estimate"]["warnings"]
    assert row["p_adjusted"] is None


def test_the_correction_divides_by_the_root_of_the_reliability() -> None:
    noisy = INTENT + RNG.normal(0, 30, 80)
    found = corrected(noisy, INTENT, Reliability(0.64, 0.5, 0.75, 60))
    raw = float(np.corrcoef(noisy, INTENT)[0, 1])
    assert found.value == pytest.approx(raw / 0.8)


@pytest.mark.parametrize(
    ("reliability", "code"),
    [
        pytest.param(None, "ONE_ITEM", id="one question"),
        pytest.param(Reliability(0.8, 0.7, 0.9, 29), "THIN", id="29 respondents"),
        pytest.param(Reliability(-0.1, -0.5, 0.3, 60), "ZERO_VAR", id="negative alpha"),
        pytest.param(Reliability(None, None, None, 60), "ZERO_VAR", id="no alpha"),
    ],
)
def test_without_a_reliability_nothing_is_corrected(reliability: Reliability | None, code: str) -> None:
    found = corrected(INTENT, INTENT + 1, reliability)
    assert found.value is None
    assert found.warnings == [code]


def test_a_corrected_correlation_stays_a_correlation() -> None:
    found = corrected(INTENT + RNG.normal(0, 1, 80), INTENT, Reliability(0.4, 0.2, 0.6, 60))
    assert found.value == 1.0
    assert found.hi == 1.0


@pytest.mark.parametrize(
    ("items", "n"),
    [
        pytest.param(np.full((5, 1), 50.0), None, id="one question"),
        pytest.param(np.column_stack([INTENT, np.full(80, np.nan)]), None, id="one that anybody answered"),
        pytest.param(np.array([[1.0, 2.0], [np.nan, 1.0]]), 1, id="one complete row"),
        pytest.param(np.column_stack([INTENT, INTENT + 1]), 80, id="two questions"),
    ],
)
def test_reliability_needs_two_questions(items: Any, n: int | None) -> None:
    found = reliability_of(items)
    assert (None if found is None else found.n) == n


def test_gaps_are_the_topic_less_what_health_leads_to_expect() -> None:
    expected = np.where(np.arange(80) < 60, 60.0, np.nan)
    columns = {"support": expected - 20 + np.resize([2.0, -2.0], 80), "company": expected + np.resize([9.0, -9.0], 80)}
    low, level = dimension_gaps(columns, expected)
    assert (low["dimension"], low["n"], low["large"]) == ("support", 60, 60)
    assert low["mean"] == pytest.approx(-20)
    assert is_shown_below(low)
    assert not is_shown_below(level)


@pytest.mark.parametrize(
    ("said", "expected", "mean", "code"),
    [
        pytest.param([], [], None, "EMPTY", id="nobody"),
        pytest.param([40.0], [60.0], -20, "SINGLETON", id="one account"),
        pytest.param([40.0] * 9, list(range(50, 59)), -14, "THIN", id="nine accounts"),
        pytest.param([40.0] * 12, [60.0] * 12, -20, "ZERO_VAR", id="all alike, constant health"),
        pytest.param([math.nan] * 3, [60.0] * 3, None, "EMPTY", id="all not applicable"),
    ],
)
def test_a_gap_of_few_has_no_test(said: list[float], expected: list[float], mean: float | None, code: str) -> None:
    found = plain(dimension_gaps({"support": np.array(said)}, np.array(expected)))[0]
    assert found["mean"] == (None if mean is None else pytest.approx(mean))
    assert code in found["warnings"]
    assert found["p"] is None
    assert not is_shown_below(found)


def test_accounts_far_off_are_listed_by_service() -> None:
    expected = np.array([80.0, 80, 80, np.nan])
    found = service_accounts({"support": np.array([60.0, 70, 95, 10]), "company": expected - 50}, expected)
    assert [(row["position"], row["gap"]) for row in found] == [(0, -20.0), (2, 15.0)]


@pytest.mark.parametrize(
    ("rated", "weighs", "corner", "is_firm"),
    [
        pytest.param(estimate(30), estimate(0.9, 0.05), "concentrate_here", True, id="heavy and low"),
        pytest.param(estimate(90), estimate(0.9, 0.05), "keep_up", True, id="heavy and high"),
        pytest.param(estimate(30), estimate(0.1, 0.05), "low_priority", True, id="light and low"),
        pytest.param(estimate(90), estimate(0.1, 0.05), "possible_overkill", True, id="light and high"),
        pytest.param(estimate(30, 40), estimate(0.9, 0.05), "concentrate_here", False, id="an interval over the line"),
        pytest.param(estimate(30, None), estimate(0.9, 0.05), "concentrate_here", False, id="no interval"),
        pytest.param(estimate(30, 1, "THIN"), estimate(0.9, 0.05), "concentrate_here", False, id="too few"),
    ],
)
def test_corners_of_the_grid(rated: Estimate, weighs: Estimate, corner: str, *, is_firm: bool) -> None:
    others = {"a": (estimate(60), estimate(0.5)), "b": (estimate(60), estimate(0.5))}
    performance = {"x": rated, **{name: pair[0] for name, pair in others.items()}}
    weight = {"x": weighs, **{name: pair[1] for name, pair in others.items()}}
    place = quadrants(performance, weight)["places"][0]
    assert (place["quadrant"], place["is_firm"]) == (corner, is_firm)


def test_two_topics_are_no_grid() -> None:
    found = quadrants(
        {"a": estimate(1), "b": estimate(2), "c": estimate(None)}, {"a": estimate(0.1), "b": estimate(0.2)}
    )
    assert found == {"cuts": None, "places": []}
