"""Estimates with their standard errors: stratified and clustered samples, NPS and Wilson's proportion."""

import dataclasses
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import NormalDist
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.scoring.rules.inputs import BoolArray, FloatArray, IntArray, Numbers, codes, numbers, same_length, weights_of

EMPTY = "EMPTY"
SINGLETON = "SINGLETON"
ZERO_VAR = "ZERO_VAR"
THIN = "THIN"
STRATUM_MISSING = "STRATUM_MISSING"
NO_EVENTS = "NO_EVENTS"
NOT_CONVERGED = "NOT_CONVERGED"

MINIMUM_ACCOUNTS = 5
"""Accounts from which on a portfolio interval is more than an indication."""

_LEVEL = 0.95
_NOISE = 1e-14  # Relative; what rounding leaves of a difference between equal numbers.
_NPS_RAISED = (0.75, 1.5, 0.75)

Labels = Sequence[Any] | NDArray[Any]


@dataclass(frozen=True)
class Estimate:
    """A figure and how sure it is; whatever is not estimable or does not apply is None, with a code in `warnings`."""

    value: float | None
    se: float | None
    lo: float | None
    hi: float | None
    level: float
    n: int
    n_eff: float | None
    method: str
    warnings: list[str] = field(default_factory=list)
    df: int | None = None
    deff: float | None = None
    p: float | None = None


@dataclass(frozen=True)
class _Sample:
    values: FloatArray
    weights: FloatArray
    stratum: IntArray
    population: FloatArray | None
    missing: bool

    @property
    def sizes(self) -> FloatArray:
        return np.bincount(self.stratum).astype(np.float64)

    @property
    def census(self) -> BoolArray:
        return np.zeros(len(self.sizes), dtype=np.bool_) if self.population is None else self.sizes >= self.population


def nothing(method: str, *warnings: str, level: float = _LEVEL) -> Estimate:
    """The estimate of an empty sample: no value, `EMPTY`."""
    return Estimate(None, None, None, None, level, 0, None, method, [EMPTY, *warnings])


def scaled(estimate: Estimate, factor: float) -> Estimate:
    """The same estimate in another unit: value, se and interval times a positive factor."""
    old = (estimate.value, estimate.se, estimate.lo, estimate.hi)
    value, se, lo, hi = (None if part is None else factor * part for part in old)
    return dataclasses.replace(estimate, value=value, se=se, lo=lo, hi=hi)


def effective_size(weights: FloatArray) -> float:
    """Kish's effective sample size (Σw)²/Σw² (Kish 1965); 0.0 without any weight."""
    squares = float(np.square(weights).sum())
    return float(weights.sum()) ** 2 / squares if squares > 0 else 0.0


def stratified_mean(
    values: Numbers, strata: Labels, population_sizes: Mapping[Any, float] | None, *, weights: Numbers | None = None
) -> Estimate:
    """Weighted mean of a stratified sample, one value per account, in the values' own unit.

    `population_sizes` maps stratum → N_h and gives both weights N_h/n_h and the finite population correction
    1 − n_h/N_h; None means no correction and then `weights` are required. Variance by linearisation between accounts,
    t interval with accounts − strata degrees of freedom, strata taken whole excluded (variance 0). A stratum of the
    population without accounts gives `STRATUM_MISSING`: the estimate covers the rest. A lone account in a stratum not
    taken whole gives no se. Raises ValueError for unknown strata, n_h > N_h and unequal lengths
    (Lohr 1999, ch. 4; Lumley 2010, ch. 2).
    """
    method = "stratified mean"
    sample = _sample(values, strata, population_sizes, weights)
    if not len(sample.values):
        return nothing(method, *_missing(sample))
    mean = _weighted_mean(sample.values, sample.weights)
    variance = _stratified_variance(sample.weights / sample.weights.sum() * (sample.values - mean), sample)
    return _by_t(sample, method, mean, variance, _simple_variance(sample, mean))


def stratified_total(
    values: Numbers, strata: Labels, population_sizes: Mapping[Any, float] | None, *, weights: Numbers | None = None
) -> Estimate:
    """Weighted total Σw·y of a stratified sample; arguments, interval and errors as in `stratified_mean`."""
    method = "stratified total"
    sample = _sample(values, strata, population_sizes, weights)
    if not len(sample.values):
        return nothing(method, *_missing(sample))
    expanded = sample.weights * sample.values
    simple = _simple_variance(sample, _weighted_mean(sample.values, sample.weights))
    size = float(sample.weights.sum())
    variance = _stratified_variance(expanded, sample)
    return _by_t(sample, method, float(expanded.sum()), variance, None if simple is None else simple * size**2)


def stratified_proportion(
    values: Numbers, strata: Labels, population_sizes: Mapping[Any, float] | None, *, weights: Numbers | None = None
) -> Estimate:
    """Weighted share 0–1 of accounts whose value is 1; arguments as in `stratified_mean`.

    The se is linearised; the interval is Wilson's with n/deff, so it works at 0 and at 1. Raises ValueError for values
    other than 0 and 1 (Korn & Graubard 1998; Wilson 1927).
    """
    if not np.isin(numbers(values, "values"), (0.0, 1.0)).all():
        raise ValueError("a proportion's values are 0 or 1")
    mean = dataclasses.replace(stratified_mean(values, strata, population_sizes, weights=weights), method="wilson")
    if mean.value is None or mean.se is None or (mean.se == 0 and mean.df == 0):
        return mean
    # Without variance between accounts deff says nothing; the interval then rests on the plain number of accounts.
    lo, hi = _wilson_limits(min(max(mean.value, 0.0), 1.0), mean.n / mean.deff if mean.deff else mean.n, _LEVEL)
    return dataclasses.replace(mean, lo=lo, hi=hi)


def cluster_mean(
    values: Numbers, clusters: Labels, weights: Numbers, *, clusters_in_population: int | None = None
) -> Estimate:
    """Weighted mean over units in clusters (stakeholders in accounts), se from variation between clusters only.

    `n` counts clusters; the correction is 1 − n/clusters_in_population; `n_eff` is Kish's over the units' weights; t
    interval with n − 1 degrees of freedom. One cluster: no se, `SINGLETON`. Raises ValueError for unequal lengths and
    for more clusters than the population has (Lohr 1999, ch. 5).
    """
    y, cluster, w, fpc = _clusters(values, clusters, weights, clusters_in_population)
    if not len(y):
        return nothing("cluster mean")
    mean = _weighted_mean(y, w)
    variance = _between(np.bincount(cluster, w * (y - mean) / w.sum()), fpc)
    simple = _unit_variance(y, w, mean, corrected=clusters_in_population is not None)
    return _by_clusters(cluster, w, method="cluster mean", value=mean, variance=variance, simple=simple)


def cluster_total(
    values: Numbers, clusters: Labels, weights: Numbers, *, clusters_in_population: int | None = None
) -> Estimate:
    """Weighted total Σw·y over units in clusters, else as `cluster_mean`.

    With weights 1/π this is the Horvitz–Thompson total (Horvitz & Thompson 1952).
    """
    y, cluster, w, fpc = _clusters(values, clusters, weights, clusters_in_population)
    if not len(y):
        return nothing("cluster total")
    variance = _between(np.bincount(cluster, w * y), fpc)
    size = float(w.sum())
    simple = _unit_variance(y, w, _weighted_mean(y, w), corrected=clusters_in_population is not None)
    simple = None if simple is None else simple * size**2
    return _by_clusters(cluster, w, method="cluster total", value=float(w @ y), variance=variance, simple=simple)


def nps(promoters: float, passives: float, detractors: float, *, level: float = _LEVEL) -> Estimate:
    """Net promoter score −100…100 from counts; se in points from the raw counts with divisor n.

    The adjusted-Wald interval comes wholly from the counts raised by ¾, 1½ and ¾, and is not clipped, so it keeps its
    width when all are promoters. Raises ValueError for negative counts (Rocks 2016).
    """
    counts = numbers([promoters, passives, detractors], "counts", minimum=0)
    z = _z(level)
    n = float(counts.sum())
    if n == 0:
        return nothing("nps", level=level)
    score, variance = _net(counts)
    centre, raised = _net(counts + _NPS_RAISED)
    reach = z * math.sqrt(raised / (n + sum(_NPS_RAISED)))
    se = None if n == 1 else 100 * math.sqrt(variance / n)
    limits = 100 * (centre - reach), 100 * (centre + reach)
    return Estimate(100 * score, se, *limits, level, round(n), n, "nps adjusted wald", _size_warnings(round(n), se))


def nps_code(score: float) -> int:
    """An answer's code: promoter (9–10) 1, passive (7–8) 0, detractor (0–6) −1; raises ValueError outside 0…10."""
    if score not in range(11):
        raise ValueError(f"{score} is no answer of 0–10")
    return int(score >= 9) - int(score <= 6)


def nps_from_scores(scores: Numbers) -> Estimate:
    """Net promoter score of unweighted answers 0–10; see `nps`."""
    answered = [nps_code(score) for score in numbers(scores, "scores")]
    return nps(answered.count(1), answered.count(0), answered.count(-1))


def stratified_nps(
    scores: Numbers, strata: Labels, population_sizes: Mapping[Any, float] | None, *, weights: Numbers | None = None
) -> Estimate:
    """Net promoter score −100…100 of a stratified sample: 100 · `stratified_mean` of the codes of answers 0–10."""
    answered = [nps_code(score) for score in numbers(scores, "scores")]
    mean = stratified_mean(answered, strata, population_sizes, weights=weights)
    return dataclasses.replace(scaled(mean, 100), method="stratified nps")


def wilson(successes: float, n: float, *, level: float = _LEVEL) -> Estimate:
    """Share 0–1 with Wilson's score interval; works at 0 and n successes. `n` may be an effective size.

    Raises ValueError unless 0 ≤ successes ≤ n (Wilson 1927; Newcombe 1998, method 3).
    """
    hits, size = numbers([successes, n], "counts", minimum=0).tolist()
    _z(level)
    if hits > size:
        raise ValueError("more successes than trials")
    if size == 0:
        return nothing("wilson", level=level)
    share = hits / size
    se = None if size <= 1 else math.sqrt(share * (1 - share) / size)
    warnings = [] if size > 1 else [SINGLETON]
    return Estimate(share, se, *_wilson_limits(share, size, level), level, round(size), size, "wilson", warnings)


def _sample(values: Numbers, strata: Labels, sizes: Mapping[Any, float] | None, weights: Numbers | None) -> _Sample:
    y = numbers(values, "values")
    same_length(y, strata)
    labels, stratum = codes(strata)
    if sizes is None:
        if weights is None:
            raise ValueError("without population sizes the weights are required")
        return _Sample(y, weights_of(weights, len(y)), stratum, None, missing=False)
    unknown = [label for label in labels if label not in sizes]
    if unknown:
        raise ValueError(f"no population size for stratum {unknown[0]}")
    everyone = numbers(list(sizes.values()), "population sizes", minimum=0)
    population = np.array([sizes[label] for label in labels], dtype=np.float64)
    drawn = np.bincount(stratum, minlength=len(labels))
    if (drawn > population).any():
        raise ValueError("a stratum has more accounts in the sample than in the population")
    w = population[stratum] / drawn[stratum] if weights is None else weights_of(weights, len(y))
    return _Sample(y, w, stratum, population, missing=bool((everyone > 0).sum() > len(labels)))


def _weighted_mean(values: FloatArray, weights: FloatArray) -> float:
    # Measured from the first value, so that equal values have exactly their own value as mean and no spread.
    return float(values[0] + weights @ (values - values[0]) / weights.sum())


def _stratified_variance(z: FloatArray, sample: _Sample) -> float | None:
    n, census = sample.sizes, sample.census
    if ((n == 1) & ~census).any():
        return None
    deviations = z - (np.bincount(sample.stratum, z) / n)[sample.stratum]
    deviations[np.abs(deviations) <= _NOISE * np.abs(z)] = 0.0
    spread = np.bincount(sample.stratum, np.square(deviations))
    fpc = np.ones(len(n)) if sample.population is None else 1 - n / sample.population
    terms = fpc * n / np.maximum(n - 1, 1) * spread
    return float(terms[~census].sum())


def _simple_variance(sample: _Sample, mean: float) -> float | None:
    return _unit_variance(sample.values, sample.weights, mean, corrected=sample.population is not None)


def _unit_variance(y: FloatArray, w: FloatArray, mean: float, *, corrected: bool) -> float | None:
    """The variance that a simple random sample of the same size would give the mean: the base of deff."""
    n, size = len(y), float(w.sum())
    if n < 2:
        return None
    variance = n / (n - 1) * float(w @ np.square(y - mean)) / size
    return (1 - n / size if corrected else 1.0) * variance / n


def _by_t(sample: _Sample, method: str, value: float, variance: float | None, simple: float | None) -> Estimate:
    free = sample.sizes[~sample.census]
    df = int(free.sum() - len(free))
    se = None if variance is None else math.sqrt(variance)
    exact = bool(sample.census.all())
    return _interval(
        Estimate(
            value,
            se,
            lo=None,
            hi=None,
            level=_LEVEL,
            n=len(sample.values),
            n_eff=effective_size(sample.weights),
            method=method,
            warnings=_missing(sample) + ([] if exact else _size_warnings(len(sample.values), se)),
            df=df,
            deff=_ratio(variance, simple),
        )
    )


def _clusters(
    values: Numbers, clusters: Labels, weights: Numbers, population: int | None
) -> tuple[FloatArray, IntArray, FloatArray, float]:
    y = numbers(values, "values")
    same_length(y, clusters)
    labels, cluster = codes(clusters)
    if population is not None and not len(labels) <= population < math.inf:
        raise ValueError("more clusters in the sample than in the population")
    return y, cluster, weights_of(weights, len(y)), 1 - len(labels) / population if population else 1.0


def _between(z: NDArray[Any], fpc: float) -> float | None:
    return None if len(z) < 2 else fpc * len(z) * float(np.var(z, ddof=1))


def _by_clusters(
    cluster: IntArray, w: FloatArray, *, method: str, value: float, variance: float | None, simple: float | None
) -> Estimate:
    n = int(cluster.max()) + 1
    se = None if variance is None else math.sqrt(variance)
    warnings, deff = _size_warnings(n, se), _ratio(variance, simple)
    return _interval(
        Estimate(value, se, None, None, _LEVEL, n, effective_size(w), method, warnings, df=n - 1, deff=deff)
    )


def _interval(estimate: Estimate) -> Estimate:
    """Adds the t interval; with nothing left to chance (se 0) it is the value itself."""
    if estimate.value is None or estimate.se is None:
        return estimate
    reach = 0.0 if estimate.se == 0 or not estimate.df else _t(estimate.df) * estimate.se
    return dataclasses.replace(estimate, lo=estimate.value - reach, hi=estimate.value + reach)


def _t(df: int) -> float:
    from scipy.special import stdtrit

    return float(stdtrit(df, (1 + _LEVEL) / 2))


def _z(level: float) -> float:
    if not 0 < level < 1:
        raise ValueError(f"level {level} is not between 0 and 1")
    return NormalDist().inv_cdf((1 + level) / 2)


def _wilson_limits(share: float, n: float, level: float) -> tuple[float, float]:
    z = _z(level)
    centre = (share + z * z / (2 * n)) / (1 + z * z / n)
    reach = z / (1 + z * z / n) * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    # The limits at 0 and n successes are exact; the arithmetic would leave a rounding error there.
    return (0.0 if share == 0 else centre - reach), (1.0 if share == 1 else centre + reach)


def _net(counts: FloatArray) -> tuple[float, float]:
    p = counts / counts.sum()
    net = float(p[0] - p[2])
    return net, max(float(p[0] + p[2]) - net**2, 0.0)


def _ratio(variance: float | None, simple: float | None) -> float | None:
    return variance / simple if variance is not None and simple is not None and simple > 0 else None


def _missing(sample: _Sample) -> list[str]:
    return [STRATUM_MISSING] if sample.missing else []


def _size_warnings(n: int, se: float | None) -> list[str]:
    warnings = [SINGLETON] if se is None else [ZERO_VAR] if se == 0 else []
    return warnings + ([THIN] if n < MINIMUM_ACCOUNTS else [])
