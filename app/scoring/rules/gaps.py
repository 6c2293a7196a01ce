"""Voice against health: equating, account gaps with their flag tiers, bands, quadrants and ARR at risk."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.scoring.rules.agreement import benjamini_hochberg
from app.scoring.rules.estimates import Estimate, stratified_total
from app.scoring.rules.inputs import BoolArray, FloatArray, Numbers, numbers, same_length, weights_of
from app.scoring.rules.rollup import shrink

MINIMUM_EQUATED = 30
"""Accounts with both scores from which on health is equated to voice; below, health stays as it is."""

AMBER_FROM, GREEN_FROM = 50, 75
"""Where voice is cut into bands; health has its scorecard's own cuts."""

CROSS_CHECK_LEVEL = 0.10

_ROUNDS = 20
_LEAST_SCALE = 15.0
_TRIMMED_NOISE = 0.774
_FALSE_SHARE, _SURE, _PROBABLE, _WATCH = 0.10, 0.80, 0.50, 0.30


@dataclass(frozen=True)
class AccountGap:
    """One account's gap in points (voice − equated health), raw and shrunken, the odds that it is real, and its tier.

    `cross_check_p` is the one-sided p for |gap| ≤ δ from the unshrunken gap, adjusted over the accounts by
    Benjamini–Hochberg; below .10 it supports the tier.
    """

    gap: float
    shrunken: float
    se: float
    p_low: float
    p_high: float
    tier: str
    cross_check_p: float = 1.0


def equate(health: Numbers, voice: Numbers, voice_variances: Numbers, *, weights: Numbers | None = None) -> list[float]:
    """Health on voice's scale, h*, by trimmed equating: mean and SD matched without the accounts that stand far off.

    Scores 0–100 of the same accounts, `voice_variances` in points² (> 0), `weights` design weights (equal without
    them). It starts from a rough line through the thirds of health; then, until the kept accounts stay the same or 20
    rounds are over, the accounts within max(1, median z) of the line fix a new one. Under 30 accounts h* = h; the
    caller warns. Not clipped to 0–100. Raises ValueError for unequal lengths and variances that are not positive
    (after Kolen & Brennan 2014, ch. 2).
    """
    h, y = numbers(health, "health"), numbers(voice, "voice")
    v = _variances(voice_variances)
    same_length(h, y, v)
    w = np.ones(len(h)) if weights is None else weights_of(weights, len(h))
    if len(h) < MINIMUM_EQUATED:
        return [float(x) for x in h]
    equated, kept = _rough_line(h, y), None
    for _ in range(_ROUNDS):
        z = np.abs(y - equated) / np.maximum(2 * np.sqrt(v), _LEAST_SCALE)
        near = z <= max(1.0, float(np.median(z)))
        if kept is not None and np.array_equal(near, kept):
            break
        kept, equated = near, _matched_line(h, y, v, w, near)
    return [float(x) for x in equated]


def account_gaps(voice: Numbers, variances: Numbers, health: Numbers, *, delta: float = 15) -> list[AccountGap]:
    """The gap of every account with both scores: raw g = voice − health, shrunken ĝ with SE, odds and flag tier.

    `health` is already equated; `variances` of voice in points² (> 0; plus that of health if known). The gaps are
    shrunken to their own mean (DerSimonian–Laird); P_low = Φ((−δ − ĝ)/SE), P_high = Φ((ĝ − δ)/SE). Tiers as in
    `flag_tiers`. Raises ValueError for unequal lengths, variances that are not positive and a negative δ
    (DerSimonian & Laird 1986; Newton et al. 2004).
    """
    y, h, v = numbers(voice, "voice"), numbers(health, "health"), _variances(variances)
    same_length(y, h, v)
    margin = float(numbers([delta], "delta", minimum=0)[0])
    g = y - h
    shrinkage = shrink(g, v)
    shrunken, se = np.array(shrinkage.values), np.array(shrinkage.ses)
    p_low, p_high = _phi((-margin - shrunken) / se), _phi((shrunken - margin) / se)
    tiers = flag_tiers([float(p) for p in np.maximum(p_low, p_high)])
    check = benjamini_hochberg(_phi((margin - np.abs(g)) / np.sqrt(v)))
    columns = (column.tolist() for column in (g, shrunken, se, p_low, p_high))
    return [AccountGap(*row) for row in zip(*columns, tiers, check, strict=True)]


def flag_tiers(probabilities: Numbers) -> list[str]:
    """The tier of each account from P, the odds of a real gap in the likelier direction.

    `confirmed`: the longest list by falling P with mean(1 − P) ≤ .10 and every P ≥ .80; `probable` P ≥ .50; `watch`
    P ≥ .30; else `none`. Accounts of equal P share a tier, whatever their order (Newton et al. 2004).
    """
    p = numbers(probabilities, "probabilities", minimum=0, maximum=1)
    falling = np.sort(p)[::-1]
    false_share = np.cumsum(1 - falling) / np.arange(1, len(p) + 1)
    threshold = 2.0
    for i, (value, share) in enumerate(zip(falling, false_share, strict=True)):
        last_of_its_kind = i + 1 == len(p) or falling[i + 1] < value
        if last_of_its_kind and value >= _SURE and share <= _FALSE_SHARE + 1e-12:
            threshold = float(value)
    return [tier(float(value), threshold) for value in p]


def isotonic(x: Numbers, y: Numbers) -> list[float]:
    """The least-squares rising step function of y on x at each x, in input order (pool adjacent violators).

    Equal x share one value. Raises ValueError for unequal lengths (Barlow et al. 1972).
    """
    from sklearn.isotonic import IsotonicRegression

    first, second = numbers(x, "x"), numbers(y, "y")
    same_length(first, second)
    if not len(first):
        return []
    return [float(value) for value in IsotonicRegression().fit(first, second).predict(first)]


def band(score: float | None, amber_from: float = AMBER_FROM, green_from: float = GREEN_FROM) -> str | None:
    """red, amber or green; a band includes its lower end; no score, no band. Raises ValueError for crossed cuts."""
    if amber_from > green_from:
        raise ValueError("amber begins above green")
    if score is None:
        return None
    if not math.isfinite(score):
        raise ValueError("a score is finite")
    return "green" if score >= green_from else "amber" if score >= amber_from else "red"


def quadrant(health_band: str | None, voice_band: str | None) -> str:
    """How the two bands of an account stand to each other.

    `hidden_risk`: voice red, health amber or green; `hidden_strength`: voice green, health red or amber; `agree`: the
    same band; `mixed`: neighbouring bands that are neither; `insufficient`: a band is missing.
    """
    bands = {health_band, voice_band}
    if not bands <= {"red", "amber", "green", None}:
        raise ValueError(f"unknown bands {health_band!r}, {voice_band!r}")
    if None in bands:
        return "insufficient"
    if health_band == voice_band:
        return "agree"
    return {"red": "hidden_risk", "green": "hidden_strength"}.get(str(voice_band), "mixed")


def arr_expected(arr: Numbers, p_low: Numbers) -> float:
    """Expected ΣARR·P_low over the accounts seen, in the workspace's currency per year."""
    money, odds = numbers(arr, "ARR"), numbers(p_low, "p_low", minimum=0, maximum=1)
    same_length(money, odds)
    return math.fsum(money * odds)


def arr_portfolio(
    arr: Numbers,
    p_low: Numbers,
    strata: Sequence[Any] | NDArray[Any],
    population_sizes: Mapping[Any, float] | None,
    *,
    weights: Numbers | None = None,
) -> Estimate:
    """Portfolio estimate Σw·ARR·P_low with the standard error of a stratified total (one row per account)."""
    money, odds = numbers(arr, "ARR"), numbers(p_low, "p_low", minimum=0, maximum=1)
    same_length(money, odds)
    return stratified_total(money * odds, strata, population_sizes, weights=weights)


def _rough_line(h: FloatArray, y: FloatArray) -> FloatArray:
    lower, upper = np.quantile(h, [1 / 3, 2 / 3])
    low, high = h <= lower, h >= upper
    run = float(np.median(h[high]) - np.median(h[low]))
    rise = float(np.median(y[high]) - np.median(y[low]))
    slope = max(0.0, rise / run) if run else 0.0
    line: FloatArray = slope * h + float(np.median(y - slope * h))
    return line


def _matched_line(h: FloatArray, y: FloatArray, v: FloatArray, w: FloatArray, kept: BoolArray) -> FloatArray:
    share = np.where(kept, w / v, 0.0)
    if share.sum() == 0:
        # Every kept account carries weight 0: nothing to match, so the accounts count alike.
        share = np.where(kept, 1 / v, 0.0)
    share = share / share.sum()
    mean_h, mean_v = float(share @ h), float(share @ y)
    divisor = 1 - float(share @ share)
    s2_h = float(share @ np.square(h - mean_h)) / divisor if divisor > 0 else 0.0
    s2_v = float(share @ np.square(y - mean_v)) / divisor if divisor > 0 else 0.0
    true = max(s2_v - _TRIMMED_NOISE * float(share @ v), 0.0)
    slope = math.sqrt(true / s2_h) if s2_h > 0 and np.ptp(h[kept]) > 0 else 0.0
    line: FloatArray = mean_v + slope * (h - mean_h)
    return line


def _variances(values: Numbers) -> FloatArray:
    v = numbers(values, "variances")
    if (v <= 0).any():
        raise ValueError("every variance must be positive")
    return v


def _phi(z: FloatArray) -> FloatArray:
    from scipy.special import ndtr

    return np.asarray(ndtr(z), dtype=np.float64)


def tier(p: float, confirmed_from: float) -> str:
    """The tier of an account by P and by the P from which accounts are confirmed; over 1: none is."""
    if p >= confirmed_from:
        return "confirmed"
    return "probable" if p >= _PROBABLE else "watch" if p >= _WATCH else "none"
