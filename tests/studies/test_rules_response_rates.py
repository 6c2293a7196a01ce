"""AAPOR's rates and the χ² of respondents against the sample."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.studies.rules.response_rates import chi_square, response_rates

NAMES = ("complete", "partial", "refusal", "non_contact", "other", "unknown_household", "unknown_other", "ineligible")
NOBODY = dict.fromkeys(NAMES, 0)


def test_cooperation_refusal_and_contact() -> None:
    counts = dict(zip(NAMES, (4, 2, 1, 1, 1, 1, 1, 1), strict=True))
    rates = response_rates(**counts)
    assert (rates.coop1, rates.ref1, rates.con1) == pytest.approx((4 / 8, 1 / 11, 8 / 11))


@pytest.mark.parametrize(
    ("counts", "nulls"),
    [
        pytest.param({}, {"rr1", "rr2", "rr3", "rr4", "rr5", "rr6", "coop1", "ref1", "con1", "e"}, id="nobody"),
        pytest.param({"ineligible": 3}, {"rr1", "rr2", "rr3", "rr4", "rr5", "rr6", "coop1", "ref1", "con1"}, id="NE"),
        pytest.param({"unknown_other": 3}, {"rr3", "rr4", "rr5", "rr6", "coop1", "e"}, id="only unknown"),
        pytest.param({"non_contact": 3}, {"coop1"}, id="nobody contacted"),
    ],
)
def test_a_denominator_of_nothing_gives_nothing(counts: dict[str, int], nulls: set[str]) -> None:
    rates = vars(response_rates(**NOBODY | counts))
    assert {name for name, rate in rates.items() if rate is None} == nulls


def test_a_given_e_is_used() -> None:
    rates = response_rates(**NOBODY | {"complete": 4, "unknown_household": 8}, e=0.5)
    assert (rates.rr1, rates.rr3, rates.e) == (4 / 12, 0.5, 0.5)


@pytest.mark.parametrize(
    "change", [{"complete": -1}, {"other": math.nan}, {"refusal": math.inf}, {"e": 1.2}, {"e": math.nan}]
)
def test_response_rates_refuse(change: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        response_rates(**{**NOBODY, **change})


@given(counts=st.lists(st.integers(0, 500), min_size=8, max_size=8), factor=st.floats(0.5, 8))
@settings(max_examples=60, deadline=None)
def test_rates_are_shares_that_keep_their_order_and_ignore_the_weights_scale(counts: list[int], factor: float) -> None:
    rates = response_rates(**dict(zip(NAMES, counts, strict=True)))
    weighted = response_rates(**{name: factor * count for name, count in zip(NAMES, counts, strict=True)})
    for name, rate in vars(rates).items():
        assert rate is None or 0 <= rate <= 1
        assert vars(weighted)[name] == (None if rate is None else pytest.approx(rate))
    for lower, higher in (("rr1", "rr2"), ("rr1", "rr3"), ("rr3", "rr5"), ("rr3", "rr4")):
        low, high = vars(rates)[lower], vars(rates)[higher]
        assert low is None or high is None or low <= high + 1e-12


@pytest.mark.parametrize(
    ("table", "warning"),
    [
        pytest.param([[3, 4]], "ZERO_VAR", id="one row"),
        pytest.param([[3, 0], [4, 0]], "ZERO_VAR", id="one column used"),
        pytest.param([[0, 0], [0, 0]], "EMPTY", id="nobody"),
    ],
)
def test_a_table_in_which_nothing_can_differ(table: list[list[int]], warning: str) -> None:
    test = chi_square(table)
    assert (test.chi2, test.p, test.cramers_v, test.warnings) == (None, None, None, [warning])


def test_unused_categories_are_left_out() -> None:
    assert chi_square([[3, 0, 4], [5, 0, 1], [0, 0, 0]]) == chi_square(np.array([[3, 4], [5, 1]]))


@pytest.mark.parametrize("table", [[[1, 2], [3]], [[1, -2], [3, 4]], [[math.nan, 2], [3, 4]], [1, 2]])
def test_chi_square_refuses(table: list[list[float]]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        chi_square(table)
