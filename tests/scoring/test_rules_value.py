"""The value gap: domains with adjusted p, importance, and the share of the promise that is realised."""

import math
from typing import Any

import numpy as np
import pytest

from app.scoring.rules.agreement import benjamini_hochberg, paired_gap
from app.scoring.rules.value import domain_gaps, realisation, weighted_gap

RANDOM = np.random.default_rng(5)
PROMISED = RANDOM.uniform(50, 90, 15)
DELIVERED = {"economic": PROMISED - 9 + RANDOM.normal(0, 8, 15), "emotional": PROMISED + RANDOM.normal(0, 8, 15)}


def test_p_is_adjusted_over_the_domains_that_have_a_test() -> None:
    gaps = domain_gaps({name: (row, PROMISED) for name, row in DELIVERED.items()} | {"community": ([50], [60])})
    plain = [paired_gap(row, PROMISED).p for row in DELIVERED.values()]
    assert [gaps[name].p_adjusted for name in DELIVERED] == pytest.approx(benjamini_hochberg(plain))
    assert gaps["economic"].gap.mean < 0
    assert (gaps["community"].gap.mean, gaps["community"].p_adjusted) == (-10, None)
    assert domain_gaps({}) == {}


@pytest.mark.parametrize(
    ("gaps", "importance", "weighted"),
    [
        pytest.param([-20, 10, 0], [50, 30, 20], -7.0, id="by importance"),
        pytest.param([-20, None, 0], [50, 30, 20], None, id="a domain that matters is missing"),
        pytest.param([-20, None, 0], [50, 0, 50], -10.0, id="a domain that does not matter is missing"),
        pytest.param([5], [100], 5.0, id="one domain"),
        pytest.param([0, 0], [40, 60], 0.0, id="no gap is a gap of 0"),
    ],
)
def test_the_weighted_gap(gaps: Any, importance: Any, weighted: float | None) -> None:
    assert weighted_gap(gaps, importance) == weighted


@pytest.mark.parametrize(
    ("delivered", "promised", "value", "warnings"),
    [
        pytest.param([], [], None, ["EMPTY"], id="nobody"),
        pytest.param([40], [80], 50, ["SINGLETON", "THIN"], id="one account"),
        pytest.param([5, 9], [10, 20], None, ["THIN"], id="hardly any promise"),
        pytest.param([0, 40], [0, 40], 100, ["THIN"], id="a promise of 20 on average"),
        pytest.param([90, 10], [30, 50], 125, ["THIN"], id="a ratio of sums, above 100"),
        pytest.param([60] * 12, [80] * 12, 75, [], id="all the same"),
    ],
)
def test_realisation(delivered: Any, promised: Any, value: float | None, warnings: list[str]) -> None:
    estimate = realisation(delivered, promised)
    assert (estimate.value, estimate.warnings) == (None if value is None else pytest.approx(value), warnings)
    assert (estimate.se is None) is (value is None or len(promised) == 1)


def test_the_standard_error_of_a_ratio_is_that_of_its_residuals() -> None:
    got, due = DELIVERED["economic"], PROMISED
    estimate = realisation(got, due)
    ratio = got.sum() / due.sum()
    residuals = got - ratio * due
    assert estimate.se == pytest.approx(100 * residuals.std(ddof=1) / due.mean() / math.sqrt(15))


REFUSED = {
    "importance of another sum": lambda: weighted_gap([1, 2], [50, 40]),
    "negative importance": lambda: weighted_gap([1, 2], [110, -10]),
    "importance of another length": lambda: weighted_gap([1], [50, 50]),
    "a gap that is NaN": lambda: weighted_gap([math.nan], [100]),
    "scores of unequal length": lambda: realisation([1], [1, 2]),
    "a score above 100": lambda: realisation([101], [50]),
    "a promise that is NaN": lambda: realisation([50], [math.nan]),
    "domains of unequal length": lambda: domain_gaps({"a": ([1], [1, 2])}),
}


@pytest.mark.parametrize("call", REFUSED.values(), ids=REFUSED.keys())
def test_bad_input_is_refused(call: Any) -> None:
    with pytest.raises(ValueError, match=r".+"):
        call()
