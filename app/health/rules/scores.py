"""From measured values to points, scores and bands: columns of accounts at once."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from app.health.rules.bands import Band, Bands
from app.health.rules.caps import BANDS, Capped, cap_bands
from app.health.rules.scorecard import Measure, Scorecard
from app.health.rules.shares import Column, freshness_of, shares_of

__all__ = [
    "Band",
    "Column",
    "HealthScores",
    "bands_of",
    "divided",
    "explanations",
    "points_of",
    "score_accounts",
    "score_values",
    "scores_sha256",
]

_DIGITS = 10  # Sums of products carry noise; without rounding a score of exactly 75 could come out amber.
_HASHED_BITS = 2.0**40
_PORTION = 5_000  # Of all accounts at once, the lists would be larger than the columns by far.


@dataclass(frozen=True)
class HealthScores:
    """Scores of n accounts by m measures; missing is NaN in arrays and None in `bands`.

    `values` (raw, after `per`) and `points` (0–100) are n × m; `shares` n × m, the weight of each measure as a share of
    1 after missing ones gave theirs away; `scores` (0–100) has length n. `bands` are those after the scorecard's
    exceptions, `calculated_bands` those before, `capped_by` what made the difference. `telemetry_scores` and
    `telemetry_bands` leave out what CSMs think (`csm.*`). `ages` (n × m) are days since the last row of measures that
    decay, None where none does.
    """

    values: Column
    points: Column
    shares: Column
    scores: Column
    bands: list[str | None]
    calculated_bands: list[str | None]
    capped_by: list[Capped | None]
    telemetry_scores: Column
    telemetry_bands: list[str | None]
    ages: Column | None = None


def score_accounts(
    scorecard: Scorecard, values: Column, seats: Column, stages: Sequence[str | None], ages: Column | None = None
) -> HealthScores:
    """Health of all accounts: the weighted mean of the points of the measures that have a value.

    `values` is n × m (accounts × measures) with NaN where nothing was measured; `seats` (NaN or ≤ 0: none) and `stages`
    (lifecycle stage) have length n; `ages` (n × m, or None where no measure decays) are days since the last row. A
    missing measure gives its weight to the others; without any measure there is no score. Raises ValueError where the
    shapes differ.
    """
    if values.shape != (len(seats), len(scorecard.measures)) or len(seats) != len(stages):
        raise ValueError("values, seats, stages and measures differ in length")
    return score_values(scorecard, divided(scorecard.measures, values, seats), stages, ages)


def divided(measures: Sequence[Measure], values: Column, seats: Column) -> Column:
    """Values (n × m) divided by what each measure is `per`; NaN where there is nothing to divide by."""
    return np.column_stack([_divided(values[:, m], seats, measure) for m, measure in enumerate(measures)])


def score_values(
    scorecard: Scorecard, values: Column, stages: Sequence[str | None], ages: Column | None = None
) -> HealthScores:
    """The same from values (n × m) that were divided by `per` already, as they are stored."""
    if values.shape != (len(stages), len(scorecard.measures)) or (ages is not None and ages.shape != values.shape):
        raise ValueError("values, stages, ages and measures differ in length")
    points = np.column_stack([points_of(values[:, m], measure) for m, measure in enumerate(scorecard.measures)])
    shares, scores, calculated, bands, capped = _scored(scorecard, points, stages, ages)
    telemetry_scores, telemetry_bands = scores, bands
    if scorecard.has_judgement:
        judged = np.array([measure.is_judgement for measure in scorecard.measures])
        _, telemetry_scores, _, telemetry_bands, _ = _scored(scorecard, np.where(judged, np.nan, points), stages, ages)
    return HealthScores(
        values, points, shares, scores, bands, calculated, capped, telemetry_scores, telemetry_bands, ages
    )


def _scored(
    scorecard: Scorecard, points: Column, stages: Sequence[str | None], ages: Column | None
) -> tuple[Column, Column, list[str | None], list[str | None], list[Capped | None]]:
    """Shares, scores, bands before and after exceptions, and what capped them, from points (n × m)."""
    fresh = None if ages is None else freshness_of(scorecard, ages)
    shares = shares_of(scorecard, ~np.isnan(points), fresh)
    scores = np.round(np.where(np.isnan(points), 0.0, points * shares).sum(axis=1), _DIGITS)
    scores = np.where(shares.any(axis=1), np.clip(scores, 0.0, 100.0), np.nan)
    calculated = bands_of(scores, scorecard, stages)
    bands, capped = cap_bands(scorecard, np.round(points, _DIGITS), calculated)
    return shares, scores, calculated, bands, capped


def points_of(values: Column, measure: Measure) -> Column:
    """What values are worth, 0–100: straight lines between the measure's points, held at the ends; NaN stays NaN."""
    x, y = np.array(measure.points, dtype=np.float64).T
    worth: Column = np.where(np.isnan(values), np.nan, np.interp(values, x, y))
    return worth


def bands_of(scores: Column, scorecard: Scorecard, stages: Sequence[str | None]) -> list[str | None]:
    """The band of each score by the bands of the account's lifecycle stage; a band includes its lower end."""
    cuts = [bands_for(stage, scorecard) for stage in stages]
    amber = np.array([bands.amber_from for bands in cuts], dtype=np.float64)
    green = np.array([bands.green_from for bands in cuts], dtype=np.float64)
    codes = (scores >= amber).astype(int) + (scores >= green).astype(int)
    missing = np.isnan(scores).tolist()
    return [None if lacks else BANDS[code] for lacks, code in zip(missing, codes.tolist(), strict=True)]


def explanations(scorecard: Scorecard, health: HealthScores) -> Iterator[tuple[list[dict[str, Any]], list[str]]]:
    """Per account what each measure with a value gave, and the keys of the measures without one.

    A line holds key, value (raw, after `per`), points (0–100) and weight (its share of 1); of a measure that decays
    also age_days, the days since its last row.
    """
    keys = [measure.key for measure in scorecard.measures]
    for start in range(0, len(health.scores), _PORTION):
        part = slice(start, start + _PORTION)
        columns = (health.values[part], np.round(health.points[part], _DIGITS), health.shares[part])
        ages = _ages_of(scorecard, health, part)
        for place, (values, worth, shares) in enumerate(zip(*(column.tolist() for column in columns), strict=True)):
            lines = [
                {"key": key, "value": value, "points": points, "weight": share}
                for key, value, points, share in zip(keys, values, worth, shares, strict=True)
                if share > 0
            ]
            for line in lines:
                if line["key"] in ages:
                    line["age_days"] = ages[line["key"]][place]
            yield lines, [key for key, share in zip(keys, shares, strict=True) if not share > 0]


def scores_sha256(health: HealthScores, account_ids: Sequence[int], definition_sha256: str, as_of: date) -> str:
    """SHA-256 (hex) of what was computed, for whom, when and by which definition.

    Values enter with 40 bits of their mantissa: a database may add the same rows in another order. What a scorecard
    does not use (decay, exceptions, judgement) does not enter either: what was computed before keeps its hash.
    """
    digest = hashlib.sha256(f"{definition_sha256}|{as_of.isoformat()}|{health.values.shape}".encode())
    digest.update(np.array(account_ids, dtype="<i8").tobytes())
    digest.update(_steady(health.values).tobytes())
    digest.update(_steady(health.scores).tobytes())
    digest.update("|".join(band or "" for band in health.bands).encode())
    if health.ages is not None:
        digest.update(_steady(health.ages).tobytes())
    if any(health.capped_by):
        digest.update("|".join(band or "" for band in health.calculated_bands).encode())
    if health.telemetry_scores is not health.scores:
        digest.update(_steady(health.telemetry_scores).tobytes())
        digest.update("|".join(band or "" for band in health.telemetry_bands).encode())
    return digest.hexdigest()


def _divided(values: Column, seats: Column, measure: Measure) -> Column:
    if measure.per is None:
        return values
    return np.divide(values, seats, out=np.full_like(values, np.nan), where=seats > 0)


def _ages_of(scorecard: Scorecard, health: HealthScores, part: slice) -> dict[str, list[float]]:
    """The ages of the measures that decay, by their key."""
    if health.ages is None:
        return {}
    found = [(m, measure.key) for m, measure in enumerate(scorecard.measures) if measure.half_life_days is not None]
    return {key: health.ages[part, m].tolist() for m, key in found}


def bands_for(stage: str | None, scorecard: Scorecard) -> Bands:
    """The bands that hold for accounts of a lifecycle stage."""
    if not stage or not scorecard.lifecycle:
        return scorecard.bands
    return scorecard.lifecycle.get(stage.strip().casefold(), scorecard.bands)


def _steady(values: Column) -> Column:
    mantissa, exponent = np.frexp(values)
    steady = np.ldexp(np.round(mantissa * _HASHED_BITS) / _HASHED_BITS, exponent) + 0.0
    return np.where(np.isnan(steady), np.nan, steady).astype("<f8")
