"""Estimates for a part of the portfolio: equal to the stratum's where it is one, and adding up where they share it."""

import numpy as np
import pytest
from scipy import stats

from app.scoring.rules.accounts import Drawn
from app.scoring.rules.domains import domain_mean, domain_total, welch
from app.scoring.rules.estimates import stratified_mean
from app.scoring.rules.inputs import FloatArray

VALUES: FloatArray = np.array([10.0, 20, 30, 40, 55, 60, 70, 75, 80, 95, 90, np.nan])
STRATA = ["a"] * 6 + ["b"] * 6


def drawn(strata: list[str] = STRATA, **sizes: int) -> Drawn:
    n = len(strata)
    return Drawn(list(range(n)), strata, sizes or {"a": 30, "b": 12}, np.ones(n), np.ones(n), ["amber"] * n)


def test_a_domain_that_is_a_stratum_has_the_strata_s_own_mean_and_error() -> None:
    found = domain_mean(drawn(), VALUES, np.array([s == "a" for s in STRATA]))
    alone = stratified_mean(VALUES[:6], ["a"] * 6, {"a": 30})
    assert found.value == pytest.approx(alone.value)
    assert found.se == pytest.approx(alone.se)
    assert (found.lo, found.hi) == pytest.approx((alone.lo, alone.hi))
    assert found.n == 6


def test_the_whole_portfolio_is_its_own_domain() -> None:
    found, known = domain_mean(drawn(), VALUES, np.ones(12, dtype=bool)), ~np.isnan(VALUES)
    whole = stratified_mean(VALUES[known], ["a"] * 6 + ["b"] * 5, {"a": 30, "b": 12})
    assert found.value == pytest.approx(whole.value)
    assert found.se == pytest.approx(whole.se)


def test_a_domain_across_strata_is_linearised() -> None:
    inside = np.array([i % 2 == 0 for i in range(12)])
    found = domain_mean(drawn(), VALUES, inside)
    # By hand: weights 5 (30/6) and 12/5; z = w(y − ŷ)/Σw inside, 0 outside; Σ(1 − f) n/(n − 1) Σ(z − z̄)².
    y, w = VALUES[:11], np.array([5.0] * 6 + [2.4] * 5)
    member = inside[:11]
    mean = (w * y)[member].sum() / w[member].sum()
    z = np.where(member, w * (y - mean) / w[member].sum(), 0)
    variance = sum(
        (1 - len(part) / size) * len(part) / (len(part) - 1) * np.square(part - part.mean()).sum()
        for part, size in ((z[:6], 30), (z[6:], 12))
    )
    assert found.value == pytest.approx(mean)
    assert found.se == pytest.approx(np.sqrt(variance))


def test_totals_of_domains_add_up() -> None:
    inside = np.array([i % 3 == 0 for i in range(12)])
    ours, others = domain_total(drawn(), VALUES, inside), domain_total(drawn(), VALUES, ~inside)
    whole = domain_total(drawn(), VALUES, np.ones(12, dtype=bool))
    assert (ours.value or 0) + (others.value or 0) == pytest.approx(whole.value)


@pytest.mark.parametrize(
    ("members", "value", "code"),
    [([], None, "EMPTY"), ([11], None, "EMPTY"), ([0], 10.0, "SINGLETON"), ([0, 1], 15.0, "THIN")],
)
def test_small_domains_say_why_they_have_no_interval(members: list[int], value: float | None, code: str) -> None:
    found = domain_mean(drawn(), VALUES, np.isin(np.arange(12), members))
    assert found.value == value
    assert found.lo is None
    assert code in found.warnings


def test_a_domain_of_a_census_has_no_sampling_error() -> None:
    found = domain_mean(drawn(a=6, b=6), np.nan_to_num(VALUES), np.arange(12) < 6)
    assert (found.se, found.lo, found.hi) == (0, found.value, found.value)


def test_welch_is_scipy_s() -> None:
    x, y = [1.0, 4, 6, 9, 12], [10.0, 11, 12, 30]
    found, theirs = welch(x, y), stats.ttest_ind(x, y, equal_var=False)
    assert found is not None
    assert found.p == pytest.approx(theirs.pvalue)
    assert (found.lo, found.hi) == pytest.approx(tuple(theirs.confidence_interval()))


def test_groups_without_spread_or_members_have_no_test() -> None:
    alike = welch([5.0] * 4, [7.0] * 3)
    assert alike is not None
    assert (alike.difference, alike.p) == (-2.0, None)
    assert welch([1.0], [1.0, 2.0]) is None
