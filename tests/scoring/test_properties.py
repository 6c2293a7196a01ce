"""The laws that hold for every method, whatever the numbers (the last section of the methods' specification)."""

import json
import math
from collections.abc import Callable
from dataclasses import asdict, dataclass, is_dataclass
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.foresight.rules.win import linear_pool, pool_weights
from app.health.rules.distress import composite
from app.scoring.rules import validity
from app.scoring.rules.agreement import (
    benjamini_hochberg,
    bland_altman,
    icc,
    kappa,
    kendall,
    lin_ccc,
    paired_gap,
    pearson,
    spearman,
    stuart_maxwell,
    tost_paired,
)
from app.scoring.rules.estimates import (
    cluster_mean,
    cluster_total,
    nps_from_scores,
    stratified_mean,
    stratified_nps,
    stratified_proportion,
    stratified_total,
)
from app.scoring.rules.gaps import account_gaps, arr_expected, arr_portfolio, equate, isotonic
from app.scoring.rules.rollup import effective_n, role_weighted_mean, shrink, within_variance
from app.scoring.rules.scales import cronbach_alpha, dimension_score, midrank_percentiles
from app.scoring.rules.verbatims import net_sentiment
from app.scoring.rules.weighting import rake, trim, weighting_class_factors
from app.studies.rules.allocation import inclusion_probabilities, neyman
from app.studies.rules.drawing import Unit, draw
from app.studies.rules.response_rates import chi_square

FEW = settings(max_examples=10, deadline=None)
QUICK = settings(max_examples=40, deadline=None)
SEEDS = st.integers(0, 2**32 - 1)
N = 40


@dataclass(frozen=True)
class Rows:
    """A portfolio by columns: two scores, their variances, weights, outcomes, answers and groups of N accounts."""

    voice: Any
    health: Any
    variances: Any
    weights: Any
    outcomes: Any
    answers: Any
    strata: Any
    clusters: Any
    p: Any
    names: Any

    def sorted_by(self, order: Any) -> "Rows":
        """The same rows in another order."""
        return Rows(**{name: column[order] for name, column in vars(self).items()})


def rows(seed: int) -> Rows:
    random = np.random.default_rng(seed)
    return Rows(
        voice=random.normal(60, 15, N),
        health=random.integers(20, 95, N).astype(float),
        variances=400 / random.integers(1, 6, N),
        weights=random.uniform(0.5, 4, N),
        outcomes=np.arange(N) % 3 > 0,
        answers=random.integers(0, 11, N),
        strata=np.array(["a", "b", "c", "d"])[np.arange(N) % 4],
        clusters=np.array([f"k{i // 3}" for i in range(N)]),
        p=random.random(N),
        names=np.array([f"account {i}" for i in range(N)]),
    )


SIZES = {"a": 30, "b": 25, "c": 40, "d": 11}
MARGINS = {"band": {"a": 30, "b": 25, "c": 40, "d": 11}, "renewed": {True: 70, False: 36}}


def by_group(values: Any, groups: Any) -> dict[str, list[float]]:
    """Values by the name of their group, names in the order in which they come."""
    found: dict[str, list[float]] = {}
    for value, group in zip(values.tolist(), groups.tolist(), strict=True):
        found.setdefault(group, []).append(value)
    return found


def table(r: Rows) -> Any:
    """Cross-table of three bands of each score; order of rows cannot matter to it, order of bands can."""
    bands = [np.digitize(column, [50, 75]) for column in (r.health, r.voice)]
    counts = np.zeros((3, 3))
    np.add.at(counts, tuple(bands), 1)
    return counts


def selection(r: Rows) -> list[Any]:
    drawn = draw(
        [Unit(str(n), str(h)) for n, h in zip(r.names, r.strata, strict=True)],
        dict.fromkeys("abcd", 3),
        seed=7,
        wave="w",
    )
    return [drawn.selected, drawn.reserves, drawn.weights]


WHOLE: dict[str, Callable[[Rows], Any]] = {
    "stratified_mean": lambda r: stratified_mean(r.voice, r.strata, SIZES),
    "stratified_mean, weights": lambda r: stratified_mean(r.voice, r.strata, None, weights=r.weights),
    "stratified_total": lambda r: stratified_total(r.voice, r.strata, SIZES),
    "stratified_proportion": lambda r: stratified_proportion(r.outcomes, r.strata, SIZES),
    "stratified_nps": lambda r: stratified_nps(r.answers, r.strata, SIZES),
    "cluster_mean": lambda r: cluster_mean(r.voice, r.clusters, r.weights),
    "cluster_total": lambda r: cluster_total(r.voice, r.clusters, r.weights),
    "nps_from_scores": lambda r: nps_from_scores(r.answers),
    "effective_n": lambda r: effective_n(r.weights),
    "within_variance": lambda r: within_variance(by_group(r.voice, r.clusters)),
    "role_weighted_mean": lambda r: role_weighted_mean(
        dict(zip(r.names, r.voice, strict=True)), dict(zip(r.names, r.p, strict=True))
    ),
    "dimension_score": lambda r: dimension_score(r.voice.tolist()),
    "cronbach_alpha": lambda r: cronbach_alpha(np.column_stack((r.voice, r.health, r.voice + r.p))),
    "draw": selection,
    "bland_altman": lambda r: bland_altman(r.voice, r.health),
    "lin_ccc": lambda r: lin_ccc(r.voice, r.health),
    "pearson": lambda r: pearson(r.voice, r.health),
    "spearman": lambda r: spearman(r.voice, r.health),
    "kendall": lambda r: kendall(r.voice, r.health),
    "kappa": lambda r: kappa(table(r), weights="linear"),
    "stuart_maxwell": lambda r: stuart_maxwell(table(r)),
    "paired_gap": lambda r: paired_gap(r.voice, r.health),
    "tost_paired": lambda r: tost_paired(r.voice, r.health, 10),
    "icc": lambda r: icc(np.column_stack((r.voice, r.health))),
    "auc": lambda r: validity.auc(r.health, r.outcomes),
    "brier": lambda r: validity.brier(r.p, r.outcomes),
    "mutual_information": lambda r: validity.mutual_information(r.answers, r.outcomes),
    "fit_logit": lambda r: validity.fit_logit([r.voice, r.health], r.outcomes),
    "reliability_curve": lambda r: validity.reliability_curve(r.p, r.outcomes),
    "net_sentiment": lambda r: net_sentiment(2 * r.p - 1),
    "arr_expected": lambda r: arr_expected(1000 * r.weights, r.p),
    "arr_portfolio": lambda r: arr_portfolio(1000 * r.weights, r.p, r.strata, SIZES),
    "linear_pool": lambda r: linear_pool(r.p, r.weights),
    "composite": lambda r: composite(r.p.tolist(), r.weights.tolist()),
}

EACH: dict[str, Callable[[Rows], list[Any]]] = {
    "shrink": lambda r: list(
        zip(*(getattr(shrink(r.voice, r.variances), name) for name in ("values", "ses")), strict=True)
    ),
    "equate": lambda r: equate(r.health, r.voice, r.variances, weights=r.weights),
    "account_gaps": lambda r: [asdict(gap) for gap in account_gaps(r.voice, r.variances, r.health)],
    "isotonic": lambda r: isotonic(r.health, r.voice),
    "midrank_percentiles": lambda r: midrank_percentiles(r.health),
    "benjamini_hochberg": lambda r: benjamini_hochberg(r.p),
    "rake": lambda r: rake(r.weights, {"band": r.strata, "renewed": r.outcomes}, MARGINS).weights,
    "trim": lambda r: trim(r.weights),
    "weighting_class_factors": lambda r: list(
        weighting_class_factors(
            dict(zip(r.names, r.weights, strict=True)), dict(zip(r.names, r.weights * r.p, strict=True))
        ).values()
    ),
    "inclusion_probabilities": lambda r: inclusion_probabilities(r.weights, 12),
    "neyman": lambda r: neyman([30] * N, r.weights, 200).raw,
    "pool_weights": lambda r: pool_weights(r.p, 80),
    "suggest_weights": lambda r: validity.suggest_weights(r.weights, r.voice.tolist(), 30),
}


def alike(one: Any, other: Any) -> None:
    """Equal but for rounding, field by field; names and codes exactly."""
    if is_dataclass(one):
        one, other = vars(one), vars(other)
    if isinstance(one, dict):
        assert set(one) == set(other)
        for key, part in one.items():
            alike(part, other[key])
    elif isinstance(one, list | tuple):
        assert len(one) == len(other)
        for part, its in zip(one, other, strict=True):
            alike(part, its)
    elif isinstance(one, float):
        assert other == pytest.approx(one, rel=1e-7, abs=1e-8)
    else:
        assert one == other


@pytest.mark.parametrize("method", WHOLE.values(), ids=WHOLE.keys())
@given(seed=SEEDS)
@FEW
def test_permuting_rows_changes_nothing(method: Callable[[Rows], Any], seed: int) -> None:
    columns = rows(seed)
    order = np.random.default_rng(seed + 1).permutation(N)
    alike(method(columns), method(columns.sorted_by(order)))


@pytest.mark.parametrize("method", EACH.values(), ids=EACH.keys())
@given(seed=SEEDS)
@FEW
def test_permuting_rows_permutes_what_each_gets(method: Callable[[Rows], list[Any]], seed: int) -> None:
    columns = rows(seed)
    order = np.random.default_rng(seed + 1).permutation(N)
    results = method(columns)
    alike([results[i] for i in order], method(columns.sorted_by(order)))


@given(seed=SEEDS)
@QUICK
def test_permuting_a_table_of_groups_changes_nothing(seed: int) -> None:
    counts = np.random.default_rng(seed).integers(1, 30, (2, 4))
    alike(chi_square(counts), chi_square(counts[::-1, [2, 0, 3, 1]]))


@given(seed=SEEDS, constant=st.floats(-30, 30))
@QUICK
def test_adding_a_constant_to_all_answers_leaves_gaps_unchanged(seed: int, constant: float) -> None:
    r = rows(seed)
    moved = r.voice + constant
    before, after = equate(r.health, r.voice, r.variances), equate(r.health, moved, r.variances)
    plain, shifted = account_gaps(r.voice, r.variances, before), account_gaps(moved, r.variances, after)
    for one, other in zip(plain, shifted, strict=True):
        assert (other.gap, other.shrunken, other.se) == pytest.approx((one.gap, one.shrunken, one.se), abs=1e-6)
        assert (other.p_low, other.p_high) == pytest.approx((one.p_low, one.p_high), abs=1e-6)
    # Delivered and promised, interview and survey: here both sides are answers, and both move.
    for method in (paired_gap, bland_altman, lambda x, y: tost_paired(x, y, 10)):
        one, other = method(r.voice, r.health), method(moved, r.health + constant)
        for name in {"mean", "bias", "difference", "sd", "p", "slope", "verdict"} & set(vars(one)):
            assert getattr(other, name) == pytest.approx(getattr(one, name), abs=1e-6) or name == "verdict"


@given(seed=SEEDS, factor=st.sampled_from([2.0, 0.5, 3.0]))
@QUICK
def test_doubling_all_weights_leaves_means_and_standard_errors(seed: int, factor: float) -> None:
    r = rows(seed)
    heavy = factor * r.weights
    for method in (
        lambda w: stratified_mean(r.voice, r.strata, SIZES, weights=w),
        lambda w: stratified_mean(r.voice, r.strata, None, weights=w),
        lambda w: stratified_nps(r.answers, r.strata, SIZES, weights=w),
        lambda w: stratified_proportion(r.outcomes, r.strata, SIZES, weights=w),
        lambda w: cluster_mean(r.voice, r.clusters, w),
    ):
        one, other = method(r.weights), method(heavy)
        for name in ("value", "se", "n_eff", "df"):
            assert getattr(other, name) == pytest.approx(getattr(one, name))
    alike(
        equate(r.health, r.voice, r.variances, weights=r.weights), equate(r.health, r.voice, r.variances, weights=heavy)
    )
    assert linear_pool(r.p, heavy) == pytest.approx(linear_pool(r.p, r.weights))
    assert composite(r.p.tolist(), heavy.tolist()) == pytest.approx(composite(r.p.tolist(), r.weights.tolist()))
    assert effective_n(heavy) == pytest.approx(effective_n(r.weights))
    assert cluster_total(r.voice, r.clusters, heavy).se == pytest.approx(
        factor * cluster_total(r.voice, r.clusters, r.weights).se
    )


@given(seed=SEEDS, n=st.integers(1, N))
@QUICK
def test_a_full_census_has_no_standard_error(seed: int, n: int) -> None:
    r = rows(seed).sorted_by(slice(0, n))
    sizes = {h: len(values) for h, values in by_group(r.voice, r.strata).items()}
    for estimate in (
        stratified_mean(r.voice, r.strata, sizes),
        stratified_total(r.voice, r.strata, sizes),
        stratified_proportion(r.outcomes, r.strata, sizes),
        stratified_nps(r.answers, r.strata, sizes),
    ):
        assert (estimate.se, estimate.df, estimate.warnings) == (0.0, 0, [])
        assert estimate.lo == estimate.hi == estimate.value
    assert stratified_mean(r.voice, r.strata, sizes).value == pytest.approx(np.mean(r.voice))
    clusters = len(set(r.clusters.tolist()))
    if clusters > 1:
        assert cluster_mean(r.voice, r.clusters, r.weights, clusters_in_population=clusters).se == 0


@given(values=st.lists(st.floats(0, 100), min_size=2, max_size=30), more=st.integers(1, 500))
@QUICK
def test_one_stratum_is_a_simple_random_sample(values: list[float], more: int) -> None:
    n, size = len(values), len(values) + more
    mean, total = (method(values, ["all"] * n, {"all": size}) for method in (stratified_mean, stratified_total))
    se = math.sqrt((1 - n / size) * np.var(values, ddof=1) / n)
    assert mean.value == pytest.approx(np.mean(values))
    assert mean.se == pytest.approx(se, abs=1e-9)
    assert mean.df == n - 1
    assert (total.value, total.se) == (pytest.approx(size * np.mean(values)), pytest.approx(size * se, abs=1e-6))


@given(seed=SEEDS, n=st.integers(2, N))
@QUICK
def test_shrunken_values_lie_between_their_own_and_the_mean(seed: int, n: int) -> None:
    r = rows(seed).sorted_by(slice(0, n))
    voice, gaps = shrink(r.voice, r.variances), account_gaps(r.voice, r.variances, r.health)
    mean_gap = shrink(r.voice - r.health, r.variances).mu
    pairs = [(own, shrunken, voice.mu) for own, shrunken in zip(r.voice, voice.values, strict=True)]
    pairs += [(gap.gap, gap.shrunken, mean_gap) for gap in gaps]
    for own, shrunken, mean in pairs:
        assert min(own, mean) <= shrunken <= max(own, mean)
    assert all(se > 0 for se in voice.ses)


@given(p=st.lists(st.floats(0, 1), max_size=30))
@QUICK
def test_adjusted_p_keep_rank_order(p: list[float]) -> None:
    adjusted = benjamini_hochberg(p)
    assert all(raw <= new <= 1 for raw, new in zip(p, adjusted, strict=True))
    for raw, new in zip(p, adjusted, strict=True):
        assert all(its <= new for other, its in zip(p, adjusted, strict=True) if other <= raw)


@pytest.mark.parametrize("method", [*WHOLE.values(), *EACH.values()], ids=[*WHOLE, *EACH])
def test_results_are_plain_and_finite(method: Callable[[Rows], Any]) -> None:
    result = method(rows(1))
    json.dumps(
        [vars(part) if is_dataclass(part) else part for part in (result if isinstance(result, list) else [result])],
        allow_nan=False,
        default=vars,
    )
