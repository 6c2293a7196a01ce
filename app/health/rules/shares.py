"""What each measure weighs in a score: by groups, among those that have data, less the longer ago that was."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.health.rules.scorecard import Scorecard

Column = NDArray[np.float64]

_MOST_HALVINGS = 60.0
"""A measure is never so stale that it counts as missing: it was measured, and its account is told of it."""


@dataclass(frozen=True)
class Judged:
    """The part of a scorecard's weight, where all measures have data, that is people's word: 0 to 1 each.

    `judgement` is what CSMs think (`csm.*`), `voice` what customers say (surveys, case ratings).
    """

    judgement: float
    voice: float


def freshness_of(scorecard: Scorecard, ages: Column) -> Column:
    """The part (0–1] of each measure's weight that is left (n × m): ½ to the power of age over half-life.

    `ages` are days since the last row, n × m; 1 where the measure has no half-life or its age is not known (NaN).
    """
    halves = np.array([measure.half_life_days or np.inf for measure in scorecard.measures], dtype=np.float64)
    halvings = np.clip(np.where(np.isnan(ages), 0.0, ages) / halves, 0.0, _MOST_HALVINGS)
    fresh: Column = np.exp2(-halvings)
    return fresh


def shares_of(scorecard: Scorecard, present: NDArray[np.bool_], freshness: Column | None = None) -> Column:
    """Each measure's share of 1 in the score (n × m); a row without any measure is all 0.

    Without groups the effective weights, times freshness, are divided among those present. With groups a group's weight
    is divided so among its own measures: a missing one gives its weight within its group. A group counts by the
    freshest of its measures, and one without any data gives its weight to the others.
    """
    fresh = np.where(present, 1.0 if freshness is None else freshness, 0.0)
    given = fresh * np.array([measure.effective_weight for measure in scorecard.measures], dtype=np.float64)
    if not scorecard.groups:
        return _of_one(given)
    places = [[m for m, measure in enumerate(scorecard.measures) if measure.group == g.key] for g in scorecard.groups]
    strengths = [
        group.weight * fresh[:, place].max(axis=1) for group, place in zip(scorecard.groups, places, strict=True)
    ]
    of_groups = _of_one(np.column_stack(strengths))
    shares = np.zeros_like(given)
    for position, place in enumerate(places):
        shares[:, place] = _of_one(given[:, place]) * of_groups[:, [position]]
    return shares


def full_shares(scorecard: Scorecard) -> dict[str, float]:
    """Each measure's share of 1, by its key, in the score of an account that has fresh data of all of them."""
    present = np.ones((1, len(scorecard.measures)), dtype=np.bool_)
    keys = [measure.key for measure in scorecard.measures]
    return dict(zip(keys, shares_of(scorecard, present)[0].tolist(), strict=True))


def judged(scorecard: Scorecard) -> Judged:
    """How much of a scorecard is people's word, by its weights where all measures have data."""
    shares = full_shares(scorecard)
    judgement = [shares[m.key] for m in scorecard.measures if m.is_judgement]
    voice = [shares[m.key] for m in scorecard.measures if m.is_voice and not m.is_judgement]
    return Judged(sum(judgement), sum(voice))


def _of_one(weights: Column) -> Column:
    """Rows of weights as shares of 1; a row of zeros stays so."""
    totals = weights.sum(axis=1, keepdims=True)
    shares: Column = np.divide(weights, totals, out=np.zeros_like(weights), where=totals > 0)
    return shares
