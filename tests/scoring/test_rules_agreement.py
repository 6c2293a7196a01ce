"""Agreement of two measures: limits, concordance, correlations, κ, paired gaps and adjusted p."""

import math
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.scoring.rules.agreement import (
    benjamini_hochberg,
    bland_altman,
    kappa,
    kendall,
    lin_ccc,
    paired_gap,
    pearson,
    percent_agreement,
    spearman,
    stuart_maxwell,
)
from tests.golden import golden

QUICK = settings(max_examples=50, deadline=None)
CORRELATIONS = [pearson, spearman, kendall, lin_ccc]


def test_the_rank_test_is_scipys() -> None:
    from scipy.stats import wilcoxon

    x, y = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7], [1.9, 0.8, 1.1, 0.1, 0.6, 4.4, 5.5]
    assert paired_gap(x, y).wilcoxon_p == pytest.approx(wilcoxon(x, y).pvalue)


def test_the_limits_of_agreement_have_intervals_of_their_own() -> None:
    from scipy.stats import t

    limits = bland_altman([50, 62, 48, 71, 55, 66], [47, 66, 44, 60, 58, 61])
    assert limits.limit_se is not None
    reach = t.ppf(0.975, 5) * limits.limit_se
    assert limits.lower_interval == pytest.approx((limits.lower - reach, limits.lower + reach))
    assert limits.upper_interval == pytest.approx((limits.upper - reach, limits.upper + reach))


def test_spearmans_p_is_scipys() -> None:
    from scipy.stats import spearmanr

    x, y = [1, 2, 2, 4, 5, 6, 9, 8], [2, 1, 3, 3, 7, 5, 6, 9]
    assert spearman(x, y).p == pytest.approx(spearmanr(x, y).pvalue)


@pytest.mark.parametrize("weights", [None, "linear", "quadratic", "custom"])
def test_kappa_is_statsmodels_kappa(shared: Path, weights: Any) -> None:
    from statsmodels.stats.inter_rater import cohens_kappa

    data = golden(shared, "g_weighted_kappa_cohen1968").data
    counts = np.array(data["counts"])
    matrix = np.array(data["disagreement_weights"], dtype=float)
    oracle = cohens_kappa(counts, matrix) if weights == "custom" else cohens_kappa(counts, wt=weights)
    own = kappa(counts, weights=matrix if weights == "custom" else weights)
    assert own.value == pytest.approx(float(oracle.kappa))
    assert own.se == pytest.approx(float(oracle.std_kappa))
    assert (own.lo, own.hi) == pytest.approx((float(oracle.kappa_low), float(oracle.kappa_upp)))


def test_stuart_maxwell_is_statsmodels_homogeneity(shared: Path) -> None:
    from statsmodels.stats.contingency_tables import SquareTable

    counts = np.array(golden(shared, "g_weighted_kappa_cohen1968").data["counts"])
    own, oracle = stuart_maxwell(counts), SquareTable(counts, shift_zeros=False).homogeneity()
    assert (own.chi2, own.df, own.p) == pytest.approx((oracle.statistic, oracle.df, oracle.pvalue))
    with_unused = np.pad(counts, (0, 1))
    assert stuart_maxwell(with_unused).chi2 == pytest.approx(own.chi2)
    assert stuart_maxwell([[3, 0], [0, 4]]).warnings == ["ZERO_VAR"]
    assert stuart_maxwell([[0, 0], [0, 0]]).warnings == ["EMPTY"]


@pytest.mark.parametrize("method", CORRELATIONS)
@pytest.mark.parametrize(
    ("x", "y", "warnings"),
    [
        pytest.param([], [], ["EMPTY"], id="nobody"),
        pytest.param([1], [2], ["SINGLETON"], id="one"),
        pytest.param([5] * 12, range(12), ["ZERO_VAR"], id="a constant score"),
        pytest.param(range(3), [7] * 3, ["ZERO_VAR", "THIN"], id="few and constant"),
    ],
)
def test_correlations_that_are_not_estimable(method: Any, x: Any, y: Any, warnings: list[str]) -> None:
    estimate = method(list(x), list(y))
    assert (estimate.value, estimate.se, estimate.lo, estimate.hi, estimate.p) == (None,) * 5
    assert (estimate.n, estimate.warnings) == (len(list(x)), warnings)


@pytest.mark.parametrize("method", CORRELATIONS)
@pytest.mark.parametrize("n", [2, 3, 4, 5, 12])
def test_perfect_agreement_of_few_or_many(method: Any, n: int) -> None:
    x = [10.1 * i for i in range(n)]
    estimate = method(x, x)
    assert estimate.value == 1.0
    assert estimate.lo in {None, 1.0}
    assert estimate.warnings == (["THIN"] if n < 10 else [])


def test_concordance_without_correlation_still_has_an_interval() -> None:
    ccc = lin_ccc([1, 1, 2, 2] * 3, [5, 6, 5, 6] * 3)
    assert ccc.value == pytest.approx(0)
    assert ccc.se is not None
    assert ccc.se > 0


@pytest.mark.parametrize(
    ("table", "warnings"),
    [
        pytest.param([[0, 0], [0, 0]], ["EMPTY"], id="empty"),
        pytest.param([[20, 0], [0, 0]], ["ZERO_VAR"], id="both constant"),
        pytest.param([[20, 5], [0, 0]], ["ZERO_VAR"], id="one constant"),
        pytest.param([[3, 0], [0, 0]], ["ZERO_VAR", "THIN"], id="few and constant"),
        pytest.param([[30]], ["ZERO_VAR"], id="one category"),
    ],
)
def test_kappa_that_is_not_estimable(table: Any, warnings: list[str]) -> None:
    for weights in (None, "linear"):
        estimate = kappa(table, weights=weights)
        assert (estimate.value, estimate.se, estimate.warnings) == (None, None, warnings)


def test_kappa_of_perfect_agreement() -> None:
    estimate = kappa([[6, 0], [0, 2]])
    assert (estimate.value, estimate.se, estimate.n, estimate.warnings) == (1.0, pytest.approx(0), 8, ["THIN"])


def test_paired_gaps_without_spread_have_no_test() -> None:
    nothing = paired_gap([50] * 4, [50] * 4)
    assert (nothing.mean, nothing.t, nothing.p, nothing.d_z, nothing.wilcoxon_p) == (0.0, None, None, None, None)
    assert nothing.warnings == ["ZERO_VAR"]
    assert paired_gap([0.3] * 4, [0.1] * 4).p is None
    assert (paired_gap([9], [2]).mean, paired_gap([9], [2]).warnings) == (7.0, ["SINGLETON"])
    assert (paired_gap([], []).mean, paired_gap([], []).warnings) == (None, ["EMPTY"])


@pytest.mark.parametrize(("n", "has_wilcoxon"), [(19, True), (20, False)])
def test_the_rank_test_stands_beside_small_samples_only(n: int, has_wilcoxon: bool) -> None:
    x = [float(i * i % 17) for i in range(n)]
    assert (paired_gap(x, [5.5] * n).wilcoxon_p is not None) is has_wilcoxon


def test_limits_of_agreement_at_the_edges() -> None:
    assert bland_altman([], []).warnings == ["EMPTY"]
    one = bland_altman([7], [5])
    assert (one.bias, one.sd, one.lower, one.warnings) == (2.0, None, None, ["SINGLETON"])
    shifted = bland_altman([3.3, 4.3, 5.3], [3.1, 4.1, 5.1])
    assert shifted.slope == pytest.approx(0, abs=1e-12)
    assert bland_altman([1, 3], [3, 1]).slope is None
    same = bland_altman([5.0] * 12, [2.0] * 12)
    assert (same.bias, same.sd, same.lower, same.upper, same.warnings) == (3.0, 0.0, 3.0, 3.0, ["ZERO_VAR"])


REFUSED: dict[str, Any] = {
    "lengths": lambda: pearson([1, 2], [1]),
    "NaN": lambda: spearman([1, math.nan], [1, 2]),
    "infinite": lambda: lin_ccc([1, math.inf], [1, 2]),
    "limits' lengths": lambda: bland_altman([1, 2, 3], [1, 2]),
    "gaps' lengths": lambda: paired_gap([1, 2, 3], [1, 2]),
    "p above 1": lambda: benjamini_hochberg([0.5, 1.2]),
    "p below 0": lambda: benjamini_hochberg([-0.1]),
    "no square": lambda: kappa([[1, 2, 3], [4, 5, 6]]),
    "negative counts": lambda: kappa([[1, -2], [3, 4]]),
    "unknown weights": lambda: kappa([[1, 2], [3, 4]], weights="cubic"),
    "weights of another size": lambda: kappa([[1, 2], [3, 4]], weights=[[0, 1, 2], [1, 0, 1], [2, 1, 0]]),
    "weights without disagreement": lambda: kappa([[1, 2], [3, 4]], weights=[[0, 0], [0, 0]]),
    "counts that are none": lambda: percent_agreement([[object()]]),
}


@pytest.mark.parametrize("call", REFUSED.values(), ids=REFUSED.keys())
def test_bad_input_is_refused(call: Any) -> None:
    with pytest.raises(ValueError, match=r".+"):
        call()


scores = st.lists(st.tuples(st.integers(0, 100), st.integers(0, 100)), min_size=2, max_size=25)


@given(rows=scores, order=st.randoms(use_true_random=False), shift=st.integers(-50, 50))
@QUICK
def test_order_and_a_common_shift_change_nothing(rows: list[tuple[int, int]], order: Any, shift: int) -> None:
    x, y = zip(*rows, strict=True)
    order.shuffle(rows)
    a, b = zip(*[(one + shift, other + shift) for one, other in rows], strict=True)
    for method in (*CORRELATIONS, bland_altman, paired_gap):
        first, second = asdict(method(x, y)), asdict(method(a, b))
        for name, value in first.items():
            if name in {"lower", "upper", "lower_interval", "upper_interval"} and value is not None:
                assert second[name] == pytest.approx(value, abs=1e-6)
            elif isinstance(value, float):
                assert second[name] == pytest.approx(value, abs=1e-6), (method, name)


@given(rows=scores)
@QUICK
def test_results_are_plain_finite_numbers(rows: list[tuple[int, int]]) -> None:
    x, y = np.array(rows, dtype=float).T
    for method in (*CORRELATIONS, bland_altman, paired_gap):
        for value in asdict(method(x, y)).values():
            assert type(value) in {float, int, str, list, tuple, type(None)}
            assert not isinstance(value, float) or math.isfinite(value)


@given(rows=scores)
@QUICK
def test_concordance_never_exceeds_correlation(rows: list[tuple[int, int]]) -> None:
    x, y = zip(*rows, strict=True)
    ccc, r = lin_ccc(x, y).value, pearson(x, y).value
    assert (ccc is None) is (r is None)
    assert ccc is None or r is None or abs(ccc) <= abs(r) + 1e-9


@given(p=st.lists(st.floats(0, 1), max_size=25), order=st.randoms(use_true_random=False))
@QUICK
def test_adjusted_p_keep_rank_order_and_are_statsmodels(p: list[float], order: Any) -> None:
    from statsmodels.stats.multitest import multipletests

    adjusted = benjamini_hochberg(p)
    assert adjusted == pytest.approx(list(multipletests(p, method="fdr_bh")[1]) if p else [])
    assert all(raw <= new <= 1 for raw, new in zip(p, adjusted, strict=True))
    ranked = [a for _, a in sorted(zip(p, adjusted, strict=True))]
    assert ranked == sorted(ranked)
    rows = list(zip(p, adjusted, strict=True))
    order.shuffle(rows)
    assert benjamini_hochberg([x for x, _ in rows]) == pytest.approx([a for _, a in rows])
