"""The portfolio's figures: estimates for all accounts, agreement, the cross-table, and revenue at risk."""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import numpy as np

from app.scoring.rules import agreement
from app.scoring.rules.accounts import Compared, Drawn, answering_weights
from app.scoring.rules.agreement import MINIMUM_PAIRS
from app.scoring.rules.estimates import THIN, Estimate, nothing, scaled, stratified_mean, wilson
from app.scoring.rules.gaps import arr_expected, arr_portfolio
from app.scoring.rules.inputs import BoolArray, FloatArray
from app.scoring.rules.strata import Strata, collapse_lone_strata

BANDS = ("red", "amber", "green")
Figures = dict[str, Any]


class Domain(Protocol):
    """A part of the drawn accounts, and how a mean is estimated for it."""

    @property
    def inside(self) -> BoolArray:
        """Which of the drawn accounts belong to it."""

    def mean(self, drawn: Drawn, values: FloatArray) -> Estimate:
        """Return the mean over its accounts."""


def as_dict(estimate: Estimate) -> Figures:
    """Return the estimate as it stands in gaps.json."""
    return dataclasses.asdict(estimate)


def firm(estimate: Estimate, minimum: int) -> Estimate:
    """Return the estimate of agreement, or none at all where fewer pairs stand behind it than the method asks for."""
    if estimate.n >= minimum:
        return estimate
    codes = list(dict.fromkeys([*estimate.warnings, THIN])) if estimate.n else estimate.warnings
    return dataclasses.replace(estimate, value=None, se=None, lo=None, hi=None, p=None, warnings=codes)


def honest(estimate: Estimate) -> Estimate:
    """Return the estimate of the portfolio without its interval where fewer accounts answered than one rests on."""
    return dataclasses.replace(estimate, lo=None, hi=None) if THIN in estimate.warnings else estimate


def strata_of(drawn: Drawn, present: FloatArray) -> Strata:
    """Return the strata of the accounts where `present` is a number, lone ones collapsed."""
    labels = [drawn.strata[i] for i in np.flatnonzero(~np.isnan(present)).tolist()]
    return collapse_lone_strata(labels, drawn.stratum_sizes, drawn.mean_arr)


def mean_of(drawn: Drawn, values: FloatArray) -> Estimate:
    """Return the stratified mean over the accounts that have a value (NaN: none), weighted N_h/n_h, with PPS 1/π."""
    strata = strata_of(drawn, values)
    weights = answering_weights(drawn, np.flatnonzero(~np.isnan(values)), strata.merged)
    return honest(stratified_mean(values[~np.isnan(values)], strata.labels, strata.sizes, weights=weights))


def share_of(drawn: Drawn, shares: FloatArray) -> Estimate:
    """Return the mean of account shares 0-1 with Wilson's interval at n/deff, so that it works at 0 and 1."""
    mean = mean_of(drawn, shares)
    if mean.value is None or mean.se is None or (mean.se == 0 and mean.df == 0):
        return mean
    # Without variance between accounts deff says nothing; the interval then rests on the plain number of accounts.
    size = mean.n / mean.deff if mean.deff else mean.n
    limits = wilson(min(max(mean.value, 0.0), 1.0) * size, size)
    return honest(dataclasses.replace(mean, lo=limits.lo, hi=limits.hi, method="stratified mean, wilson"))


def nps_of(drawn: Drawn, codes: FloatArray) -> Estimate:
    """Return the NPS -100..100 from account codes -1..1, each the mean code of the account's respondents."""
    return dataclasses.replace(scaled(mean_of(drawn, codes), 100), method="stratified nps")


def value_figures(drawn: Drawn, promised: FloatArray, delivered: FloatArray, part: Domain | None = None) -> Figures:
    """Return promised, delivered and the gap between them (delivered minus promised) over accounts that have both.

    The three are means for all accounts; `paired` is the unweighted paired comparison of the same accounts (methods f).
    `part` is the part of the accounts that is looked at.
    """
    gap = delivered - promised
    means = {"promised": np.where(~np.isnan(gap), promised, np.nan)}
    means |= {"delivered": np.where(~np.isnan(gap), delivered, np.nan), "gap": gap}
    both = ~np.isnan(gap) if part is None else ~np.isnan(gap) & part.inside
    paired = agreement.paired_gap(delivered[both], promised[both]) if both.any() else None
    mean = mean_of if part is None else part.mean
    return {
        **{name: as_dict(mean(drawn, values)) for name, values in means.items()},
        "paired": None if paired is None else dataclasses.asdict(paired),
    }


def agreement_figures(drawn: Drawn, voice: FloatArray, compared: Compared) -> Figures:
    """Return raw agreement of voice with health over accounts with both scores and a band, unweighted (methods g1)."""
    both = _comparable(drawn, compared)
    x, y = voice[both], drawn.health[both]
    table = crosstab_counts(drawn, compared)
    same = float(np.trace(table) / table.sum()) if table.sum() else None
    figures: Figures = {"n": int(both.sum()), "percent_agreement": same}
    for name in ("spearman", "kendall", "pearson"):
        figures[name] = _agreement(getattr(agreement, name)(x, y) if both.any() else nothing(name))
    figures["ccc"] = _agreement(agreement.lin_ccc(x, y) if both.any() else nothing("lin ccc"))
    kappa = agreement.kappa(table, weights="linear") if table.sum() else nothing("linear weighted kappa")
    return figures | {"kappa": _agreement(kappa)} | _bland_altman(x, y)


def crosstab_counts(drawn: Drawn, compared: Compared) -> FloatArray:
    """Return accounts by health band (rows) and voice band (columns), red to green; exactly those with both."""
    table = np.zeros((3, 3))
    for h, v in zip(drawn.health_bands, compared.voice_bands, strict=True):
        if h is not None and v is not None:
            table[BANDS.index(h), BANDS.index(v)] += 1
    return table


def crosstab(drawn: Drawn, compared: Compared) -> Figures:
    """Return {health band: {voice band: {accounts, arr}}}, unweighted; ARR leaves out what has none we can add."""
    cells: Figures = {h: {v: {"accounts": 0, "arr": 0.0} for v in BANDS} for h in BANDS}
    for h, v, arr in zip(drawn.health_bands, compared.voice_bands, drawn.arr.tolist(), strict=True):
        if h is not None and v is not None:
            cells[h][v]["accounts"] += 1
            cells[h][v]["arr"] += 0.0 if np.isnan(arr) else arr
    for cell in (cell for row in cells.values() for cell in row.values()):
        cell["arr"] = round(cell["arr"], 2)
    return cells


def quadrant_figures(drawn: Drawn, compared: Compared, name: str) -> Figures:
    """Return how many accounts stand in a quadrant, and their ARR."""
    inside = np.array([quadrant == name for quadrant in compared.quadrants], dtype=np.bool_)
    return {"accounts": int(inside.sum()), "arr": money(drawn.arr[inside])}


def arr_at_risk(drawn: Drawn, compared: Compared) -> Figures:
    """Return three readings of revenue at risk, low direction only, never added (methods g5).

    `confirmed`: ARR of confirmed low accounts. `expected`: ARR times the probability of a low voice, over the sample.
    `portfolio`: the same expanded to all accounts of the frame, with its standard error.
    """
    known = ~np.isnan(drawn.arr * compared.p_low)
    strata = strata_of(drawn, drawn.arr * compared.p_low)
    weights = answering_weights(drawn, np.flatnonzero(known), strata.merged)
    total = arr_portfolio(drawn.arr[known], compared.p_low[known], strata.labels, strata.sizes, weights=weights)
    return arr_seen(drawn, compared) | {"portfolio": as_dict(honest(total))}


def arr_seen(drawn: Drawn, compared: Compared) -> Figures:
    """Return the two readings of revenue at risk that are sums over the accounts at hand (see `arr_at_risk`)."""
    confirmed = np.array([tier == "confirmed" for tier in compared.tiers], dtype=np.bool_)
    low = confirmed & (np.nan_to_num(compared.p_low) > np.nan_to_num(compared.p_high))
    known = ~np.isnan(drawn.arr * compared.p_low)
    return {
        "confirmed": money(drawn.arr[low]) if known.any() else None,
        "confirmed_accounts": int(low.sum()),
        "expected": round(arr_expected(drawn.arr[known], compared.p_low[known]), 2) if known.any() else None,
    }


def money(values: FloatArray) -> float:
    """Return the sum of what is known, to the cent."""
    return round(float(np.nansum(values)), 2)


def non_response(answered: np.ndarray[Any, np.dtype[np.bool_]], traits: Mapping[str, FloatArray]) -> Figures:
    """Compare accounts that answered with all that were drawn, by traits known for everyone (methods d).

    Returns mean health of both and the trait with the largest standardised difference, (mean of the answering minus
    mean of all)/SD of all; above .25 it is worth a warning.
    """
    differences = {name: _standardised(values, answered) for name, values in traits.items()}
    known = {name: value for name, value in differences.items() if value is not None}
    largest = max(known, key=lambda name: abs(known[name]), default=None)
    health = traits["health"]
    return {
        "mean_health_respondents": _mean(health[answered]),
        "mean_health_sample": _mean(health),
        "differences": differences,
        "largest": None if largest is None else {"variable": largest, "standardised_difference": known[largest]},
    }


def _standardised(values: FloatArray, answered: np.ndarray[Any, np.dtype[np.bool_]]) -> float | None:
    everyone, some = values[~np.isnan(values)], values[answered & ~np.isnan(values)]
    if len(everyone) < 2 or not len(some) or np.ptp(everyone) == 0:
        return None
    return float((some.mean() - everyone.mean()) / everyone.std(ddof=1))


def _mean(values: FloatArray) -> float | None:
    present = values[~np.isnan(values)]
    return float(present.mean()) if len(present) else None


def _comparable(drawn: Drawn, compared: Compared) -> np.ndarray[Any, np.dtype[np.bool_]]:
    pairs: Sequence[tuple[str | None, str | None]] = list(zip(drawn.health_bands, compared.voice_bands, strict=True))
    return np.array([h is not None and v is not None for h, v in pairs], dtype=np.bool_)


def _bland_altman(voice: FloatArray, health: FloatArray) -> Figures:
    result = agreement.bland_altman(voice, health)
    n = len(voice)
    se = None if result.sd is None else result.sd / n**0.5
    bias = Estimate(
        result.bias, se, result.bias_lo, result.bias_hi, 0.95, n, float(n), "bland altman", list(result.warnings)
    )
    if n < MINIMUM_PAIRS:
        return {"bias": _agreement(bias), "limits": [None, None], "slope": None}
    return {"bias": as_dict(bias), "limits": [result.lower, result.upper], "slope": result.slope}


def _agreement(estimate: Estimate) -> Figures:
    return as_dict(firm(estimate, MINIMUM_PAIRS))
