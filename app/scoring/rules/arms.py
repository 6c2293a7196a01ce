"""Whether two arms of accounts answer alike: their difference within strata, and the test of equivalence on it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.scoring.rules.correlations import MINIMUM_PAIRS
from app.scoring.rules.estimates import EMPTY, SINGLETON, THIN, ZERO_VAR
from app.scoring.rules.inputs import FloatArray, IntArray, Numbers, codes, numbers, same_length
from app.scoring.rules.modes import ModeVerdict, verdict_of

_ALPHA = 0.05

Labels = Sequence[Any] | NDArray[Any]


@dataclass(frozen=True)
class Arms:
    """Difference first − second with se, 95 % and 90 % intervals, two-sided p, both one-sided p and the verdict.

    `n_first` and `n_second` count the accounts compared, whose plain means stand beside them; `left_out` those in
    strata where only one arm answered.
    """

    difference: float | None
    se: float | None
    lo: float | None
    hi: float | None
    lo90: float | None
    hi90: float | None
    p: float | None
    p_lower: float | None
    p_upper: float | None
    verdict: ModeVerdict | None
    df: int | None
    n_first: int
    n_second: int
    mean_first: float | None
    mean_second: float | None
    left_out: int = 0
    warnings: list[str] = field(default_factory=list)

    @property
    def n(self) -> int:
        """The accounts of both arms."""
        return self.n_first + self.n_second


def tost_arms(first: Numbers, second: Numbers, first_strata: Labels, second_strata: Labels, *, bound: float) -> Arms:
    """Compare two independent arms of accounts that were formed within strata, in the scores' unit.

    The difference is Σw_h·d_h/Σw_h with w_h = n₁n₂/(n₁ + n₂), the coefficient of a regression on arm and strata; its se
    is s/√Σw_h with the variance pooled within arm × stratum, t with accounts − cells degrees of freedom. The verdicts
    are those of `tost_paired`. Strata without both arms compare nothing and are left out. Under ten accounts in an arm
    `THIN`: descriptive only, no test. Raises ValueError for unequal lengths, non-finite numbers and a bound that is not
    positive (Imbens & Rubin 2015, ch. 9; Schuirmann 1987).
    """
    margin = float(numbers([bound], "bound")[0])
    if margin <= 0:
        raise ValueError("the bound of equivalence is positive")
    y, arm, stratum, left_out = _compared(first, second, first_strata, second_strata)
    counts = int((arm == 0).sum()), int((arm == 1).sum())
    if not min(counts):
        return _untested(None, counts, (None, None), left_out, [EMPTY])
    means = float(y[arm == 0].mean()), float(y[arm == 1].mean())
    cell = 2 * stratum + arm
    people = np.bincount(cell)
    centre = np.bincount(cell, y) / people
    weight = people[0::2] * people[1::2] / (people[0::2] + people[1::2])
    difference = float(weight @ (centre[0::2] - centre[1::2]) / weight.sum())
    df = len(y) - len(people)
    thin = [THIN] if min(counts) < MINIMUM_PAIRS else []
    if df < 1:
        return _untested(difference, counts, means, left_out, [SINGLETON, *thin])
    spread = float(np.square(y - centre[cell]).sum())
    if spread <= 1e-20 * max(float(np.square(y).sum()), 1.0):
        return _untested(difference, counts, means, left_out, [ZERO_VAR, *thin])
    if thin:
        return _untested(difference, counts, means, left_out, thin)
    se = math.sqrt(spread / df / float(weight.sum()))
    return _tested(difference, se, df, margin, (counts, means, left_out))


def _compared(
    first: Numbers, second: Numbers, first_strata: Labels, second_strata: Labels
) -> tuple[FloatArray, IntArray, IntArray, int]:
    """Return values, arm (0, 1) and stratum of accounts in strata where both arms answered; how many are not."""
    a, b = numbers(first, "first"), numbers(second, "second")
    same_length(a, first_strata)
    same_length(b, second_strata)
    y, arm = np.concatenate([a, b]), np.repeat(np.array([0, 1]), [len(a), len(b)])
    _, stratum = codes([*first_strata, *second_strata])
    in_first, in_second = (set(stratum[arm == side].tolist()) for side in (0, 1))
    kept = np.isin(stratum, sorted(in_first & in_second))
    _, dense = codes(stratum[kept])
    return y[kept], arm[kept], dense, int((~kept).sum())


def _tested(
    difference: float, se: float, df: int, margin: float, arms: tuple[tuple[int, int], tuple[float, float], int]
) -> Arms:
    from scipy.special import stdtr, stdtrit

    (n_first, n_second), (mean_first, mean_second), left_out = arms
    p, wide, narrow = (
        2 * float(stdtr(df, -abs(difference / se))),
        float(stdtrit(df, 0.975)) * se,
        float(stdtrit(df, 0.95)) * se,
    )
    return Arms(
        difference=difference,
        se=se,
        lo=difference - wide,
        hi=difference + wide,
        lo90=difference - narrow,
        hi90=difference + narrow,
        p=p,
        p_lower=float(stdtr(df, -(difference + margin) / se)),
        p_upper=float(stdtr(df, (difference - margin) / se)),
        verdict=verdict_of(inside=abs(difference) + narrow < margin, differs=p < _ALPHA),
        df=df,
        n_first=n_first,
        n_second=n_second,
        mean_first=mean_first,
        mean_second=mean_second,
        left_out=left_out,
    )


def _untested(
    difference: float | None,
    counts: tuple[int, int],
    means: tuple[float | None, float | None],
    left_out: int,
    warnings: list[str],
) -> Arms:
    return Arms(
        difference,
        *(None,) * 10,
        n_first=counts[0],
        n_second=counts[1],
        mean_first=means[0],
        mean_second=means[1],
        left_out=left_out,
        warnings=warnings,
    )
