"""Factor validity: AUC, information, Brier, logit, verdicts and weights; edges, refusals, other packages' answers."""

import json
import math
from dataclasses import asdict
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.scoring.rules.validity import (
    auc,
    bootstrap_auc,
    brier,
    brier_skill,
    factor_verdict,
    fit_logit,
    mutual_information,
    point_biserial,
    predict,
    reliability_curve,
    suggest_weights,
)

QUICK = settings(max_examples=40, deadline=None)
NAN, INF = math.nan, math.inf
TWO_CLASSES = [0] * 10 + [1] * 10


@pytest.mark.parametrize(
    ("scores", "outcomes", "value", "warnings"),
    [
        pytest.param([], [], None, ["EMPTY"], id="nobody"),
        pytest.param([5], [1], None, ["NO_EVENTS"], id="one account"),
        pytest.param([1, 2, 3], [1, 1, 1], None, ["NO_EVENTS"], id="nobody was lost"),
        pytest.param([1, 2, 3], [0, 0, 0], None, ["NO_EVENTS"], id="everybody was lost"),
        pytest.param([1, 2], [0, 1], 1.0, ["SINGLETON", "THIN"], id="one of each"),
        pytest.param([7] * 4, [0, 0, 1, 1], 0.5, ["ZERO_VAR", "THIN"], id="a constant score"),
        pytest.param(range(20), TWO_CLASSES, 1.0, ["ZERO_VAR"], id="a clean cut"),
        pytest.param([True, False, True, False], [1, 0, 0, 1], 0.5, ["THIN"], id="a yes or no"),
    ],
)
@pytest.mark.parametrize("method", [auc, lambda x, y: bootstrap_auc(x, y, seed=1)], ids=["delong", "bootstrap"])
def test_areas_at_the_edges(method: Any, scores: Any, outcomes: Any, value: float | None, warnings: list[str]) -> None:
    area = method(list(scores), outcomes)
    assert (area.value, area.warnings, area.n) == (value, warnings, len(outcomes))
    if value is None or "SINGLETON" in warnings:
        assert (area.se, area.lo, area.hi) == (None, None, None)
    json.dumps(asdict(area), allow_nan=False)


@given(seed=st.integers(0, 2**32 - 1), levels=st.integers(2, 40))
@QUICK
def test_the_area_is_scikit_learns_and_mirrors(seed: int, levels: int) -> None:
    from sklearn.metrics import roc_auc_score

    random = np.random.default_rng(seed)
    scores, outcomes = random.integers(0, levels, 60), np.arange(60) % 3 == 0
    area, mirrored = auc(scores, outcomes), auc(-scores, outcomes)
    assert area.value == pytest.approx(roc_auc_score(outcomes, scores))
    assert mirrored.value == pytest.approx(1 - area.value)
    assert (mirrored.lo, mirrored.hi, mirrored.p) == pytest.approx((1 - area.hi, 1 - area.lo, area.p))


def test_the_bootstrap_repeats_itself_by_its_seed_and_agrees_with_delong() -> None:
    random = np.random.default_rng(3)
    outcomes = np.arange(300) % 4 > 0
    scores = random.normal(0, 1, 300) + outcomes
    delong, once, again, other = (
        auc(scores, outcomes),
        *(bootstrap_auc(scores, outcomes, seed=seed) for seed in (1, 1, 2)),
    )
    assert once == again != other
    assert (once.lo, once.hi) == pytest.approx((delong.lo, delong.hi), abs=0.015)
    assert once.value == delong.value


def test_point_biserial_at_the_edges() -> None:
    assert point_biserial([1, 2, 3], [1, 1, 1]).warnings == ["NO_EVENTS", "ZERO_VAR", "THIN"]
    assert point_biserial([], []).warnings == ["EMPTY"]
    from scipy.stats import pointbiserialr

    x = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3]
    assert point_biserial(x, [0, 1] * 5).value == pytest.approx(pointbiserialr([0, 1] * 5, x).statistic)


@pytest.mark.parametrize(
    ("x", "y", "bits"),
    [
        pytest.param(["red", "green"] * 4, [0, 1] * 4, 1.0, id="one tells the other"),
        pytest.param([1, 2] * 4, [1, 1, 2, 2] * 2, 0.0, id="independent"),
        pytest.param([1.5] * 4, [1, 2, 3, 4], 0.0, id="a constant tells nothing"),
        pytest.param([3], ["a"], 0.0, id="one pair"),
        pytest.param([None, "x", None, "x"], [1, 2, 1, 2], 1.0, id="missing as a label of its own"),
    ],
)
def test_mutual_information(x: Any, y: Any, bits: float) -> None:
    assert mutual_information(x, y) == pytest.approx(bits, abs=1e-12)


@pytest.mark.parametrize(
    ("probabilities", "outcomes", "value"),
    [
        pytest.param([1], [1], 0.0, id="one hit"),
        pytest.param([1], [0], 1.0, id="one miss"),
        pytest.param([0.5] * 4, [0, 1, 1, 1], 0.25, id="no opinion"),
    ],
)
def test_brier(probabilities: Any, outcomes: Any, value: float) -> None:
    assert brier(probabilities, outcomes) == value


def test_skill_is_what_the_base_rate_leaves() -> None:
    assert brier_skill([], []) == (None, ["EMPTY"])
    assert brier_skill([0.4, 0.9], [1, 1]) == (None, ["NO_EVENTS"])
    assert brier_skill([0.75] * 4, [1, 1, 1, 0])[0] == pytest.approx(0)
    assert brier_skill([1, 1, 1, 0], [1, 1, 1, 0])[0] == 1


def test_the_reliability_curve_is_scikit_learns() -> None:
    from sklearn.calibration import calibration_curve

    random = np.random.default_rng(7)
    p = random.random(200)
    outcomes = random.random(200) < p
    observed, predicted = calibration_curve(outcomes, p, n_bins=5, strategy="quantile")
    curve = reliability_curve(p, outcomes)
    assert [point.predicted for point in curve] == pytest.approx(predicted.tolist())
    assert [point.observed.value for point in curve] == pytest.approx(observed.tolist())
    assert all(point.observed.lo < point.observed.value < point.observed.hi for point in curve)


def test_equal_probabilities_share_a_bin() -> None:
    assert reliability_curve([], []) == []
    (point,) = reliability_curve([0.3] * 6, [0, 0, 1, 0, 0, 1])
    assert (point.predicted, point.observed.n) == (pytest.approx(0.3), 6)


@pytest.mark.parametrize(
    ("columns", "outcomes", "c", "warnings"),
    [
        pytest.param([[]], [], 1.0, ["EMPTY"], id="nobody"),
        pytest.param([[1, 2]], [1, 1], 1.0, ["NO_EVENTS"], id="one class"),
        pytest.param([range(20)], TWO_CLASSES, INF, ["NOT_CONVERGED"], id="separated without penalty"),
        pytest.param([[1, 2, 3, 4], [2, 4, 6, 8]], [0, 1, 0, 1], INF, ["NOT_CONVERGED"], id="a factor twice"),
        pytest.param([[1, 1, 1, 1, 2, 2]], [0, 1, 0, 1, 1, 1], INF, ["NOT_CONVERGED"], id="half separated"),
    ],
)
def test_a_fit_that_is_not_estimable(columns: Any, outcomes: Any, c: float, warnings: list[str]) -> None:
    model = fit_logit([list(column) for column in columns], outcomes, C=c)
    assert (model.intercept, model.coefficients) == (None, [None] * len(columns))
    assert model.warnings == warnings
    assert predict(model, [[1.0]] * len(columns)) is None
    json.dumps(asdict(model), allow_nan=False)


def test_the_ridge_handles_separation_and_constant_factors_have_no_coefficient() -> None:
    model = fit_logit([range(20), [5] * 20], TWO_CLASSES)
    assert model.coefficients[0] > 1
    assert (model.coefficients[1], model.warnings) == (None, ["ZERO_VAR"])
    p = predict(model, [[0, 19], [5, 7]])
    assert p[0] < 0.1
    assert p[1] > 0.9
    only = fit_logit([[5] * 4], [0, 1, 1, 1])
    assert predict(only, [[5]]) == pytest.approx([0.75])


@pytest.mark.parametrize("c", [0.05, 1.0, 20.0, INF])
def test_the_fit_minimises_scikit_learns_objective(c: float) -> None:
    from scipy.optimize import minimize

    random = np.random.default_rng(11)
    x = random.normal(50, 12, (80, 3))
    outcomes = random.random(80) < 1 / (1 + np.exp(-(x[:, 0] - 50) / 12))
    z = (x - x.mean(axis=0)) / x.std(axis=0)
    sign = np.where(outcomes, 1, -1)

    def objective(b: Any) -> float:
        penalty = 0 if math.isinf(c) else float(b[1:] @ b[1:]) / 2 / c
        return penalty + float(np.logaddexp(0, -sign * (b[0] + z @ b[1:])).sum())

    oracle = minimize(objective, np.zeros(4), tol=1e-10).x
    model = fit_logit(list(x.T), outcomes, C=c)
    assert [model.intercept, *model.coefficients] == pytest.approx(oracle.tolist(), abs=2e-4)


@pytest.mark.parametrize(
    ("interval", "p", "weight", "losses", "verdict"),
    [
        pytest.param((0.30, 0.49), 0.001, 0.30, 40, "wrong_way", id="wrong way before anything else"),
        pytest.param((0.55, 0.75), 0.010, 0.30, 40, "signal", id="a signal"),
        pytest.param((0.52, 0.58), 0.010, 0.30, 40, "signal", id="a small signal is one"),
        pytest.param((0.52, 0.58), 0.050, 0.30, 40, "vanity", id="lost to the number of factors"),
        pytest.param((0.52, 0.70), 0.200, 0.30, 40, "unproven", id="not significant is not vanity"),
        pytest.param((0.40, 0.59), 0.500, 0.05, 20, "vanity", id="vanity at its least weight and losses"),
        pytest.param((0.40, 0.60), 0.500, 0.30, 40, "unproven", id="might still reach .60"),
        pytest.param((0.40, 0.59), 0.500, 0.04, 40, "unproven", id="hardly any weight"),
        pytest.param((0.40, 0.59), 0.500, 0.30, 19, "unproven", id="too few losses"),
        pytest.param((0.40, 0.50), 0.500, 0.00, 40, "unproven", id="half is not below half"),
        pytest.param((None, None), None, 0.30, 40, "unproven", id="no interval"),
        pytest.param((0.55, 0.75), None, 0.30, 40, "unproven", id="no test"),
    ],
)
def test_verdicts(interval: Any, p: Any, weight: float, losses: int, verdict: str) -> None:
    assert factor_verdict(*interval, p_adjusted=p, weight=weight, losses=losses) == verdict


@pytest.mark.parametrize(
    ("old", "coefficients", "losses", "new"),
    [
        pytest.param([0.5, 0.5], [3, 1], 50, [0.625, 0.375], id="half trust at fifty losses"),
        pytest.param([0.5, 0.5], [3, 1], 0, [0.5, 0.5], id="no losses, no change"),
        pytest.param([0.2, 0.8], [0, 0], 500, [0.2, 0.8], id="no factor left"),
        pytest.param([0.5, 0.5], [-3, 1], 50, [0.625, 0.375], id="sizes count"),
        pytest.param([50, 50], [3, 1], 50, [62.5, 37.5], id="weights in per cent"),
        pytest.param([0.5, 0.5], [None, 2], 150, [0.125, 0.875], id="an unknown coefficient"),
        pytest.param([1.0], [2], 7, [1.0], id="one factor"),
    ],
)
def test_suggested_weights(old: Any, coefficients: Any, losses: int, new: list[float]) -> None:
    assert suggest_weights(old, coefficients, losses) == pytest.approx(new)


REFUSED = {
    "scores and outcomes of unequal length": lambda: auc([1, 2], [1]),
    "an outcome of 2": lambda: auc([1, 2], [1, 2]),
    "an outcome that is missing": lambda: auc([1, 2], [1, None]),
    "a score that is NaN": lambda: auc([1, NAN], [1, 0]),
    "an infinite score": lambda: bootstrap_auc([1, INF], [1, 0], seed=1),
    "words as scores": lambda: auc(["a", "b"], [1, 0]),
    "no forecasts": lambda: brier([], []),
    "a probability above 1": lambda: brier([1.1], [1]),
    "a probability that is NaN": lambda: brier([NAN], [1]),
    "skill of unequal lengths": lambda: brier_skill([0.5], [1, 0]),
    "a curve without bins": lambda: reliability_curve([0.5], [1], bins=0),
    "no pairs": lambda: mutual_information([], []),
    "labels of unequal length": lambda: mutual_information([1], [1, 2]),
    "NaN as a label": lambda: mutual_information([1.0, NAN], [1, 2]),
    "no factor": lambda: fit_logit([], [1, 0]),
    "factors of unequal length": lambda: fit_logit([[1, 2], [1]], [1, 0]),
    "a factor that is NaN": lambda: fit_logit([[1, NAN]], [1, 0]),
    "no C": lambda: fit_logit([[1, 2]], [1, 0], C=0),
    "C that is NaN": lambda: fit_logit([[1, 2]], [1, 0], C=NAN),
    "a prediction from other factors": lambda: predict(fit_logit([[1, 2]], [1, 0]), []),
    "crossed limits": lambda: factor_verdict(0.6, 0.5, p_adjusted=0.1, weight=0.1, losses=5),
    "a limit that is NaN": lambda: factor_verdict(NAN, 0.5, p_adjusted=0.1, weight=0.1, losses=5),
    "p above 1": lambda: factor_verdict(0.4, 0.5, p_adjusted=1.1, weight=0.1, losses=5),
    "a weight in per cent": lambda: factor_verdict(0.4, 0.5, p_adjusted=0.1, weight=10, losses=5),
    "negative losses in a verdict": lambda: factor_verdict(0.4, 0.5, p_adjusted=0.1, weight=0.1, losses=-1),
    "weights and coefficients of unequal length": lambda: suggest_weights([1, 1], [1], 5),
    "a negative weight": lambda: suggest_weights([1, -1], [1, 1], 5),
    "weights that are all 0": lambda: suggest_weights([0, 0], [1, 1], 5),
    "a coefficient that is NaN": lambda: suggest_weights([1, 1], [1, NAN], 5),
    "negative losses": lambda: suggest_weights([1, 1], [1, 1], -5),
}


@pytest.mark.parametrize("call", REFUSED.values(), ids=REFUSED.keys())
def test_bad_input_is_refused(call: Any) -> None:
    with pytest.raises(ValueError, match=r".+"):
        call()
