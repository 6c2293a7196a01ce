"""Correlation and concordance of two scores: Pearson, Spearman, Kendall, and Lin's coefficient."""

import math
from statistics import NormalDist

import numpy as np

from app.scoring.rules.estimates import EMPTY, SINGLETON, THIN, ZERO_VAR, Estimate
from app.scoring.rules.inputs import FloatArray, Numbers, pairs

MINIMUM_PAIRS = 10
"""Pairs from which on a correlation, κ or limits of agreement are more than an indication."""

_LEVEL = 0.95
_Z = NormalDist().inv_cdf((1 + _LEVEL) / 2)


def pearson(x: Numbers, y: Numbers) -> Estimate:
    """Pearson's r with p by t and interval tanh(atanh r ± z/√(n − 3)); se by the delta method.

    A constant score gives None and `ZERO_VAR`; under ten pairs `THIN`. Raises ValueError for unequal lengths and
    non-finite numbers (Fisher 1921).
    """
    first, second = pairs(x, y)
    if warning := _not_estimable(first, second):
        return _none(len(first), "pearson", warning)
    r, n = _r(first, second), len(first)
    return _fisher(r, _p_by_t(r, n), n, 1 / (n - 3) if n > 3 else None, "pearson")


def spearman(x: Numbers, y: Numbers) -> Estimate:
    """Spearman's ρ (average ranks) with p by t and the interval of Bonett & Wright, s² = (1 + ρ²/2)/(n − 3).

    Edges and errors as in `pearson` (Bonett & Wright 2000).
    """
    from scipy.stats import rankdata

    first, second = pairs(x, y)
    if warning := _not_estimable(first, second):
        return _none(len(first), "spearman", warning)
    rho, n = _r(rankdata(first), rankdata(second)), len(first)
    return _fisher(rho, _p_by_t(rho, n), n, (1 + rho**2 / 2) / (n - 3) if n > 3 else None, "spearman")


def kendall(x: Numbers, y: Numbers) -> Estimate:
    """Kendall's τ_b with scipy's p (exact where it can be) and interval with s² = .437/(n − 4).

    Edges and errors as in `pearson` (Kendall 1945; Fieller, Hartley & Pearson 1957).
    """
    from scipy.stats import kendalltau

    first, second = pairs(x, y)
    if warning := _not_estimable(first, second):
        return _none(len(first), "kendall", warning)
    n, result = len(first), kendalltau(first, second)
    return _fisher(_unit(result.statistic), float(result.pvalue), n, 0.437 / (n - 4) if n > 4 else None, "kendall")


def lin_ccc(x: Numbers, y: Numbers) -> Estimate:
    """Lin's concordance ρ_c = 2s_xy/(s_x² + s_y² + (x̄ − ȳ)²), moments with divisor n, interval by Fisher's z.

    Variance of Lin (1989) as corrected in 2000, divisor n − 2. Edges and errors as in `pearson`.
    """
    first, second = pairs(x, y)
    if warning := _not_estimable(first, second):
        return _none(len(first), "lin ccc", warning)
    n, r = len(first), _r(first, second)
    sx, sy, shift = float(first.std()), float(second.std()), float(first.mean() - second.mean())
    accuracy = 2 * sx * sy / (sx**2 + sy**2 + shift**2)
    ccc = r * accuracy
    if n < 3:
        return Estimate(ccc, None, None, None, _LEVEL, n, float(n), "lin ccc", _thin(n))
    # Written with C_b = ρ_c/r, so that r = 0 divides by nothing.
    u2 = shift**2 / (sx * sy)
    variance = (1 - r**2) * accuracy**2 * (1 - ccc**2) + 2 * accuracy * ccc**2 * (1 - ccc) * u2
    variance = max(variance - 0.5 * accuracy**2 * ccc**2 * u2**2, 0.0) / (n - 2)
    lo, hi = _tanh_limits(ccc, math.sqrt(variance) / (1 - ccc**2) if abs(ccc) < 1 else 0.0)
    return Estimate(ccc, math.sqrt(variance), lo, hi, _LEVEL, n, float(n), "lin ccc", _thin(n))


def _fisher(r: float, p: float | None, n: int, variance: float | None, method: str) -> Estimate:
    if variance is None:
        return Estimate(r, None, None, None, _LEVEL, n, float(n), method, _thin(n), p=p)
    s = math.sqrt(variance)
    lo, hi = _tanh_limits(r, s)
    return Estimate(r, (1 - r**2) * s, lo, hi, _LEVEL, n, float(n), method, _thin(n), p=p)


def _tanh_limits(r: float, s: float) -> tuple[float, float]:
    if abs(r) >= 1:
        return r, r
    return math.tanh(math.atanh(r) - _Z * s), math.tanh(math.atanh(r) + _Z * s)


def _p_by_t(r: float, n: int) -> float | None:
    from scipy.special import stdtr

    if n < 3:
        return None
    if abs(r) >= 1:
        return 0.0
    return 2 * float(stdtr(n - 2, -abs(r) * math.sqrt((n - 2) / (1 - r**2))))


def _r(x: FloatArray, y: FloatArray) -> float:
    dx, dy = x - x.mean(), y - y.mean()
    return _unit(float((dx / np.linalg.norm(dx)) @ (dy / np.linalg.norm(dy))))


def _unit(r: float) -> float:
    # A perfect correlation misses ±1 by a rounding error, which atanh would blow up.
    return math.copysign(1.0, r) if abs(r) > 1 - 1e-15 else float(r)


def _not_estimable(x: FloatArray, y: FloatArray) -> str | None:
    if len(x) < 2:
        return SINGLETON if len(x) else EMPTY
    return ZERO_VAR if np.ptp(x) == 0 or np.ptp(y) == 0 else None


def _none(n: int, method: str, warning: str) -> Estimate:
    thin = _thin(n) if n > 1 else []
    return Estimate(None, None, None, None, _LEVEL, n, float(n) if n else None, method, [warning, *thin])


def _thin(n: int) -> list[str]:
    return [THIN] if n < MINIMUM_PAIRS else []
