"""Voice against health, account by account, over columns: coverage, shrinkage, equating, gaps and quadrants."""

import functools
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from app.scoring.rules.gaps import MINIMUM_EQUATED, account_gaps, band, equate, quadrant
from app.scoring.rules.inputs import FloatArray, IntArray, codes
from app.scoring.rules.rollup import MINIMUM_COVERAGE, Within, shrink
from app.scoring.rules.rollup_arrays import AccountVoices

MINIMUM_IN_STRATUM = 5
DELTA = 15
"""Points from which on a gap is large."""


@dataclass(frozen=True)
class Drawn:
    """The drawn accounts as columns: stratum, ARR per year, health score 0-100 and its band.

    NaN or None where there is none; ARR is NaN too where it is in another currency. `stratum_sizes` counts the frame.
    `weights` are the 1/π of a draw by PPS, None for every other draw, whose weights the sizes give.
    """

    account_ids: list[int]
    strata: list[str]
    stratum_sizes: dict[str, int]
    arr: FloatArray
    health: FloatArray
    health_bands: list[str | None]
    weights: FloatArray | None = None

    @functools.cached_property
    def mean_arr(self) -> dict[str, float | None]:
        """Mean ARR of each stratum's drawn accounts, None where it is unknown for all of them."""
        known = ~np.isnan(self.arr)
        labels, position = np.unique(np.array(self.strata, dtype=np.str_), return_inverse=True)
        counts = np.bincount(position[known], minlength=len(labels))
        sums = np.bincount(position[known], self.arr[known], minlength=len(labels))
        means = {label: s / n if n else None for label, s, n in zip(labels.tolist(), sums, counts, strict=True)}
        return {stratum: means.get(stratum) for stratum in self.stratum_sizes}


@dataclass(frozen=True)
class Compared:
    """Drawn accounts as columns; NaN or None where it cannot be said.

    Scores 0-100, gaps in points, probabilities 0-1. `voice_band` is None under a role coverage of .50 (thin).
    """

    voice_se: FloatArray
    voice_shrunken: FloatArray
    voice_bands: list[str | None]
    equated_health: FloatArray
    gap: FloatArray
    gap_shrunken: FloatArray
    gap_se: FloatArray
    p_low: FloatArray
    p_high: FloatArray
    cross_check_p: FloatArray
    tiers: list[str]
    quadrants: list[str]
    was_equated: bool


def compare(drawn: Drawn, voices: AccountVoices, within: Within) -> Compared:
    """Hold each account's voice against its health (methods c and g).

    Accounts with a band in voice (coverage from .50) and a health score enter equating and gaps; the others keep what
    they have and are never flagged. Under 30 such accounts health is taken as it is.
    """
    n = len(drawn.account_ids)
    bands = [voice_band(voice, coverage) for voice, coverage in zip(voices.voice, voices.coverage, strict=True)]
    variance = np.divide(within.variance, voices.n_eff, out=np.full(n, np.nan), where=voices.n_eff > 0)
    both = np.flatnonzero(np.array([b is not None for b in bands], dtype=np.bool_) & ~np.isnan(drawn.health))
    equated, gaps = np.full(n, np.nan), [np.full(n, np.nan) for _ in range(6)]
    tiers = ["none"] * n
    if len(both):
        weights = answering_weights(drawn, both)
        if weights is None:
            weights = design_weights([drawn.strata[i] for i in both], drawn.stratum_sizes)
        equated[both] = equate(drawn.health[both], voices.voice[both], variance[both], weights=weights)
        found = account_gaps(voices.voice[both], variance[both], equated[both], delta=DELTA)
        for column, field in zip(gaps, ("gap", "shrunken", "se", "p_low", "p_high", "cross_check_p"), strict=True):
            column[both] = [getattr(each, field) for each in found]
        for position, each in zip(both.tolist(), found, strict=True):
            tiers[position] = str(each.tier)
    return Compared(
        voice_se=np.sqrt(variance),
        voice_shrunken=_shrunken_voices(drawn.strata, voices.voice, variance),
        voice_bands=bands,
        equated_health=equated,
        gap=gaps[0],
        gap_shrunken=gaps[1],
        gap_se=gaps[2],
        p_low=gaps[3],
        p_high=gaps[4],
        cross_check_p=gaps[5],
        tiers=tiers,
        quadrants=[str(quadrant(h, v)) for h, v in zip(drawn.health_bands, bands, strict=True)],
        was_equated=len(both) >= MINIMUM_EQUATED,
    )


def design_weights(strata: Sequence[str], sizes: dict[str, int]) -> FloatArray:
    """Return N_h/n_h for each of the given accounts, n_h counted among them."""
    counts = Counter(strata)
    return np.array([sizes[stratum] / counts[stratum] for stratum in strata])


def answering_weights(drawn: Drawn, present: IntArray, merged: Mapping[str, str] | None = None) -> FloatArray | None:
    """Return the weights of the accounts at the positions `present`; None where the strata's sizes give them.

    With PPS: 1/π, raised in each stratum by Σ1/π of its drawn accounts over Σ1/π of those present, so that the silent
    are spoken for by the others of their stratum, as N_h/n_h does elsewhere. With everyone present it is 1/π itself.
    `merged` maps strata to those that they were joined with.
    """
    if drawn.weights is None:
        return None
    into = merged or {}
    labels, stratum = codes([into.get(label, label) for label in drawn.strata])
    everyone = np.bincount(stratum, drawn.weights, minlength=len(labels))
    inside, own = stratum[present], drawn.weights[present]
    heard = np.bincount(inside, own, minlength=len(labels))
    raised: FloatArray = own * (everyone[inside] / heard[inside])
    return raised


def voice_band(voice: float, coverage: float) -> str | None:
    """The band of a voice; None without one, and where too few roles were heard."""
    # Sums of role weights such as .35 + .15 may fall a hair short of the half that they are.
    if np.isnan(voice) or coverage < MINIMUM_COVERAGE - 1e-9:
        return None
    return band(float(voice))


def _shrunken_voices(strata: Sequence[str], voice: FloatArray, variance: FloatArray) -> FloatArray:
    """Shrink each voice to the mean of its stratum, where five or more accounts answered, else to the portfolio's."""
    answered = np.flatnonzero(~np.isnan(voice))
    shrunken = np.full(len(voice), np.nan)
    if not len(answered):
        return shrunken
    shrunken[answered] = shrink(voice[answered], variance[answered]).values
    labels = np.array(strata, dtype=object)
    counts = Counter(labels[answered].tolist())
    for stratum in (stratum for stratum, count in counts.items() if count >= MINIMUM_IN_STRATUM):
        members = answered[labels[answered] == stratum]
        shrunken[members] = shrink(voice[members], variance[members]).values
    return shrunken
