"""The two-phase estimate: some of the silent are followed up, and what they say speaks for all who are silent."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from app.scoring.rules.estimates import (
    EMPTY,
    MINIMUM_ACCOUNTS,
    SINGLETON,
    THIN,
    Estimate,
    effective_size,
)
from app.scoring.rules.inputs import BoolArray, FloatArray, codes, same_length, weights_of

METHOD = "two-phase mean (Hansen–Hurwitz)"
_LEVEL = 0.95


@dataclass(frozen=True)
class TwoPhase:
    """The estimate and what it is made of; means are None where nobody of the class has a value."""

    estimate: Estimate
    share_responding: float | None
    mean_responding: float | None
    responding: int
    share_silent: float | None
    mean_silent: float | None
    silent: int
    followed_up: int


@dataclass(frozen=True)
class _Class:
    """The silent: their share D₂ of the weights, n₂ of them, m with a value, its mean and variance."""

    share: float
    n: int
    m: int
    mean: float
    variance: float


def two_phase_mean(
    values: FloatArray,
    is_silent: BoolArray,
    strata: Sequence[str],
    population_sizes: Mapping[str, int],
    *,
    weights: FloatArray,
) -> TwoPhase:
    """Mean over all accounts asked from those who responded and a simple random sample of the silent.

    One entry per account asked: its value, NaN where there is none, and whether it was silent when the sample was
    drawn; every silent account with a value was followed up. With D the share of the weights in a class, its mean is

        ȳ = D₁·ȳ₁ + D₂·ȳ₂,   ȳ₂ the mean of those followed up   (Hansen & Hurwitz 1946).

    Variance v = v₁ + v₂. Second phase: v₂ = D₂²·(1 − m/n₂)·s₂²/m for m followed up of n₂ silent. First phase: what the
    stratified mean would have if all were heard, v₁ = Σ_h (1 − n_h/N_h)·n_h/(n_h − 1)·[Σ(z − z̄_h)² + a·s₂²·Σ_silent d²]
    with z = d(y − ȳ), ȳ₂ standing for y where an account is silent, d = w/Σw and a = [(n₂ − 1) − D₁(n₂/m − 1)]/n₂; it
    gives the silent the variance that a single mean hides and takes off what the follow-up's own chance puts in. In one
    stratum v is the unbiased estimator of double sampling for stratification with all of the first class taken (Rao
    1973; Cochran 1977, ch. 12 and 13); with m = n₂ it is the variance of the plain mean. t interval by Satterthwaite's
    degrees of freedom. Raises ValueError for unequal lengths, negative weights and strata without a size.
    """
    same_length(values, is_silent, strata)
    w = weights_of(weights, len(values))
    known = ~np.isnan(values)
    first, second = ~is_silent & known, is_silent & known
    counts = (int(first.sum()), int(is_silent.sum()), int(second.sum()))
    if not counts[0] + counts[1]:
        return TwoPhase(_none(0, EMPTY), None, None, 0, None, None, 0, 0)
    covered = first | is_silent
    d = np.where(covered, w, 0.0) / w[covered].sum()
    share = float(d[is_silent].sum())
    means = [_mean(values[each], d[each]) for each in (first, second)]
    estimate = _estimate(_Phase(values, d, first, is_silent), _Strata(strata, population_sizes), share, means)
    return TwoPhase(estimate, 1 - share, means[0], counts[0], share, means[1], counts[1], counts[2])


@dataclass(frozen=True)
class _Phase:
    """The accounts asked: values, shares of the weights, who responded with a value, who was silent."""

    values: FloatArray
    d: FloatArray
    first: BoolArray
    silent: BoolArray


@dataclass(frozen=True)
class _Strata:
    labels: Sequence[str]
    sizes: Mapping[str, int]


def _estimate(phase: _Phase, strata: _Strata, share: float, means: Sequence[float | None]) -> Estimate:
    second = phase.silent & ~np.isnan(phase.values)
    n = int(phase.first.sum() + second.sum())
    if (phase.silent.any() and means[1] is None) or (phase.first.any() and means[0] is None):
        return _none(n, EMPTY)
    spread = _variance(phase.values[second], phase.d[second])
    rest = _Class(share, int(phase.silent.sum()), int(second.sum()), means[1] or 0.0, spread)
    mean = (1 - share) * (means[0] or 0.0) + share * rest.mean
    v1, free = _first_phase(phase, strata, rest, mean)
    v2 = rest.share**2 * (1 - rest.m / rest.n) * rest.variance / rest.m if rest.n else 0.0
    if math.isnan(v1 + v2):
        return Estimate(mean, None, None, None, _LEVEL, n, None, METHOD, [SINGLETON])
    thin = [THIN] if n < MINIMUM_ACCOUNTS or rest.m < min(MINIMUM_ACCOUNTS, rest.n) else []
    se = math.sqrt(v1 + v2)
    df = _satterthwaite((v1, free), (v2, rest.m - 1))
    reach = 0.0 if se == 0 else _t(df) * se
    lo, hi = (None, None) if thin else (mean - reach, mean + reach)
    size = effective_size(np.append(phase.d[phase.first], np.full(rest.m, share / max(rest.m, 1))))
    return Estimate(mean, se, lo, hi, _LEVEL, n, size, METHOD, thin, df=int(df))


def _first_phase(phase: _Phase, strata: _Strata, rest: _Class, mean: float) -> tuple[float, int]:
    """The variance between accounts of the first phase, and its degrees of freedom."""
    hidden = ((rest.n - 1) - (1 - rest.share) * (rest.n / rest.m - 1)) / rest.n * rest.variance if rest.n else 0.0
    covered = phase.first | phase.silent
    labels, position = codes([label for label, inside in zip(strata.labels, covered, strict=True) if inside])
    unknown = [label for label in labels if label not in strata.sizes]
    if unknown:
        raise ValueError(f"stratum {unknown[0]} has no size")
    completed = np.where(phase.silent, rest.mean, np.nan_to_num(phase.values))
    z = (phase.d * (completed - mean))[covered]
    n = np.bincount(position).astype(np.float64)
    population = np.array([strata.sizes[label] for label in labels], dtype=np.float64)
    centre = np.bincount(position, z) / n
    squares = np.square(z - centre[position]) + hidden * np.square(np.where(phase.silent, phase.d, 0.0)[covered])
    is_open = n < population
    if (is_open & (n < 2)).any():
        return math.nan, 0
    terms = np.maximum(1 - n / population, 0) * n / np.maximum(n - 1, 1) * np.maximum(np.bincount(position, squares), 0)
    return float(terms[is_open].sum()), int(n[is_open].sum() - is_open.sum())


def _mean(values: FloatArray, d: FloatArray) -> float | None:
    return float(values @ d / d.sum()) if len(values) and d.sum() > 0 else None


def _variance(values: FloatArray, d: FloatArray) -> float:
    """The weighted variance with n/(n − 1); 0 of nobody, NaN of one alone."""
    if not len(values):
        return 0.0
    if len(values) < 2:
        return math.nan
    share = d / d.sum()
    return float(len(values) / (len(values) - 1) * (share @ np.square(values - share @ values)))


def _satterthwaite(*parts: tuple[float, int]) -> float:
    total = sum(v for v, _ in parts)
    below = sum(v * v / df for v, df in parts if v > 0 and df > 0)
    return max(total * total / below, 1.0) if below > 0 else 1.0


def _t(df: float) -> float:
    from scipy.special import stdtrit

    return float(stdtrit(df, (1 + _LEVEL) / 2))


def _none(n: int, *codes_: str) -> Estimate:
    return Estimate(None, None, None, None, _LEVEL, n, None, METHOD, list(codes_))
