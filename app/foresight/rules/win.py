"""Win probability: several members pooled into one figure, and the smallest change after which a target is met."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from app.foresight.rules.change import Bounds, Plan, distinct_plans, minimal_change
from app.scoring.rules.inputs import Numbers, numbers, same_length

__all__ = [
    "MINIMUM_OUTCOMES",
    "Bounds",
    "Plan",
    "WinProbability",
    "distinct_plans",
    "linear_pool",
    "minimal_change",
    "pool_weights",
    "win_probability",
]

MINIMUM_OUTCOMES = 50
"""Outcomes from which on members weigh by their record; until then all weigh alike."""

LEAST, MOST = 0.01, 0.99
"""A win probability is never shown as certain."""


@dataclass(frozen=True)
class WinProbability:
    """Pooled probability of renewal, the range of the members around it, and each member's own."""

    value: float
    lo: float
    hi: float
    members: dict[str, float]


def linear_pool(probabilities: Numbers, weights: Numbers) -> float:
    """Weighted mean Σw·p/Σw of the members' probabilities.

    Raises ValueError for none, for unequal lengths, probabilities outside 0–1 and weights that are negative or all 0
    (Genest & Zidek 1986).
    """
    p, w = numbers(probabilities, "probabilities", minimum=0, maximum=1), numbers(weights, "weights", minimum=0)
    same_length(p, w)
    if not len(p) or not w.sum() > 0:
        raise ValueError("a pool needs a member with a weight")
    return min(max(float(w @ p) / float(w.sum()), float(p.min())), float(p.max()))


def pool_weights(briers: Numbers, outcomes: int) -> list[float]:
    """The members' weights from their out-of-fold Brier scores and the number of outcomes behind these; they sum to 1.

    Equal below 50 outcomes; from then on the mean of equal and inverse-Brier weights (members without any error share
    the inverse half). Raises ValueError for no members, Brier scores outside 0–1 and a negative number of outcomes.
    """
    scores = numbers(briers, "Brier scores", minimum=0, maximum=1)
    if not len(scores):
        raise ValueError("a pool needs a member")
    if outcomes < 0:
        raise ValueError("the number of outcomes is not negative")
    equal = np.full(len(scores), 1 / len(scores))
    if outcomes < MINIMUM_OUTCOMES:
        return [float(w) for w in equal]
    inverse = (scores == 0).astype(np.float64) if (scores == 0).any() else scores.min() / scores
    return [float(w) for w in (equal + inverse / inverse.sum()) / 2]


def win_probability(members: Mapping[str, float], weights: Numbers) -> WinProbability:
    """The members' pool with their range, everything held within .01–.99; errors as in `linear_pool`."""
    numbers(list(members.values()), "probabilities", minimum=0, maximum=1)
    held = {name: min(max(float(p), LEAST), MOST) for name, p in members.items()}
    pooled = linear_pool(list(held.values()), weights)
    return WinProbability(pooled, min(held.values()), max(held.values()), held)
