"""How well one factor separates two outcomes: AUC with two intervals, point-biserial correlation, information."""

import dataclasses
import math
from collections.abc import Sequence
from statistics import NormalDist
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.scoring.rules.correlations import pearson
from app.scoring.rules.estimates import EMPTY, NO_EVENTS, SINGLETON, THIN, ZERO_VAR, Estimate
from app.scoring.rules.inputs import FloatArray, IntArray, Numbers, codes, numbers, same_length
from app.scoring.rules.validity.outcomes import outcomes_of

MINIMUM_PER_CLASS = 10
"""Losses, and likewise renewals, from which on a factor's validity is more than an indication."""

_LEVEL = 0.95
_Z = NormalDist().inv_cdf((1 + _LEVEL) / 2)
_CELLS = 4_000_000  # Of one batch of bootstrap samples, so that memory does not grow with the accounts.


def auc(scores: Numbers, outcomes: Numbers) -> Estimate:
    """Chance that an account with outcome 1 scores above one with outcome 0, ties counting ½.

    DeLong's se and Wald interval, unclipped; `p` is Mann–Whitney's against .50, two-sided. One outcome class only gives
    None and `NO_EVENTS`, one account of a class no se; under ten of a class `THIN`. Raises ValueError for unequal
    lengths, non-finite scores and outcomes other than 0 and 1 (DeLong, DeLong & Clarke-Pearson 1988).
    """
    ones, zeros, warnings = _classes(scores, outcomes)
    n, method = len(ones) + len(zeros), "auc delong"
    if not len(ones) or not len(zeros):
        return Estimate(None, None, None, None, _LEVEL, n, float(n) or None, method, warnings)
    above_zeros, below_ones = _placements(ones, zeros), 1 - _placements(zeros, ones)
    value, p = float(above_zeros.mean()), _mann_whitney(ones, zeros)
    if min(len(ones), len(zeros)) < 2:
        return Estimate(value, None, None, None, _LEVEL, n, float(n), method, [SINGLETON, *warnings], p=p)
    se = math.sqrt(np.var(above_zeros, ddof=1) / len(ones) + np.var(below_ones, ddof=1) / len(zeros))
    warnings = ([ZERO_VAR] if se == 0 else []) + warnings
    return Estimate(value, se, value - _Z * se, value + _Z * se, _LEVEL, n, float(n), method, warnings, p=p)


def bootstrap_auc(scores: Numbers, outcomes: Numbers, *, seed: int, replicates: int = 2000) -> Estimate:
    """The AUC with the percentile interval of a stratified bootstrap: each outcome class is drawn anew by itself.

    The same seed gives the same interval. Edges, `p` and errors as in `auc` (Efron & Tibshirani 1993).
    """
    plain = dataclasses.replace(auc(scores, outcomes), method="auc bootstrap")
    if plain.se is None:
        return plain
    from scipy.stats import bootstrap

    ones, zeros, _ = _classes(scores, outcomes)
    distinct, ranks = np.unique(np.concatenate((ones, zeros)), return_inverse=True)
    drawn = bootstrap(
        (ranks[: len(ones)], ranks[len(ones) :]),
        lambda first, second: _area_of_ranks(first, second, len(distinct)),
        n_resamples=replicates,
        batch=max(1, _CELLS // plain.n),
        vectorized=False,
        method="percentile",
        rng=np.random.default_rng(seed),
    )
    interval = drawn.confidence_interval
    return dataclasses.replace(plain, se=float(drawn.standard_error), lo=float(interval.low), hi=float(interval.high))


def point_biserial(scores: Numbers, outcomes: Numbers) -> Estimate:
    """Pearson's r of a score with an outcome 0/1; one outcome class only gives `NO_EVENTS`, else as `pearson`."""
    _, _, warnings = _classes(scores, outcomes)
    r = pearson(scores, outcomes)
    return dataclasses.replace(
        r, method="point biserial", warnings=list(dict.fromkeys([*(w for w in warnings if w != THIN), *r.warnings]))
    )


def mutual_information(x: Sequence[Any] | NDArray[Any], y: Sequence[Any] | NDArray[Any]) -> float:
    """Bits that one discrete sequence tells about the other, from their joint counts.

    Labels may be of any kind. Raises ValueError for unequal lengths, for none at all and for NaN, which is no label
    (Shannon 1948; Cover & Thomas 2006, ch. 2).
    """
    from sklearn.metrics import mutual_info_score

    same_length(x, y)
    if not len(x):
        raise ValueError("without pairs there is no information to measure")
    first, second = _labels(x), _labels(y)
    return max(float(mutual_info_score(first, second)) / math.log(2), 0.0)


def _classes(scores: Numbers, outcomes: Numbers) -> tuple[FloatArray, FloatArray, list[str]]:
    values, happened = numbers(scores, "scores"), outcomes_of(outcomes)
    same_length(values, happened)
    ones, zeros = values[happened], values[~happened]
    if not len(values):
        return ones, zeros, [EMPTY]
    if not len(ones) or not len(zeros):
        return ones, zeros, [NO_EVENTS]
    return ones, zeros, [THIN] if min(len(ones), len(zeros)) < MINIMUM_PER_CLASS else []


def _placements(values: FloatArray, others: FloatArray) -> FloatArray:
    """Of each value, the share of others below it, equal ones counting half."""
    row = np.sort(others)
    below, up_to = np.searchsorted(row, values, side="left"), np.searchsorted(row, values, side="right")
    share: FloatArray = (below + up_to) / (2 * len(others))
    return share


def _area_of_ranks(ones: IntArray, zeros: IntArray, levels: int) -> float:
    """The AUC of scores as positions among their distinct values: counting is faster than sorting every sample anew."""
    counts = np.bincount(zeros, minlength=levels)
    placed = np.cumsum(counts) - counts / 2
    return float(placed[ones].mean()) / len(zeros)


def _mann_whitney(ones: FloatArray, zeros: FloatArray) -> float | None:
    from scipy.stats import mannwhitneyu

    if np.ptp(np.concatenate((ones, zeros))) == 0:
        return None
    return float(mannwhitneyu(ones, zeros).pvalue)


def _labels(values: Sequence[Any] | NDArray[Any]) -> NDArray[np.int64]:
    labels, positions = codes(values)
    if any(isinstance(label, float) and math.isnan(label) for label in labels):
        raise ValueError("NaN is no label")
    return positions
