"""Answers on 0–100, the half rule, percentiles and reliability."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.scoring.rules.scales import (
    cronbach_alpha,
    dimension_score,
    dimension_scores,
    mcdonald_omega,
    midrank_percentiles,
    to_100,
)

QUICK = settings(max_examples=50, deadline=None)


@pytest.mark.parametrize(
    ("answer", "low", "high", "reverse", "score"),
    [
        pytest.param(9, 0, 10, False, 90, id="an NPS item"),
        pytest.param(1, 1, 7, True, 100, id="an effort item, reversed"),
        pytest.param(0, 0, 1, False, 0, id="no"),
        pytest.param(0.5, 0, 1, False, 50, id="partly"),
    ],
)
def test_to_100(answer: float, low: float, high: float, reverse: bool, score: float) -> None:
    assert to_100(answer, low, high, reverse=reverse) == score
    assert type(to_100(np.float64(answer), low, high)) is float


@pytest.mark.parametrize(
    ("answer", "low", "high"), [(6, 1, 5), (0, 1, 5), (math.nan, 1, 5), (math.inf, 1, 5), (1, 1, 1), (3, 5, 1)]
)
def test_to_100_refuses(answer: float, low: float, high: float) -> None:
    with pytest.raises(ValueError, match=r".+"):
        to_100(answer, low, high)


@pytest.mark.parametrize(
    ("items", "score"),
    [
        pytest.param([40, 60], 50, id="all answered"),
        pytest.param([40, None], 40, id="exactly half counts"),
        pytest.param([40, None, None], None, id="less than half"),
        pytest.param([40, 80, None], 60, id="two of three"),
        pytest.param([None], None, id="unanswered"),
        pytest.param([], None, id="nothing applicable"),
    ],
)
def test_the_half_rule(items: list[float | None], score: float | None) -> None:
    assert dimension_score(items) == score


def test_a_score_that_is_no_number_is_refused() -> None:
    with pytest.raises(ValueError, match="finite"):
        dimension_score([math.nan, 3])


@given(rows=st.lists(st.lists(st.none() | st.floats(0, 100), min_size=4, max_size=4), min_size=1, max_size=8))
@QUICK
def test_columns_follow_the_half_rule_row_by_row(rows: list[list[float | None]]) -> None:
    matrix = np.array(rows, dtype=np.float64)
    expected = [dimension_score(row) for row in rows]
    assert dimension_scores(matrix) == [None if e is None else pytest.approx(e) for e in expected]


def test_items_never_put_to_a_respondent_do_not_count_against_them() -> None:
    matrix = np.array([[80.0, np.nan, np.nan], [80.0, np.nan, np.nan]])
    asked = np.array([[True, True, False], [True, True, True]])
    assert dimension_scores(matrix, asked) == [80.0, None]


def test_dimension_scores_refuse_another_shape() -> None:
    with pytest.raises(ValueError, match="matrix"):
        dimension_scores(np.zeros((2, 2)), np.ones((2, 3), dtype=np.bool_))


@pytest.mark.parametrize(
    ("values", "percentiles"),
    [
        pytest.param([], [], id="nothing"),
        pytest.param([7], [50], id="one"),
        pytest.param([3, 1, 2, 4], [62.5, 12.5, 37.5, 87.5], id="input order stays"),
        pytest.param([5, 5, 9], [100 / 3, 100 / 3, 250 / 3], id="ties share their rank"),
    ],
)
def test_midrank_percentiles(values: list[float], percentiles: list[float]) -> None:
    assert midrank_percentiles(values) == pytest.approx(percentiles)


@given(values=st.lists(st.integers(0, 9), min_size=1, max_size=30))
@QUICK
def test_midranks_are_scipys_average_ranks(values: list[int]) -> None:
    from scipy.stats import rankdata

    assert midrank_percentiles(values) == pytest.approx((100 * (rankdata(values) - 0.5) / len(values)).tolist())


SIX = [[1, 2], [2, 3], [3, 3], [4, 5], [5, 4], [6, 6]]


@pytest.mark.parametrize(
    ("items", "n", "warnings"),
    [
        pytest.param([], 0, ["EMPTY"], id="nobody"),
        pytest.param([[1, 2, 3]], 1, ["SINGLETON"], id="one respondent"),
        pytest.param([[1, None], [None, 2]], 0, ["EMPTY"], id="nobody complete"),
        pytest.param([[x] for x in range(40)], 40, [], id="one item"),
        pytest.param([[x, 5] for x in range(40)], 40, ["ZERO_VAR"], id="one item with variance"),
        pytest.param([[x, -x] for x in range(40)], 40, ["ZERO_VAR"], id="items that cancel out"),
        pytest.param([[x, -x, 7] for x in range(40)], 40, ["ZERO_VAR"], id="cancel out beside a constant"),
    ],
)
def test_alpha_that_is_not_estimable(items: list[Any], n: int, warnings: list[str]) -> None:
    alpha = cronbach_alpha(items)
    assert (alpha.alpha, alpha.lo, alpha.hi, alpha.n, alpha.warnings) == (None, None, None, n, warnings)
    assert mcdonald_omega(items) is None


def test_two_items_give_spearman_brown() -> None:
    r = float(np.corrcoef(np.array(SIX).T)[0, 1])
    alpha = cronbach_alpha(SIX)
    assert alpha.alpha == pytest.approx(2 * r / (1 + r))
    assert mcdonald_omega(SIX) == pytest.approx(2 * r / (1 + r))
    assert (alpha.method, alpha.warnings) == ("spearman_brown", ["THIN"])


def test_incomplete_rows_are_left_out_and_constant_items_dropped() -> None:
    with_gaps = [[*row, 7] for row in SIX] + [[9, None, 7]]
    assert cronbach_alpha(with_gaps).alpha == cronbach_alpha(SIX).alpha
    assert cronbach_alpha(with_gaps).warnings == ["ZERO_VAR", "THIN"]


def test_an_item_that_runs_against_the_others_is_pointed_out() -> None:
    items = [[1, 6, 2], [2, 5, 1], [3, 3, 6], [4, 2, 5], [5, 2, 4], [6, 1, 3]]
    alpha = cronbach_alpha(items)
    assert alpha.alpha is not None
    assert alpha.alpha < 0
    assert alpha.warnings == ["THIN", "check_reversal"]


@pytest.mark.parametrize("items", [[[1, 2], [1]], [[1, math.nan], [2, 3]]])
def test_reliability_refuses(items: list[Any]) -> None:
    for method in (cronbach_alpha, mcdonald_omega):
        with pytest.raises(ValueError, match=r".+"):
            method(items)


@given(seed=st.integers(0, 2**32 - 1), factor=st.floats(0.1, 10), shift=st.floats(-50, 50))
@settings(max_examples=15, deadline=None)
def test_reliability_knows_no_unit_and_no_order(seed: int, factor: float, shift: float) -> None:
    random = np.random.default_rng(seed)
    items = random.normal(50, 10, (40, 1)) + random.normal(0, 10, (40, 5))
    other = random.permutation(items * factor + shift)
    assert cronbach_alpha(other).alpha == pytest.approx(cronbach_alpha(items).alpha)
    assert mcdonald_omega(other) == pytest.approx(mcdonald_omega(items), abs=1e-4)
