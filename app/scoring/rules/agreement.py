"""Agreement of two measures of the same accounts: Bland–Altman, paired gaps, adjusted p; door to the rest."""

import dataclasses
import functools
import math
from dataclasses import dataclass, field

import numpy as np

from app.scoring.rules.correlations import MINIMUM_PAIRS, kendall, lin_ccc, pearson, spearman
from app.scoring.rules.estimates import EMPTY, SINGLETON, THIN, ZERO_VAR
from app.scoring.rules.inputs import FloatArray, Numbers, numbers, pairs
from app.scoring.rules.kappa import StuartMaxwell, kappa, percent_agreement, stuart_maxwell
from app.scoring.rules.modes import Icc, ModeVerdict, Tost, icc, tost_paired

__all__ = [
    "MINIMUM_PAIRS",
    "BlandAltman",
    "Icc",
    "ModeVerdict",
    "PairedGap",
    "StuartMaxwell",
    "Tost",
    "benjamini_hochberg",
    "bland_altman",
    "icc",
    "kappa",
    "kendall",
    "lin_ccc",
    "paired_gap",
    "paired_t",
    "pearson",
    "percent_agreement",
    "spearman",
    "stuart_maxwell",
    "tost_paired",
]

_LIMIT = 1.96
_SMALL = 20  # From this many pairs on the t test needs no rank test beside it.


@dataclass(frozen=True)
class BlandAltman:
    """Bias with its 95 % t interval, s_d, limits of agreement with se and intervals, slope of d on the average."""

    bias: float | None
    sd: float | None
    lower: float | None
    upper: float | None
    bias_lo: float | None
    bias_hi: float | None
    slope: float | None
    limit_se: float | None
    n: int = 0
    warnings: list[str] = field(default_factory=list)
    lower_interval: tuple[float, float] | None = None
    upper_interval: tuple[float, float] | None = None


@dataclass(frozen=True)
class PairedGap:
    """Mean difference with paired t test, 95 % interval, d_z and (under 20 pairs) Wilcoxon's two-sided p."""

    mean: float | None
    t: float | None
    df: int | None
    p: float | None
    lo: float | None
    hi: float | None
    d_z: float | None
    wilcoxon_p: float | None
    n: int = 0
    warnings: list[str] = field(default_factory=list)


def bland_altman(x: Numbers, y: Numbers) -> BlandAltman:
    """Limits of agreement bias ± 1.96·s_d of d = x − y, in the scores' unit.

    limit_se = s_d·√(1/n + 1.96²/(2(n − 1))); intervals by t with n − 1 degrees of freedom. The slope of d on (x + y)/2
    shows proportional bias; None where the averages are all equal. One pair gives the bias only (`SINGLETON`), fewer
    than ten add `THIN`. Raises ValueError for unequal lengths and non-finite numbers (Bland & Altman 1986, 1999).
    """
    first, second = pairs(x, y)
    d, n = first - second, len(first)
    if n < 2:
        bias = float(d[0]) if n else None
        return BlandAltman(bias, *(None,) * 7, n, [SINGLETON if n else EMPTY])
    bias, sd = _mean(d), _sd(d)
    reach = _t_quantile(n - 1)
    limit_se = sd * math.sqrt(1 / n + _LIMIT**2 / (2 * (n - 1)))
    lower, upper, margin = bias - _LIMIT * sd, bias + _LIMIT * sd, reach * sd / math.sqrt(n)
    return BlandAltman(
        bias=bias,
        sd=sd,
        lower=lower,
        upper=upper,
        bias_lo=bias - margin,
        bias_hi=bias + margin,
        slope=_slope((first + second) / 2, d),
        limit_se=limit_se,
        n=n,
        warnings=([ZERO_VAR] if sd == 0 else []) + ([THIN] if n < MINIMUM_PAIRS else []),
        lower_interval=(lower - reach * limit_se, lower + reach * limit_se),
        upper_interval=(upper - reach * limit_se, upper + reach * limit_se),
    )


def paired_gap(x: Numbers, y: Numbers) -> PairedGap:
    """Mean of d = x − y over accounts with paired t test (two-sided), 95 % interval and d_z = mean/s_d.

    Wilcoxon's signed-rank p stands beside it under 20 pairs. Differences without spread have a mean but no test
    (`ZERO_VAR`), one pair neither (`SINGLETON`). Raises ValueError for unequal lengths and non-finite numbers
    (Student 1908; Wilcoxon 1945; Cohen 1988).
    """
    found = paired_t(x, y)
    if found.t is None or found.n >= _SMALL:
        return found
    first, second = pairs(x, y)
    return dataclasses.replace(found, wilcoxon_p=_wilcoxon(tuple((first - second).tolist())))


def paired_t(x: Numbers, y: Numbers) -> PairedGap:
    """`paired_gap` without Wilcoxon's p, which takes a tenth of a second where few pairs are tied."""
    from scipy.special import stdtr

    first, second = pairs(x, y)
    d, n = first - second, len(first)
    if n < 2:
        return PairedGap(float(d[0]) if n else None, *(None,) * 7, n, [SINGLETON if n else EMPTY])
    mean, sd = _mean(d), _sd(d)
    if sd == 0:
        return PairedGap(mean, None, n - 1, *(None,) * 5, n, [ZERO_VAR])
    t = mean / (sd / math.sqrt(n))
    reach = _t_quantile(n - 1) * sd / math.sqrt(n)
    p = 2 * float(stdtr(n - 1, -abs(t)))
    return PairedGap(mean, t, n - 1, p, mean - reach, mean + reach, mean / sd, None, n)


def benjamini_hochberg(p_values: Numbers) -> list[float]:
    """p-values adjusted for the false discovery rate, in the order handed over; raises ValueError outside 0–1.

    (Benjamini & Hochberg 1995.)
    """
    p = numbers(p_values, "p-values", minimum=0, maximum=1)
    n = len(p)
    falling = np.argsort(-p, kind="stable")
    # The largest p has rank n; a smaller one may never be adjusted above a larger one.
    adjusted = np.minimum.accumulate(p[falling] * (n / np.arange(n, 0, -1)))
    result = np.empty(n)
    result[falling] = np.minimum(adjusted, 1.0)
    return [float(x) for x in result]


def _mean(d: FloatArray) -> float:
    return float(d[0] + (d - d[0]).mean())


def _sd(d: FloatArray) -> float:
    return float(np.std(d - d[0], ddof=1))


def _slope(average: FloatArray, d: FloatArray) -> float | None:
    centred = average - average.mean()
    if np.ptp(average) == 0:
        return None
    return float(centred @ (d - _mean(d)) / (centred @ centred))


@functools.lru_cache(maxsize=64)
def _wilcoxon(d: tuple[float, ...]) -> float:
    # The same pairs come again with every scoring, and the exact test of few tied ones takes a fifth of a second.
    from scipy.stats import wilcoxon

    return float(wilcoxon(np.array(d)).pvalue)


def _t_quantile(df: int) -> float:
    from scipy.special import stdtrit

    return float(stdtrit(df, 0.975))
