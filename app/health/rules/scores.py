"""From measured values to points, scores and bands: columns of accounts at once."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.health.rules.scorecard import Bands, Measure, Scorecard

Column = NDArray[np.float64]

_DIGITS = 10  # Sums of products carry noise; without rounding a score of exactly 75 could come out amber.
_HASHED_BITS = 2.0**40
_PORTION = 5_000  # Of all accounts at once, the lists would be larger than the columns by far.


class Band(StrEnum):
    """Where a score lies between the cuts."""

    RED = "red"
    AMBER = "amber"
    GREEN = "green"


_BANDS = tuple(str(band) for band in Band)


@dataclass(frozen=True)
class HealthScores:
    """Scores of n accounts by m measures; missing is NaN in arrays and None in `bands`.

    `values` (raw, after `per`) and `points` (0–100) are n × m; `shares` n × m, the weight of each measure as a share of
    1 after missing ones gave theirs away; `scores` (0–100) has length n.
    """

    values: Column
    points: Column
    shares: Column
    scores: Column
    bands: list[str | None]


def score_accounts(scorecard: Scorecard, values: Column, seats: Column, stages: Sequence[str | None]) -> HealthScores:
    """Health of all accounts: the weighted mean of the points of the measures that have a value.

    `values` is n × m (accounts × measures) with NaN where nothing was measured; `seats` (NaN or ≤ 0: none) and `stages`
    (lifecycle stage) have length n. A missing measure gives its weight to the others; without any measure there is no
    score. Raises ValueError where the shapes differ.
    """
    if values.shape != (len(seats), len(scorecard.measures)) or len(seats) != len(stages):
        raise ValueError("values, seats, stages and measures differ in length")
    divided = np.column_stack([_divided(values[:, m], seats, measure) for m, measure in enumerate(scorecard.measures)])
    points = np.column_stack([points_of(divided[:, m], measure) for m, measure in enumerate(scorecard.measures)])
    shares = weight_shares(~np.isnan(points), [measure.effective_weight for measure in scorecard.measures])
    scores = np.round(np.where(np.isnan(points), 0.0, points * shares).sum(axis=1), _DIGITS)
    scores = np.where(shares.any(axis=1), np.clip(scores, 0.0, 100.0), np.nan)
    return HealthScores(divided, points, shares, scores, bands_of(scores, scorecard, stages))


def points_of(values: Column, measure: Measure) -> Column:
    """What values are worth, 0–100: straight lines between the measure's points, held at the ends; NaN stays NaN."""
    x, y = np.array(measure.points, dtype=np.float64).T
    worth: Column = np.where(np.isnan(values), np.nan, np.interp(values, x, y))
    return worth


def weight_shares(present: NDArray[np.bool_], weights: Sequence[float]) -> Column:
    """Each measure's share of 1 among those present in its row (n × m); a row without any is all 0."""
    given = np.where(present, np.array(weights, dtype=np.float64), 0.0)
    totals = given.sum(axis=1, keepdims=True)
    shares: Column = np.divide(given, totals, out=np.zeros_like(given), where=totals > 0)
    return shares


def bands_of(scores: Column, scorecard: Scorecard, stages: Sequence[str | None]) -> list[str | None]:
    """The band of each score by the bands of the account's lifecycle stage; a band includes its lower end."""
    cuts = [bands_for(stage, scorecard) for stage in stages]
    amber = np.array([bands.amber_from for bands in cuts], dtype=np.float64)
    green = np.array([bands.green_from for bands in cuts], dtype=np.float64)
    codes = (scores >= amber).astype(int) + (scores >= green).astype(int)
    missing = np.isnan(scores).tolist()
    return [None if lacks else _BANDS[code] for lacks, code in zip(missing, codes.tolist(), strict=True)]


def explanations(scorecard: Scorecard, health: HealthScores) -> Iterator[tuple[list[dict[str, Any]], list[str]]]:
    """Per account what each measure with a value gave, and the keys of the measures without one.

    A line holds key, value (raw, after `per`), points (0–100) and weight (its share of 1).
    """
    keys = [measure.key for measure in scorecard.measures]
    for start in range(0, len(health.scores), _PORTION):
        part = slice(start, start + _PORTION)
        columns = (health.values[part], np.round(health.points[part], _DIGITS), health.shares[part])
        for values, worth, shares in zip(*(column.tolist() for column in columns), strict=True):
            lines = [
                {"key": key, "value": value, "points": points, "weight": share}
                for key, value, points, share in zip(keys, values, worth, shares, strict=True)
                if share > 0
            ]
            yield lines, [key for key, share in zip(keys, shares, strict=True) if not share > 0]


def scores_sha256(health: HealthScores, account_ids: Sequence[int], definition_sha256: str, as_of: date) -> str:
    """SHA-256 (hex) of what was computed, for whom, when and by which definition.

    Values enter with 40 bits of their mantissa: a database may add the same rows in another order.
    """
    digest = hashlib.sha256(f"{definition_sha256}|{as_of.isoformat()}|{health.values.shape}".encode())
    digest.update(np.array(account_ids, dtype="<i8").tobytes())
    digest.update(_steady(health.values).tobytes())
    digest.update(_steady(health.scores).tobytes())
    digest.update("|".join(band or "" for band in health.bands).encode())
    return digest.hexdigest()


def _divided(values: Column, seats: Column, measure: Measure) -> Column:
    if measure.per is None:
        return values
    return np.divide(values, seats, out=np.full_like(values, np.nan), where=seats > 0)


def bands_for(stage: str | None, scorecard: Scorecard) -> Bands:
    """The bands that hold for accounts of a lifecycle stage."""
    if not stage or not scorecard.lifecycle:
        return scorecard.bands
    return scorecard.lifecycle.get(stage.strip().casefold(), scorecard.bands)


def _steady(values: Column) -> Column:
    mantissa, exponent = np.frexp(values)
    steady = np.ldexp(np.round(mantissa * _HASHED_BITS) / _HASHED_BITS, exponent) + 0.0
    return np.where(np.isnan(steady), np.nan, steady).astype("<f8")
