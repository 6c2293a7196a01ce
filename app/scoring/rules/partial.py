"""What a question tells beyond others: partial rank correlation."""

import math
from collections.abc import Sequence
from statistics import NormalDist

import numpy as np

from app.scoring.rules.estimates import EMPTY, THIN, ZERO_VAR, Estimate
from app.scoring.rules.inputs import FloatArray, Numbers, numbers, pairs, same_length

MINIMUM_PARTIAL = 30
"""Accounts from which on what a question adds to others is more than an indication."""

_LEVEL = 0.95
_Z = NormalDist().inv_cdf((1 + _LEVEL) / 2)


def partial_spearman(x: Numbers, y: Numbers, given: Sequence[Numbers]) -> Estimate:
    """Correlation of the ranks of x and y after those of k other columns were taken out of both by least squares.

    p by t with n − k − 2 degrees of freedom, interval tanh(atanh ρ ± z·s) with s² = (1 + ρ²/2)/(n − k − 3). What the
    others tell completely gives None and `ZERO_VAR`; under thirty `THIN`. Raises ValueError for unequal lengths and
    non-finite numbers (Kendall 1942; Bonett & Wright 2000).
    """
    from scipy.special import stdtr
    from scipy.stats import rankdata

    first, second = pairs(x, y)
    others = [numbers(column, "given") for column in given]
    same_length(first, *others)
    n, k = len(first), len(others)
    thin = [THIN] if n < MINIMUM_PARTIAL else []
    if n < k + 4:
        return _none(n, [THIN] if n else [EMPTY])
    base = np.column_stack([np.ones(n), *(rankdata(column) for column in others)])
    a, b = (_left_over(np.asarray(rankdata(column), dtype=np.float64), base) for column in (first, second))
    if a is None or b is None:
        return _none(n, [ZERO_VAR, *thin])
    rho = min(max(float(a @ b / math.sqrt(float(a @ a) * float(b @ b))), -1.0), 1.0)
    if abs(rho) >= 1 - 1e-12:
        return Estimate(math.copysign(1.0, rho), 0.0, rho, rho, _LEVEL, n, float(n), "partial spearman", thin, p=0.0)
    s, df = math.sqrt((1 + rho**2 / 2) / (n - k - 3)), n - k - 2
    p = 2 * float(stdtr(df, -abs(rho) * math.sqrt(df / (1 - rho**2))))
    lo, hi = math.tanh(math.atanh(rho) - _Z * s), math.tanh(math.atanh(rho) + _Z * s)
    return Estimate(rho, (1 - rho**2) * s, lo, hi, _LEVEL, n, float(n), "partial spearman", thin, df=df, p=p)


def _left_over(ranks: FloatArray, base: FloatArray) -> FloatArray | None:
    rest: FloatArray = ranks - base @ np.linalg.lstsq(base, ranks, rcond=None)[0]
    total = float(np.square(ranks - ranks.mean()).sum())
    return rest if float(rest @ rest) > 1e-9 * max(total, 1.0) else None


def _none(n: int, warnings: list[str]) -> Estimate:
    return Estimate(None, None, None, None, _LEVEL, n, float(n) if n else None, "partial spearman", warnings)
