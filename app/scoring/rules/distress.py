"""The distress index: how much trouble with support an account has beside the others; high is bad.

After the idea of TeamSupport's Customer Distress Index (2014), whose weights are secret: this is another index.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.health.rules.distress import composite, goalpost
from app.scoring.rules.inputs import BoolArray, FloatArray, IntArray
from app.scoring.rules.scales import midrank_percentiles

MINIMUM_ACCOUNTS = 10
"""Accounts under which places among them say nothing, so that fixed goalposts are used."""

VOICE_WEIGHT = 0.25
"""The share of the index with voice that 100 − the score of support has."""

DRAWS = 1000
SPREAD = 0.25
DRIVERS = 2

_PER = 100.0
_PORTION = 2_000


class Indicator(StrEnum):
    """What distress is made of: counts per 100 seats, and mean days."""

    EVER = "ever"
    RECENT = "recent"
    OPEN = "open"
    DAYS_OPEN = "days_open"
    DAYS_TO_CLOSE = "days_to_close"


COUNTS = (Indicator.EVER, Indicator.RECENT, Indicator.OPEN)

GOALPOSTS: Mapping[Indicator, float] = {
    Indicator.EVER: 200.0,
    Indicator.RECENT: 20.0,
    Indicator.OPEN: 20.0,
    Indicator.DAYS_OPEN: 60.0,
    Indicator.DAYS_TO_CLOSE: 30.0,
}
"""The value that is 100 in a portfolio of fewer than ten accounts; 0 is 0. Counts are per 100 seats."""


class Band(StrEnum):
    """The quarter of the portfolio in which an account's distress lies; silent is none: it has never had a case."""

    CALM = "calm"
    SOME = "some"
    RAISED = "raised"
    HIGH = "high"
    SILENT = "silent"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Raised:
    """Cases of n accounts: the three counts, the two mean times (NaN where none), and seats (NaN where unknown)."""

    ever: FloatArray
    recent: FloatArray
    still_open: FloatArray
    days_open: FloatArray
    days_to_close: FloatArray
    seats: FloatArray


@dataclass(frozen=True)
class Distressed:
    """Distress of n accounts, 0–100, NaN where nothing can be told; places count from the most distressed on.

    `values` and `places` are n × indicators: the raw value (counts per 100 seats) and its place 0–100.
    """

    scores: FloatArray
    earlier: FloatArray
    with_voice: FloatArray
    bands: list[Band]
    ranks: IntArray
    rank_lo: IntArray
    rank_hi: IntArray
    values: FloatArray
    places: FloatArray
    uses_goalposts: bool


def distress(now: Raised, before: Raised, support: FloatArray, *, seed: int) -> Distressed:
    """The index of all accounts now, and thirty days before on the scale of now.

    Each indicator becomes its mid-rank percentile in the portfolio of now; counts are per 100 seats and log1p first.
    An account's index is the equally weighted mean of those it has. Accounts without seats have no counts unless they
    have no case at all. `support` (0–100, NaN unknown) gives the version with voice. Under ten accounts goalposts
    replace the percentiles (OECD/JRC 2008; UNDP 2014).
    """
    values, old = indicators(now), indicators(before)
    uses_goalposts = len(values) < MINIMUM_ACCOUNTS
    places, old_places = placed_in(values, values), placed_in(old, values)
    scores, earlier = _composites(places), _composites(old_places)
    is_silent = now.ever == 0
    ranks, rank_lo, rank_hi = rank_ranges(places, seed=seed)
    return Distressed(
        scores=scores,
        earlier=np.where(before.ever == 0, np.nan, earlier),
        with_voice=_with_voice(scores, support),
        bands=_bands(scores, is_silent),
        ranks=ranks,
        rank_lo=rank_lo,
        rank_hi=rank_hi,
        values=values,
        places=places,
        uses_goalposts=uses_goalposts,
    )


def indicators(raised: Raised) -> FloatArray:
    """The indicators in their order, n × 5: counts per 100 seats, mean days; NaN where an account has none."""
    columns = [
        _per_seats(raised.ever, raised.seats),
        _per_seats(raised.recent, raised.seats),
        _per_seats(raised.still_open, raised.seats),
        raised.days_open,
        raised.days_to_close,
    ]
    return np.column_stack(columns)


def placed_in(values: FloatArray, reference: FloatArray) -> FloatArray:
    """The place 0–100 of each value among those of the reference, equal ones counting half; goalposts where few."""
    places = np.full(values.shape, np.nan)
    for i, indicator in enumerate(Indicator):
        known = ~np.isnan(values[:, i])
        scaled, among = _scaled(values[known, i], indicator), _scaled(reference[:, i], indicator)
        if len(reference) < MINIMUM_ACCOUNTS:
            high = float(_scaled(np.array([GOALPOSTS[indicator]]), indicator)[0])
            places[known, i] = [100 * goalpost(value, 0.0, high) for value in scaled.tolist()]
        elif values is reference:
            places[known, i] = midrank_percentiles(scaled) if known.any() else []
        else:
            places[known, i] = _midplaces(scaled, among[~np.isnan(among)])
    return places


def drivers(places: Sequence[float | None]) -> list[int]:
    """The positions of the two indicators that stand highest, the highest first; none where nothing stands above 50."""
    known = [(place, -i) for i, place in enumerate(places) if place is not None and place > 50]
    return [-i for _, i in sorted(known, reverse=True)[:DRIVERS]]


def rank_ranges(places: FloatArray, *, seed: int) -> tuple[IntArray, IntArray, IntArray]:
    """Each account's place with equal weights, and the 5th and 95th percentile of it over 1000 draws of weights.

    Each draw changes every weight by up to a quarter either way. Places count from the most distressed; equal
    accounts share the best. 0 stands where an account has no index.
    """
    weights = np.random.default_rng(seed).uniform(1 - SPREAD, 1 + SPREAD, (DRAWS, places.shape[1]))
    known = ~np.isnan(places).all(axis=1)
    given, filled = (~np.isnan(places[known])).astype(np.float64), np.nan_to_num(places[known])
    ranks, low, high = (np.zeros(len(places), dtype=np.int64) for _ in range(3))
    if not known.any():
        return ranks, low, high
    ranks[known] = _ranked(_mean(filled, given, np.ones(places.shape[1])))
    drawn = np.empty((DRAWS, int(known.sum())), dtype=np.int32)
    for i, row in enumerate(weights):
        drawn[i] = _ranked(_mean(filled, given, row))
    ends = [
        np.quantile(drawn[:, start : start + _PORTION], (0.05, 0.95), axis=0, method="nearest")
        for start in range(0, drawn.shape[1], _PORTION)
    ]
    low[known], high[known] = np.concatenate(ends, axis=1).astype(np.int64)
    return ranks, low, high


def summary_of(found: Distressed) -> dict[str, Any]:
    """Figures of the portfolio: accounts by band, how many have an index, and whether goalposts were used."""
    return {
        "accounts": len(found.scores),
        "scored": int((~np.isnan(found.scores)).sum()),
        "bands": {str(band): found.bands.count(band) for band in Band},
        "uses_goalposts": found.uses_goalposts,
        "draws": DRAWS,
        "spread": SPREAD,
        "voice_weight": VOICE_WEIGHT,
    }


def _per_seats(counts: FloatArray, seats: FloatArray) -> FloatArray:
    per = np.divide(_PER * counts, seats, out=np.full(len(counts), np.nan), where=seats > 0)
    without: FloatArray = np.where(counts == 0, 0.0, per)
    return without


def _scaled(values: FloatArray, indicator: Indicator) -> FloatArray:
    scaled: FloatArray = np.log1p(values) if indicator in COUNTS else values
    return scaled


def _midplaces(values: FloatArray, among: FloatArray) -> FloatArray:
    """100·(those below + half of those equal) / n: what a mid-rank percentile is to a value that may be new."""
    if not len(among):
        return np.full(len(values), np.nan)
    row = np.sort(among)
    below, up_to = np.searchsorted(row, values, side="left"), np.searchsorted(row, values, side="right")
    share: FloatArray = 100.0 * (below + up_to) / (2 * len(row))
    return share


def _composites(places: FloatArray) -> FloatArray:
    rows = [[None if place != place else place for place in row] for row in places.tolist()]  # noqa: PLR0124  (NaN)
    found = [composite(row) for row in rows]
    return np.array([np.nan if score is None else score for score in found], dtype=np.float64)


def _with_voice(scores: FloatArray, support: FloatArray) -> FloatArray:
    mixed: FloatArray = (1 - VOICE_WEIGHT) * scores + VOICE_WEIGHT * (100.0 - support)
    return mixed


def _bands(scores: FloatArray, is_silent: BoolArray) -> list[Band]:
    """Quarters of the accounts that ever had a case."""
    heard = ~np.isnan(scores) & ~is_silent
    cuts = np.quantile(scores[heard], (0.25, 0.5, 0.75)) if heard.any() else np.zeros(3)
    quarter = np.searchsorted(cuts, np.nan_to_num(scores), side="right")
    names = (Band.CALM, Band.SOME, Band.RAISED, Band.HIGH)
    return [
        Band.SILENT if silent else Band.UNKNOWN if np.isnan(score) else names[place]
        for silent, score, place in zip(is_silent.tolist(), scores.tolist(), quarter.tolist(), strict=True)
    ]


def _mean(filled: FloatArray, given: FloatArray, weights: FloatArray) -> FloatArray:
    mean: FloatArray = (filled @ weights) / (given @ weights)
    return np.round(mean, 9)


def _ranked(scores: FloatArray) -> NDArray[np.int64]:
    ranks: NDArray[np.int64] = len(scores) - np.searchsorted(np.sort(scores), scores, side="right") + 1
    return ranks
