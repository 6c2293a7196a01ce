"""Whether two ways of asking give the same answer: equivalence of pairs (TOST) and intraclass correlation."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.scoring.rules.correlations import MINIMUM_PAIRS
from app.scoring.rules.estimates import EMPTY, SINGLETON, THIN, ZERO_VAR
from app.scoring.rules.inputs import FloatArray, Numbers, numbers, pairs

_ALPHA = 0.05

_Maybe = float | None
_Six = tuple[_Maybe, _Maybe, _Maybe, _Maybe, _Maybe, _Maybe]

Ratings = Sequence[Sequence[float]] | NDArray[Any]


class ModeVerdict(StrEnum):
    """What a comparison of two ways of asking says; a difference that is not significant alone is never sameness."""

    EQUIVALENT = "equivalent"
    TRIVIAL = "different_but_trivial"
    DIFFERENT = "different"
    UNDECIDED = "undecided"


@dataclass(frozen=True)
class Tost:
    """Mean difference of pairs, both one-sided p against the bounds, 90 % interval, verdict; beside it the paired t."""

    difference: float | None
    p_lower: float | None
    p_upper: float | None
    lo90: float | None
    hi90: float | None
    verdict: ModeVerdict | None
    p: float | None = None
    t_lower: float | None = None
    t_upper: float | None = None
    df: int | None = None
    n: int = 0
    warnings: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Icc:
    """The six intraclass correlations; `f`, `lower` and `upper` (95 %) hold their F and limits in the same order."""

    icc_1_1: float | None
    icc_2_1: float | None
    icc_3_1: float | None
    icc_1_k: float | None
    icc_2_k: float | None
    icc_3_k: float | None
    f: list[float | None] = field(default_factory=lambda: [None] * 6)
    lower: list[float | None] = field(default_factory=lambda: [None] * 6)
    upper: list[float | None] = field(default_factory=lambda: [None] * 6)
    n: int = 0
    warnings: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class _Squares:
    """Mean squares of a targets × raters table: between targets, within, between raters, residual."""

    targets: float
    within: float
    raters: float
    residual: float
    n: int
    k: int


def tost_paired(x: Numbers, y: Numbers, bound: float) -> Tost:
    """Two one-sided tests of the mean of d = x − y against ±bound, in the scores' unit.

    `p_lower` tests against −bound, `p_upper` against +bound. The 90 % interval inside the bounds is `equivalent`, with
    paired p < .05 `different_but_trivial`; else `undecided`, with p < .05 `different`. One pair (`SINGLETON`) and
    differences without spread (`ZERO_VAR`) have no test and no verdict; under ten pairs `THIN`: descriptive only.
    Raises ValueError for unequal lengths, non-finite numbers and a bound that is not positive
    (Schuirmann 1987; Lakens 2017).
    """
    from scipy.special import stdtr, stdtrit

    first, second = pairs(x, y)
    margin = float(numbers([bound], "bound")[0])
    if margin <= 0:
        raise ValueError("the bound of equivalence is positive")
    d, n = first - second, len(first)
    if n < 2:
        return Tost(float(d[0]) if n else None, *(None,) * 5, n=n, warnings=[SINGLETON if n else EMPTY])
    mean, sd = float(d[0] + (d - d[0]).mean()), float(np.std(d - d[0], ddof=1))
    thin = [THIN] if n < MINIMUM_PAIRS else []
    if sd == 0:
        return Tost(mean, *(None,) * 5, df=n - 1, n=n, warnings=[ZERO_VAR, *thin])
    se, df = sd / math.sqrt(n), n - 1
    t_lower, t_upper = (mean + margin) / se, (mean - margin) / se
    p, reach = 2 * float(stdtr(df, -abs(mean / se))), float(stdtrit(df, 0.95)) * se
    return Tost(
        difference=mean,
        p_lower=float(stdtr(df, -t_lower)),
        p_upper=float(stdtr(df, t_upper)),
        lo90=mean - reach,
        hi90=mean + reach,
        verdict=verdict_of(inside=abs(mean) + reach < margin, differs=p < _ALPHA),
        p=p,
        t_lower=t_lower,
        t_upper=t_upper,
        df=df,
        n=n,
        warnings=thin,
    )


def pairs_for_power(sd: float, bound: float) -> int:
    """Pairs for 90 % power to show equivalence where there is no difference: ≈ (1.645 + 1.645)²·s_d²/Δ², rounded up."""
    numbers([sd, bound], "sd and bound", minimum=0)
    if bound == 0:
        raise ValueError("the bound of equivalence is positive")
    return math.ceil((1.645 + 1.645) ** 2 * sd**2 / bound**2)


def icc(ratings: Ratings) -> Icc:
    """Intraclass correlations of targets (rows) × raters (columns) from ANOVA mean squares, in Shrout & Fleiss' names.

    ICC(2,1), two-way with absolute agreement, is the one that compares two ways of asking. A negative one is shown as
    it is. One target gives `SINGLETON`, ratings that are all equal `ZERO_VAR`, under ten targets `THIN`; a ratio
    without denominator is None. Raises ValueError for ragged rows, non-finite numbers and a single rater
    (Shrout & Fleiss 1979; McGraw & Wong 1996).
    """
    table = _table(ratings)
    n = len(table)
    if n < 2:
        return Icc(*(None,) * 6, n=n, warnings=[SINGLETON if n else EMPTY])
    thin = [THIN] if n < MINIMUM_PAIRS else []
    if np.ptp(table) == 0:
        return Icc(*(None,) * 6, n=n, warnings=[ZERO_VAR, *thin])
    squares = _squares(table)
    values = _coefficients(squares)
    lower, upper = _limits(squares, values[1])
    one, two = _ratio(squares.targets, squares.within), _ratio(squares.targets, squares.residual)
    return Icc(*values, f=[one, two, two, one, two, two], lower=lower, upper=upper, n=n, warnings=thin)


def verdict_of(*, inside: bool, differs: bool) -> ModeVerdict:
    """The verdict on a difference: its 90 % interval lies inside the bounds or not, its p is under .05 or not."""
    if inside:
        return ModeVerdict.TRIVIAL if differs else ModeVerdict.EQUIVALENT
    return ModeVerdict.DIFFERENT if differs else ModeVerdict.UNDECIDED


def _table(ratings: Ratings) -> FloatArray:
    rows = [numbers(row, "ratings") for row in ratings]
    widths = {len(row) for row in rows}
    if len(widths) > 1:
        raise ValueError("every target has the same raters")
    if widths and widths.pop() < 2:
        raise ValueError("agreement takes at least two raters")
    return np.array(rows)


def _squares(table: FloatArray) -> _Squares:
    n, k = table.shape
    centred = table - table.mean()
    targets, raters = k * float(np.square(centred.mean(axis=1)).sum()), n * float(np.square(centred.mean(axis=0)).sum())
    left = np.square(centred - centred.mean(axis=1)[:, None] - centred.mean(axis=0)).sum()
    # What rounding leaves of nothing would otherwise become a large F.
    noise = 1e-24 * float(np.square(table).sum())
    targets, raters, rest = (0.0 if part <= noise else part for part in (targets, raters, float(left)))
    return _Squares(
        targets=targets / (n - 1),
        within=(raters + rest) / (n * (k - 1)),
        raters=raters / (k - 1),
        residual=rest / ((n - 1) * (k - 1)),
        n=n,
        k=k,
    )


def _coefficients(s: _Squares) -> _Six:
    between = s.n * (s.targets - s.residual)
    return (
        _ratio(s.targets - s.within, s.targets + (s.k - 1) * s.within),
        _ratio(between, s.n * s.targets + s.n * (s.k - 1) * s.residual + s.k * (s.raters - s.residual)),
        _ratio(s.targets - s.residual, s.targets + (s.k - 1) * s.residual),
        _ratio(s.targets - s.within, s.targets),
        _ratio(between, s.n * s.targets + s.raters - s.residual),
        _ratio(s.targets - s.residual, s.targets),
    )


def _limits(s: _Squares, icc_2_1: float | None) -> tuple[list[float | None], list[float | None]]:
    one = _single_limits(_ratio(s.targets, s.within), s.k, (s.n - 1, s.n * (s.k - 1)))
    three = _single_limits(_ratio(s.targets, s.residual), s.k, (s.n - 1, (s.n - 1) * (s.k - 1)))
    two = _absolute_limits(s, icc_2_1)
    single = (one, two, three)
    lower = [pair[0] for pair in single] + [_stepped_up(pair[0], s.k) for pair in single]
    upper = [pair[1] for pair in single] + [_stepped_up(pair[1], s.k) for pair in single]
    return lower, upper


def _single_limits(f: float | None, k: int, free: tuple[int, int]) -> tuple[float | None, float | None]:
    if f is None:
        return None, None
    low, high = f / _f_quantile(*free), f * _f_quantile(free[1], free[0])
    return (low - 1) / (low + k - 1), (high - 1) / (high + k - 1)


def _absolute_limits(s: _Squares, icc_2_1: float | None) -> tuple[float | None, float | None]:
    """Limits of ICC(2,1) with Satterthwaite's degrees of freedom (Shrout & Fleiss 1979)."""
    f = _ratio(s.raters, s.residual)
    if f is None or icc_2_1 is None:
        return None, None
    rest = s.n * (1 + (s.k - 1) * icc_2_1) - s.k * icc_2_1
    free = _ratio(
        (s.k - 1) * (s.n - 1) * (s.k * icc_2_1 * f + rest) ** 2,
        (s.n - 1) * s.k**2 * icc_2_1**2 * f**2 + rest**2,
    )
    if not free:
        return None, None
    up, down = _f_quantile(s.n - 1, free), _f_quantile(free, s.n - 1)
    both = s.k * s.raters + (s.k * s.n - s.k - s.n) * s.residual
    lower = _ratio(s.n * (s.targets - up * s.residual), up * both + s.n * s.targets)
    upper = _ratio(s.n * (down * s.targets - s.residual), both + s.n * down * s.targets)
    # Few targets that agree less than by chance leave almost no degrees of freedom, and limits that mean nothing.
    sound = lower is not None and upper is not None and lower <= icc_2_1 <= upper
    return (lower, upper) if sound else (None, None)


def _stepped_up(limit: float | None, k: int) -> float | None:
    return None if limit is None else _ratio(k * limit, 1 + (k - 1) * limit)


def _f_quantile(free: float, other: float) -> float:
    from scipy.special import fdtri

    return float(fdtri(free, other, 0.975))


def _ratio(part: float, whole: float) -> float | None:
    return part / whole if whole else None
