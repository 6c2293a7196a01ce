"""Stratified and clustered estimates, NPS and Wilson: published examples, edges and laws."""

import json
import math
from dataclasses import asdict
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.scoring.rules.estimates import (
    Estimate,
    cluster_mean,
    cluster_total,
    nps,
    nps_code,
    nps_from_scores,
    scaled,
    stratified_mean,
    stratified_nps,
    stratified_proportion,
    stratified_total,
    wilson,
)

QUICK = settings(max_examples=50, deadline=None)
SCORES = st.floats(0, 100)


def test_a_simple_random_sample_is_the_base_of_deff() -> None:
    values, one, size = [3.0, 5.0, 8.0, 9.0, 4.0, 7.0], ["all"] * 6, {"all": 60}
    assert stratified_mean(values, one, size).deff == pytest.approx(1)
    assert stratified_total(values, one, size).deff == pytest.approx(1)


def test_people_of_one_account_who_agree_weigh_little_more_than_one() -> None:
    values = [20.0, 22.0, 21.0, 80.0, 79.0, 81.0, 50.0, 52.0, 51.0]
    mean = cluster_mean(values, list("aaabbbccc"), [2.0] * 9)
    assert mean.n == 3
    assert mean.n_eff == pytest.approx(9)
    assert mean.deff == pytest.approx(4, abs=0.1)


@pytest.mark.parametrize(("hits", "n"), [(0, 12), (12, 12), (5, 12), (1, 2), (7, 1000)])
@pytest.mark.parametrize("level", [0.8, 0.95, 0.99])
def test_wilson_is_statsmodels_wilson(hits: int, n: int, level: float) -> None:
    from statsmodels.stats.proportion import proportion_confint

    share = wilson(hits, n, level=level)
    assert (share.lo, share.hi) == pytest.approx(proportion_confint(hits, n, 1 - level, method="wilson"), abs=1e-12)
    assert share.level == level


@pytest.mark.parametrize(
    ("estimate", "warnings"),
    [
        pytest.param(stratified_mean([], [], {"a": 3}), ["EMPTY", "STRATUM_MISSING"], id="nobody answered"),
        pytest.param(stratified_mean([], [], None, weights=[]), ["EMPTY"], id="nobody at all"),
        pytest.param(stratified_total([], [], {}), ["EMPTY"], id="total of nobody"),
        pytest.param(stratified_proportion([], [], {}), ["EMPTY"], id="share of nobody"),
        pytest.param(stratified_nps([], [], {}), ["EMPTY"], id="nps of nobody"),
        pytest.param(cluster_mean([], [], []), ["EMPTY"], id="no cluster"),
        pytest.param(cluster_total([], [], []), ["EMPTY"], id="total of no cluster"),
        pytest.param(nps(0, 0, 0), ["EMPTY"], id="no answers"),
        pytest.param(nps_from_scores([]), ["EMPTY"], id="no scores"),
        pytest.param(wilson(0, 0), ["EMPTY"], id="no trials"),
    ],
)
def test_nothing_is_none_and_never_zero(estimate: Estimate, warnings: list[str]) -> None:
    assert (estimate.value, estimate.se, estimate.lo, estimate.hi) == (None, None, None, None)
    assert (estimate.n, estimate.warnings) == (0, warnings)


@pytest.mark.parametrize(
    ("estimate", "warnings"),
    [
        pytest.param(stratified_mean([70], ["a"], {"a": 9}), ["SINGLETON", "THIN"], id="one account"),
        pytest.param(
            stratified_mean([70, 60, 50, 40, 30], [*"abbbb"], {"a": 9, "b": 9}), ["SINGLETON"], id="a lone stratum"
        ),
        pytest.param(cluster_mean([70, 50], ["a", "a"], [1, 1]), ["SINGLETON", "THIN"], id="one cluster"),
        pytest.param(cluster_mean([7], ["a"], [1], clusters_in_population=1), ["SINGLETON", "THIN"], id="the cluster"),
    ],
)
def test_one_of_a_kind_has_no_standard_error(estimate: Estimate, warnings: list[str]) -> None:
    assert estimate.value is not None
    assert (estimate.se, estimate.lo, estimate.hi) == (None, None, None)
    assert estimate.warnings == warnings


def test_one_answer_has_an_nps_but_no_standard_error() -> None:
    score = nps(1, 0, 0)
    assert (score.value, score.se, score.warnings) == (100.0, None, ["SINGLETON", "THIN"])
    assert wilson(1, 1).se is None


def test_a_missing_stratum_is_named_and_the_rest_estimated() -> None:
    whole = stratified_mean([1, 2, 3, 4, 5], [*"aaabb"], {"a": 9, "b": 20, "c": 5})
    rest = stratified_mean([1, 2, 3, 4, 5], [*"aaabb"], {"a": 9, "b": 20, "c": 0})
    assert whole.warnings == ["STRATUM_MISSING"]
    assert rest.warnings == []
    assert (whole.value, whole.se) == (rest.value, rest.se)


def test_strata_taken_whole_give_neither_variance_nor_freedom() -> None:
    mixed = stratified_mean([1, 9, 3, 4, 5, 6], [*"aabbbb"], {"a": 2, "b": 40})
    alone = stratified_mean([3, 4, 5, 6], [*"bbbb"], {"b": 40})
    assert mixed.df == alone.df == 3
    assert mixed.se is not None
    assert alone.se is not None
    assert mixed.se == pytest.approx(alone.se * 40 / 42)


def test_everyone_the_same_is_said() -> None:
    mean = stratified_mean([70.1] * 6, [*"aabbcc"], {"a": 7, "b": 9, "c": 11})
    assert (mean.value, mean.se, mean.lo, mean.hi, mean.warnings) == (70.1, 0.0, 70.1, 70.1, ["ZERO_VAR"])
    assert stratified_total([0.1] * 6, [*"aabbcc"], {"a": 7, "b": 9, "c": 11}).se == 0.0


@pytest.mark.parametrize(("value", "lo", "hi"), [(0, 0.0, 0.39033), (1, 0.60967, 1.0)])
def test_a_proportion_of_none_or_all_keeps_its_width(value: int, lo: float, hi: float) -> None:
    share = stratified_proportion([value] * 6, ["a"] * 6, {"a": 60})
    assert (share.value, share.se) == (value, 0.0)
    assert (share.lo, share.hi) == pytest.approx((lo, hi), abs=1e-5)


def test_wilsons_interval_divides_by_deff_and_n_eff_stays_kishs() -> None:
    share = stratified_proportion([1, 0, 0, 1, 1, 1, 0, 1], [*"aaaabbbb"], {"a": 30, "b": 300})
    assert share.deff is not None
    assert share.value is not None
    plain = wilson(share.value * 8 / share.deff, 8 / share.deff)
    assert (share.lo, share.hi) == pytest.approx((plain.lo, plain.hi))
    assert share.n_eff == pytest.approx((4 * 7.5 + 4 * 75) ** 2 / (4 * 7.5**2 + 4 * 75**2))


def test_all_promoters_keep_an_interval() -> None:
    score = nps(20, 0, 0)
    assert (score.value, score.se, score.warnings) == (100.0, 0.0, ["ZERO_VAR"])
    assert score.lo is not None
    assert score.hi is not None
    assert score.hi - score.lo > 5
    assert nps(200, 1, 0).hi > 100


@pytest.mark.parametrize(("answer", "code"), [(0, -1), (6, -1), (7, 0), (8, 0), (9, 1), (10, 1)])
def test_nps_codes(answer: int, code: int) -> None:
    assert nps_code(answer) == code


def test_stratified_nps_is_the_mean_of_the_codes() -> None:
    strata, sizes = [*"aaabbb"], {"a": 10, "b": 90}
    score = stratified_nps([10, 9, 3, 7, 8, 2], strata, sizes)
    mean = scaled(stratified_mean([1, 1, -1, 0, 0, -1], strata, sizes), 100)
    assert (score.value, score.se, score.lo, score.hi) == (mean.value, mean.se, mean.lo, mean.hi)
    assert score.deff == mean.deff


REFUSED: dict[str, Any] = {
    "NaN": lambda: stratified_mean([math.nan], ["a"], {"a": 3}),
    "infinite": lambda: stratified_total([math.inf], ["a"], {"a": 3}),
    "missing": lambda: stratified_mean([None], ["a"], {"a": 3}),
    "no number": lambda: stratified_mean([object()], ["a"], {"a": 3}),
    "words": lambda: stratified_mean(["12"], ["a"], {"a": 3}),
    "nested": lambda: stratified_mean([[1, 2]], ["a"], {"a": 3}),
    "lengths": lambda: stratified_mean([1, 2], ["a"], {"a": 3}),
    "weights' length": lambda: stratified_mean([1, 2], ["a", "a"], {"a": 3}, weights=[1]),
    "negative weight": lambda: stratified_mean([1, 2], ["a", "a"], {"a": 3}, weights=[1, -1]),
    "no weight at all": lambda: stratified_mean([1, 2], ["a", "a"], {"a": 3}, weights=[0, 0]),
    "no sizes, no weights": lambda: stratified_mean([1, 2], ["a", "a"], None),
    "unknown stratum": lambda: stratified_mean([1, 2], ["a", "b"], {"a": 3}),
    "more than there are": lambda: stratified_mean([1, 2], ["a", "a"], {"a": 1}),
    "negative size": lambda: stratified_mean([1], ["a"], {"a": 3, "b": -1}),
    "a share of 2": lambda: stratified_proportion([2], ["a"], {"a": 3}),
    "more clusters than there are": lambda: cluster_mean([1, 2], [1, 2], [1, 1], clusters_in_population=1),
    "clusters' length": lambda: cluster_total([1, 2], [1], [1, 1]),
    "negative promoters": lambda: nps(-1, 2, 3),
    "a level of 95": lambda: nps(1, 2, 3, level=95),
    "an answer of 11": lambda: nps_from_scores([11]),
    "an answer of 8.5": lambda: nps_from_scores([8.5]),
    "a negative answer": lambda: stratified_nps([-1], ["a"], {"a": 3}),
    "more hits than trials": lambda: wilson(3, 2),
    "negative trials": lambda: wilson(0, -2),
}


@pytest.mark.parametrize("call", REFUSED.values(), ids=REFUSED.keys())
def test_bad_input_is_refused(call: Any) -> None:
    with pytest.raises(ValueError, match=r".+"):
        call()


@st.composite
def samples(draw: st.DrawFn) -> tuple[list[float], list[str], dict[str, int]]:
    values, strata, sizes = [], [], {}
    for name in "abc"[: draw(st.integers(1, 3))]:
        here = draw(st.lists(SCORES, min_size=2, max_size=8))
        values += here
        strata += [name] * len(here)
        sizes[name] = len(here) + draw(st.integers(1, 50))
    return values, strata, sizes


@given(sample=samples())
@QUICK
def test_an_account_that_is_a_cluster_of_its_own_changes_nothing(
    sample: tuple[list[float], list[str], dict[str, int]],
) -> None:
    values, _, _ = sample
    weights = [1.0 + i for i in range(len(values))]
    clustered = cluster_mean(values, range(len(values)), weights)
    flat = stratified_mean(values, ["all"] * len(values), None, weights=weights)
    assert (clustered.value, clustered.n_eff) == (pytest.approx(flat.value), pytest.approx(flat.n_eff))
    assert clustered.se == pytest.approx(flat.se, abs=1e-9)


@given(sample=samples())
@QUICK
def test_arrays_and_tuples_are_as_good_as_lists_and_results_are_plain(
    sample: tuple[list[float], list[str], dict[str, int]],
) -> None:
    values, strata, sizes = sample
    listed = stratified_mean(values, strata, sizes)
    assert stratified_mean(np.array(values), np.array(strata), sizes) == listed
    assert stratified_mean(tuple(values), tuple(strata), sizes) == listed
    for field in asdict(listed).values():
        assert type(field) in {float, int, str, list, type(None)}
    assert json.loads(json.dumps(asdict(listed), allow_nan=False))["n"] == len(values)


@given(counts=st.tuples(st.integers(0, 99), st.integers(0, 99), st.integers(0, 99)))
@QUICK
def test_nps_mirrors_when_promoters_and_detractors_swap(counts: tuple[int, int, int]) -> None:
    one, other = nps(*counts), nps(*reversed(counts))
    if one.value is None:
        assert other.value is None
        return
    assert other.value == pytest.approx(-one.value)
    assert other.lo == pytest.approx(-one.hi)
