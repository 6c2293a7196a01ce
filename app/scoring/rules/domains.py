"""Estimates for a part of the portfolio, such as a segment, that need not be a stratum of the draw."""

import math
from dataclasses import dataclass

import numpy as np

from app.scoring.rules.accounts import Drawn, answering_weights, design_weights
from app.scoring.rules.estimates import MINIMUM_ACCOUNTS, SINGLETON, THIN, Estimate, nothing, stratified_total
from app.scoring.rules.inputs import BoolArray, FloatArray, Numbers, numbers
from app.scoring.rules.portfolio import honest, strata_of

_LEVEL = 0.95


@dataclass(frozen=True)
class Apart:
    """The difference of two means (first minus second) with Welch's two-sided p and 95 % interval."""

    difference: float
    lo: float | None
    hi: float | None
    p: float | None
    df: float | None


def domain_mean(drawn: Drawn, values: FloatArray, inside: BoolArray) -> Estimate:
    """The mean over the accounts of a domain (`inside`) that have a value (NaN: none), in the values' unit.

    Linearised over all accounts that have one: z = w(y - mean)/Σw inside, 0 outside, so that strata which the domain
    cuts through count with the uncertainty of its size. t interval with at most n - 1 degrees of freedom; without one
    under five accounts (Lohr 1999, 4.2; Lumley 2010, 2.4).
    """
    method, present = "domain mean", ~np.isnan(values)
    member = inside[present]
    n = int(member.sum())
    if not n:
        return nothing(method)
    strata, y = strata_of(drawn, values), values[present]
    weights = answering_weights(drawn, np.flatnonzero(present), strata.merged)
    w = design_weights(strata.labels, strata.sizes) if weights is None else weights
    size = float(w[member].sum())
    mean = float(w[member] @ y[member]) / size
    spread = stratified_total(np.where(member, (y - mean) / size, 0.0), strata.labels, strata.sizes, weights=weights)
    se = None if n < 2 else spread.se
    # With every account of its strata heard nothing is left to chance: no interval is needed, however few they are.
    df = min(spread.df or 0, n - 1)
    reach = None if se is None else 0.0 if se == 0 else _t(df) * se if df else None
    thin = [THIN] if n < MINIMUM_ACCOUNTS else []
    codes = ([SINGLETON] if n == 1 else []) + thin
    lo, hi = (None, None) if reach is None else (mean - reach, mean + reach)
    return honest(Estimate(mean, se, lo, hi, _LEVEL, n, None, method, codes, df=df))


def domain_total(drawn: Drawn, values: FloatArray, inside: BoolArray) -> Estimate:
    """The weighted total over the accounts of a domain, se as in `stratified_total` with 0 outside.

    The totals of domains that share out the portfolio add up to its own (Lohr 1999, 4.2).
    """
    present = ~np.isnan(values)
    strata = strata_of(drawn, values)
    weights = answering_weights(drawn, np.flatnonzero(present), strata.merged)
    inner = np.where(inside, values, 0.0)[present]
    total = stratified_total(inner, strata.labels, strata.sizes, weights=weights)
    n = int((inside & present).sum())
    return nothing("domain total") if not n else total


def welch(x: Numbers, y: Numbers) -> Apart | None:
    """The difference of the means of two groups of unequal spread; None without two values in each.

    No test where neither group has any spread (Welch 1947; df by Satterthwaite 1946).
    """
    from scipy.special import stdtr

    a, b = numbers(x, "x"), numbers(y, "y")
    if len(a) < 2 or len(b) < 2:
        return None
    difference = float(a.mean() - b.mean())
    va, vb = float(a.var(ddof=1)) / len(a), float(b.var(ddof=1)) / len(b)
    if va + vb <= 1e-18 * max(1.0, difference**2):
        return Apart(difference, None, None, None, None)
    df = (va + vb) ** 2 / (va**2 / (len(a) - 1) + vb**2 / (len(b) - 1))
    se = math.sqrt(va + vb)
    reach = _t(df) * se
    return Apart(difference, difference - reach, difference + reach, 2 * float(stdtr(df, -abs(difference) / se)), df)


def _t(df: float) -> float:
    from scipy.special import stdtrit

    return float(stdtrit(df, (1 + _LEVEL) / 2))
