"""Two arms drawn by lot inside strata: their difference, and the four verdicts on it."""

import math
from typing import Any

import numpy as np
import pytest
import statsmodels.api as sm

from app.scoring.rules.arms import tost_arms


def spread(mean: float, n: int, sd: float) -> list[float]:
    """So many scores with exactly this mean and standard deviation."""
    shape = np.linspace(-1, 1, n)
    return (mean + sd * shape / shape.std(ddof=1)).tolist()


def test_the_difference_is_the_coefficient_of_a_regression_on_arm_and_strata() -> None:
    rng = np.random.default_rng(6)
    strata = rng.integers(0, 3, 60)
    arm = rng.integers(0, 2, 60)
    y = 50 + 6 * arm + 4 * strata + rng.normal(0, 10, 60)
    found = tost_arms(y[arm == 1], y[arm == 0], strata[arm == 1], strata[arm == 0], bound=10)
    dummies = [(strata == s).astype(float) for s in range(3)]
    fit = sm.OLS(y, np.column_stack([arm, *dummies])).fit()
    assert found.difference == pytest.approx(fit.params[0])
    # The spread inside arm × stratum is that of the regression with every interaction.
    cells = np.column_stack([d * side for d in dummies for side in (arm, 1 - arm)])
    scale = sm.OLS(y, cells).fit().mse_resid
    weight = sum(1 / (1 / (arm[strata == s]).sum() + 1 / (1 - arm[strata == s]).sum()) for s in range(3))
    assert found.se == pytest.approx(math.sqrt(scale / weight))
    assert found.df == 60 - 6


def test_one_stratum_is_the_two_sample_t_test() -> None:
    from scipy.stats import ttest_ind

    a, b = spread(60, 15, 12), spread(52, 20, 9)
    expected = ttest_ind(a, b)
    found = tost_arms(a, b, ["all"] * 15, ["all"] * 20, bound=10)
    assert found.p == pytest.approx(expected.pvalue)
    interval = expected.confidence_interval(0.90)
    assert (found.lo90, found.hi90) == pytest.approx((interval.low, interval.high))


@pytest.mark.parametrize(
    ("difference", "sd", "n", "verdict"),
    [
        pytest.param(0, 10, 40, "equivalent", id="no difference, many"),
        pytest.param(4, 5, 60, "different_but_trivial", id="small and sure"),
        pytest.param(20, 10, 30, "different", id="large and sure"),
        pytest.param(5, 25, 12, "undecided", id="too few to tell"),
    ],
)
def test_four_verdicts(difference: float, sd: float, n: int, verdict: str) -> None:
    found = tost_arms(spread(50 + difference, n, sd), spread(50, n, sd), ["x"] * n, ["x"] * n, bound=10)
    assert found.verdict == verdict
    assert found.difference == pytest.approx(difference)


@pytest.mark.parametrize(
    ("first", "second", "code"),
    [
        pytest.param([], [50.0] * 12, "EMPTY", id="nobody in one arm"),
        pytest.param([], [], "EMPTY", id="nobody"),
        pytest.param([50.0], [60.0], "SINGLETON", id="one each"),
        pytest.param([50.0] * 12, [50.0] * 12, "ZERO_VAR", id="all alike"),
        pytest.param(spread(50, 9, 5), spread(55, 20, 5), "THIN", id="nine in one arm"),
    ],
)
def test_what_cannot_be_tested_says_why(first: list[float], second: list[float], code: str) -> None:
    found = tost_arms(first, second, ["x"] * len(first), ["x"] * len(second), bound=10)
    assert code in found.warnings
    assert found.p is None
    assert found.lo90 is None
    assert found.verdict is None


def test_a_stratum_with_one_arm_alone_compares_nothing_and_is_counted() -> None:
    found = tost_arms([*spread(50, 12, 5), 0.0], spread(50, 12, 5), [*["x"] * 12, "lone"], ["x"] * 12, bound=10)
    assert found.left_out == 1
    assert found.difference == pytest.approx(0)


def test_the_order_of_accounts_does_not_matter() -> None:
    a, b, order = spread(50, 12, 5), spread(55, 14, 8), np.random.default_rng(1).permutation(12)
    strata = np.array(["x", "y"] * 6)
    one = tost_arms(a, b, strata, ["x", "y"] * 7, bound=10)
    other = tost_arms(np.array(a)[order], b, strata[order], ["x", "y"] * 7, bound=10)
    assert one.difference == pytest.approx(other.difference)
    assert one.p == pytest.approx(other.p)


@pytest.mark.parametrize(
    ("values", "strata", "bound"),
    [
        pytest.param([1.0, math.nan], ["x", "x"], 10, id="no number"),
        pytest.param([1.0, math.inf], ["x", "x"], 10, id="infinite"),
        pytest.param([1.0, 2.0], ["x"], 10, id="unequal lengths"),
        pytest.param([1.0, 2.0], ["x", "x"], 0, id="no bound"),
    ],
)
def test_bad_input_is_refused(values: list[float], strata: list[str], bound: Any) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        tost_arms(values, [1.0, 2.0], strata, ["x", "x"], bound=bound)
