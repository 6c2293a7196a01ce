"""The two-phase estimate: equal to the published formula, to the plain mean when all are heard, honest when few are."""

import math

import numpy as np
import pytest

from app.scoring.rules.estimates import EMPTY, SINGLETON, THIN, stratified_mean
from app.scoring.rules.inputs import BoolArray, FloatArray
from app.scoring.rules.two_phase import TwoPhase, two_phase_mean


def one_stratum(heard: list[float], followed: list[float], silent: int, population: int) -> TwoPhase:
    """The estimate of a simple random sample: those heard, those followed up, and how many were silent in all."""
    values = np.array([*heard, *followed, *[np.nan] * (silent - len(followed))])
    is_silent = np.array([False] * len(heard) + [True] * silent, dtype=np.bool_)
    n = len(values)
    return two_phase_mean(values, is_silent, ["s"] * n, {"s": population}, weights=np.full(n, population / max(n, 1)))


def rao(heard: list[float], followed: list[float], silent: int, population: int) -> float:
    """Variance by double sampling for stratification (Cochran 1977, ch. 12), all of the first class taken."""
    n1, n2, m = len(heard), silent, len(followed)
    n = n1 + n2
    w = (n1 / n, n2 / n)
    means = (np.mean(heard), np.mean(followed))
    mean = w[0] * means[0] + w[1] * means[1]
    inside = sum(
        ((first - 1) / (n - 1) - (second - 1) / (population - 1)) * share * float(np.var(y, ddof=1)) / second
        for first, second, share, y in ((n1, n1, w[0], heard), (n2, m, w[1], followed))
    )
    between = sum(share * (each - mean) ** 2 for share, each in zip(w, means, strict=True))
    return float((population - 1) / population * inside + (population - n) / (population * (n - 1)) * between)


HEARD = [80.0, 72, 65, 90, 77, 61, 84, 70]
QUIET = [40.0, 55, 31, 62, 47]


@pytest.mark.parametrize("population", [20, 60, 10_000])
@pytest.mark.parametrize("silent", [5, 6, 12])
def test_mean_and_variance_are_those_of_the_textbook(silent: int, population: int) -> None:
    found = one_stratum(HEARD, QUIET, silent, population)
    share = silent / (silent + len(HEARD))
    assert found.estimate.value == pytest.approx((1 - share) * np.mean(HEARD) + share * np.mean(QUIET))
    assert found.estimate.se == pytest.approx(math.sqrt(rao(HEARD, QUIET, silent, population)))
    assert (found.responding, found.silent, found.followed_up) == (8, silent, 5)
    assert found.share_silent == pytest.approx(share)


def test_all_silent_heard_is_the_plain_stratified_mean() -> None:
    rng = np.random.default_rng(3)
    values, strata = rng.normal(60, 15, 40), ["a"] * 15 + ["b"] * 25
    sizes = {"a": 60, "b": 300}
    weights = np.array([4.0] * 15 + [12.0] * 25)
    plain = stratified_mean(values, strata, sizes)
    found = two_phase_mean(values, np.zeros(40, dtype=np.bool_), strata, sizes, weights=weights)
    assert (found.estimate.value, found.estimate.se) == pytest.approx((plain.value, plain.se))
    assert (found.share_silent, found.mean_silent) == (0.0, None)


def draws(seed: int, runs: int) -> tuple[FloatArray, FloatArray, float, float]:
    """Estimates, their variances, the truth and the mean of respondents alone, over draws from one population."""
    rng = np.random.default_rng(seed)
    size, n = 400, 120
    y = rng.normal(55, 14, size)
    is_quiet: BoolArray = rng.random(size) < 1 / (1 + np.exp((y - 50) / 8))
    estimates, variances = [], []
    for _ in range(runs):
        drawn = rng.choice(size, n, replace=False)
        silent = is_quiet[drawn]
        values = np.where(silent, np.nan, y[drawn])
        followed = rng.choice(np.flatnonzero(silent), 12, replace=False)
        values[followed] = y[drawn][followed]
        found = two_phase_mean(values, silent, ["s"] * n, {"s": size}, weights=np.full(n, size / n)).estimate
        assert found.value is not None
        assert found.se is not None
        estimates.append(found.value)
        variances.append(found.se**2)
    return np.array(estimates), np.array(variances), float(y.mean()), float(y[~is_quiet].mean())


def test_it_has_no_bias_where_respondents_alone_have_and_its_variance_is_right() -> None:
    estimates, variances, truth, respondents = draws(seed=11, runs=1500)
    noise = estimates.std(ddof=1) / math.sqrt(len(estimates))
    assert abs(estimates.mean() - truth) < 4 * noise
    assert abs(respondents - truth) > 4
    assert variances.mean() == pytest.approx(estimates.var(ddof=1), rel=0.15)


@pytest.mark.parametrize(
    ("heard", "followed", "silent", "value", "warnings"),
    [
        pytest.param([], [], 0, None, [EMPTY], id="nobody"),
        pytest.param(HEARD, [], 4, None, [EMPTY], id="none of the silent heard yet"),
        pytest.param([], [], 4, None, [EMPTY], id="all silent"),
        pytest.param([], [40.0, 60], 4, 50.0, [THIN], id="only silent ones heard"),
        pytest.param(HEARD, [40.0], 4, pytest.approx((8 * np.mean(HEARD) + 160) / 12), [SINGLETON], id="one of them"),
        pytest.param([70.0] * 8, [70.0] * 5, 9, 70.0, [], id="all alike"),
    ],
)
def test_what_cannot_be_said_is_not(
    heard: list[float], followed: list[float], silent: int, value: float | None, warnings: list[str]
) -> None:
    found = one_stratum(heard, followed, silent, 100).estimate
    assert found.value == value
    assert found.warnings == warnings
    if warnings:
        assert found.lo is None
        assert found.hi is None
    else:
        assert found.se == pytest.approx(0, abs=1e-9)


def test_bad_input_is_refused() -> None:
    values, silent = np.array([1.0, 2]), np.array([False, False])
    with pytest.raises(ValueError, match="has no size"):
        two_phase_mean(values, silent, ["a", "b"], {"a": 2}, weights=np.ones(2))
    with pytest.raises(ValueError, match="differ in length"):
        two_phase_mean(values, silent, ["a"], {"a": 2}, weights=np.ones(2))
