"""Equivalence of pairs and intraclass correlation: verdicts, edges, refusals, and statsmodels' answers."""

import json
import math
from dataclasses import asdict
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.scoring.rules.agreement import icc, paired_gap, tost_paired
from app.scoring.rules.modes import pairs_for_power

QUICK = settings(max_examples=40, deadline=None)


def spread_around(mean: float, sd: float, n: int = 40) -> Any:
    d = np.random.default_rng(1).normal(size=n)
    return mean + sd * (d - d.mean()) / d.std(ddof=1)


@pytest.mark.parametrize(
    ("mean", "sd", "n", "verdict"),
    [
        pytest.param(0, 15, 40, "equivalent", id="no difference, and narrow"),
        pytest.param(4, 5, 40, "different_but_trivial", id="a difference that does not matter"),
        pytest.param(20, 15, 40, "different", id="a difference that does"),
        pytest.param(5, 40, 40, "undecided", id="not significant is not the same"),
        pytest.param(9, 12, 40, "different", id="different, and the bound not excluded"),
        pytest.param(-4, 5, 40, "different_but_trivial", id="the other way round"),
    ],
)
def test_the_four_verdicts(mean: float, sd: float, n: int, verdict: str) -> None:
    d = spread_around(mean, sd, n)
    test = tost_paired(50 + d, [50] * n, 10)
    assert (test.verdict, test.warnings) == (verdict, [])
    assert (verdict in {"equivalent", "different_but_trivial"}) is (max(test.p_lower, test.p_upper) < 0.05)
    assert (verdict in {"different", "different_but_trivial"}) is (test.p < 0.05)


@given(seed=st.integers(0, 2**32 - 1), bound=st.floats(0.5, 30))
@QUICK
def test_equivalence_is_statsmodels(seed: int, bound: float) -> None:
    from statsmodels.stats.weightstats import ttost_paired

    x, y = np.random.default_rng(seed).normal(60, 15, (2, 25))
    p, (_, lower, df), (_, upper, _) = ttost_paired(x, y, -bound, bound)
    test = tost_paired(x, y, bound)
    assert (test.p_lower, test.p_upper, test.df) == pytest.approx((lower, upper, df), rel=1e-9, abs=1e-300)
    assert max(test.p_lower, test.p_upper) == pytest.approx(p)
    gap = paired_gap(x, y)
    assert (test.difference, test.p) == pytest.approx((gap.mean, gap.p))


@pytest.mark.parametrize(
    ("x", "y", "difference", "warnings"),
    [
        pytest.param([], [], None, ["EMPTY"], id="nobody"),
        pytest.param([70], [60], 10, ["SINGLETON"], id="one pair"),
        pytest.param([50] * 3, [50] * 3, 0, ["ZERO_VAR", "THIN"], id="all the same"),
        pytest.param(range(5, 17), range(12), 5, ["ZERO_VAR"], id="a constant difference"),
    ],
)
def test_equivalence_that_is_not_estimable(x: Any, y: Any, difference: float | None, warnings: list[str]) -> None:
    test = tost_paired(list(x), list(y), 10)
    assert (test.difference, test.warnings) == (difference, warnings)
    assert (test.p_lower, test.p_upper, test.lo90, test.hi90, test.verdict) == (None,) * 5


def test_few_pairs_are_descriptive_only() -> None:
    test = tost_paired([50, 53, 49, 51], [50, 52, 51, 50], 10)
    assert (test.verdict, test.warnings) == ("equivalent", ["THIN"])


@pytest.mark.parametrize(("sd", "n"), [(15, 25), (20, 44), (0, 0)])
def test_pairs_for_ninety_per_cent_power(sd: float, n: int) -> None:
    assert pairs_for_power(sd, 10) == n


@given(seed=st.integers(0, 2**32 - 1), n=st.integers(2, 12), k=st.integers(2, 5), shift=st.floats(-100, 100))
@QUICK
def test_icc_follows_its_definitions_and_knows_no_origin(seed: int, n: int, k: int, shift: float) -> None:
    table = np.random.default_rng(seed).normal(50, 15, (n, k))
    rows, columns = table.mean(axis=1), table.mean(axis=0)
    residual = table - rows[:, None] - columns + table.mean()
    bms, wms = k * rows.var(ddof=1), table.var(axis=1, ddof=1).mean()
    jms, ems = n * columns.var(ddof=1), (residual**2).sum() / (n - 1) / (k - 1)
    result = icc(table)
    assert result.icc_1_1 == pytest.approx((bms - wms) / (bms + (k - 1) * wms))
    assert result.icc_2_1 == pytest.approx((bms - ems) / (bms + (k - 1) * ems + k * (jms - ems) / n))
    assert result.icc_3_1 == pytest.approx((bms - ems) / (bms + (k - 1) * ems))
    assert result.icc_1_k == pytest.approx((bms - wms) / bms)
    assert result.icc_2_k == pytest.approx((bms - ems) / (bms + (jms - ems) / n))
    assert result.icc_3_k == pytest.approx((bms - ems) / bms)
    order = np.random.default_rng(seed).permutation(n)
    moved = icc(table[order] + shift)
    assert moved.icc_2_1 == pytest.approx(result.icc_2_1, abs=1e-6)
    assert result.lower[1] is None or result.lower[1] <= result.icc_2_1 <= result.upper[1]
    json.dumps(asdict(result), allow_nan=False)


@pytest.mark.parametrize(
    ("ratings", "single", "warnings"),
    [
        pytest.param([], (None, None, None), ["EMPTY"], id="nobody"),
        pytest.param([[1, 2]], (None, None, None), ["SINGLETON"], id="one target"),
        pytest.param([[5, 5]] * 4, (None, None, None), ["ZERO_VAR", "THIN"], id="all the same"),
        pytest.param([[i, i] for i in range(12)], (1, 1, 1), [], id="perfect agreement"),
        pytest.param([[i / 3, i / 3 + 1 / 7] for i in range(4)], (None, None, 1), ["THIN"], id="a constant shift"),
        pytest.param([[1, 2]] * 3, (-1, 0, None), ["THIN"], id="targets do not differ"),
        pytest.param([[1, 2], [2, 1]], (-1, None, -1), ["THIN"], id="a negative one is shown as it is"),
    ],
)
def test_icc_at_the_edges(ratings: Any, single: tuple[float | None, ...], warnings: list[str]) -> None:
    result = icc(ratings)
    assert result.warnings == warnings
    for value, expected in zip((result.icc_1_1, result.icc_2_1, result.icc_3_1), single, strict=True):
        if expected is not None:
            assert value == pytest.approx(expected)
        elif warnings[0] in {"EMPTY", "SINGLETON", "ZERO_VAR"}:
            assert value is None
    json.dumps(asdict(result), allow_nan=False)


REFUSED = {
    "pairs of unequal length": lambda: tost_paired([1], [1, 2], 10),
    "NaN among the pairs": lambda: tost_paired([1, math.nan], [1, 2], 10),
    "no bound": lambda: tost_paired([1, 2], [1, 2], 0),
    "a negative bound": lambda: tost_paired([1, 2], [1, 2], -10),
    "an infinite bound": lambda: tost_paired([1, 2], [1, 2], math.inf),
    "ragged ratings": lambda: icc([[1, 2], [1]]),
    "one rater": lambda: icc([[1], [2]]),
    "nobody rates": lambda: icc([[], []]),
    "a missing rating": lambda: icc([[1, None], [2, 3]]),
    "a rating that is NaN": lambda: icc([[1, math.nan], [2, 3]]),
    "power for no bound": lambda: pairs_for_power(10, 0),
    "power for a negative spread": lambda: pairs_for_power(-1, 10),
}


@pytest.mark.parametrize("call", REFUSED.values(), ids=REFUSED.keys())
def test_bad_input_is_refused(call: Any) -> None:
    with pytest.raises(ValueError, match=r".+"):
        call()
