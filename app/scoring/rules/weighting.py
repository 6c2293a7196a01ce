"""Non-response weights: class factors, raking to known margins, merging thin classes and trimming."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.scoring.rules.estimates import EMPTY, NOT_CONVERGED
from app.scoring.rules.inputs import FloatArray, IntArray, Numbers, codes, numbers

MINIMUM_RESPONDENTS, LARGEST_FACTOR = 5, 3.0
"""What a weighting class needs to stand alone: respondents, and at most this factor."""

TRIM = 3.0
"""Weights are cut at this multiple of their median."""


@dataclass(frozen=True)
class Raked:
    """Raked weights in the order handed over; where they did not converge they must not be used."""

    weights: list[float]
    rounds: int
    converged: bool
    warnings: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class _Margin:
    position: IntArray
    target: FloatArray

    def sums(self, weights: FloatArray) -> FloatArray:
        sums: FloatArray = np.bincount(self.position, weights, minlength=len(self.target)).astype(np.float64)
        return sums


def weighting_class_factors(sampled: Mapping[Any, float], responded: Mapping[Any, float]) -> dict[Any, float | None]:
    """Class → Σw of the eligible sampled over Σw of those who responded, neither merged nor trimmed.

    A class without respondents has None: it must be merged with a neighbour. Raises ValueError for negative sums, for
    more respondents than sampled and for a class that was not sampled (Little & Rubin 2002, ch. 3).
    """
    unknown = [label for label in responded if label not in sampled]
    if unknown:
        raise ValueError(f"class {unknown[0]} was not sampled")
    asked = numbers(list(sampled.values()), "sums of the sampled", minimum=0)
    answered = numbers([responded.get(label, 0) for label in sampled], "sums of the respondents", minimum=0)
    if (answered > asked * (1 + 1e-9)).any():
        raise ValueError("more responded than were sampled")
    return {
        label: all_of / some if some else None
        for label, all_of, some in zip(sampled, asked.tolist(), answered.tolist(), strict=True)
    }


def rake(
    weights: Numbers,
    categories: Mapping[Any, Sequence[Any] | NDArray[Any]],
    margins: Mapping[Any, Mapping[Any, float]],
    *,
    tolerance: float = 1e-6,
    max_rounds: int = 200,
) -> Raked:
    """Weights adjusted in turn to every margin until the largest error of a total is below the absolute `tolerance`.

    `categories` maps margin → label per unit, `margins` the same names → {label: total}. After `max_rounds` without
    that, also because margins contradict each other or nobody stands for a category, `converged` is False with
    `NOT_CONVERGED`. Raises ValueError for unequal lengths, margins without categories or the other way round, a label
    without total and negative numbers (Deming & Stephan 1940).
    """
    w = numbers(weights, "weights", minimum=0)
    if set(categories) != set(margins) or not margins:
        raise ValueError("every margin needs the categories of the units, and its totals")
    if not tolerance > 0 or max_rounds < 0:
        raise ValueError("the tolerance is positive and the number of rounds not negative")
    sides = [_margin(name, categories[name], margins[name], len(w)) for name in margins]
    if not len(w):
        return Raked([], 0, converged=False, warnings=[EMPTY])
    rounds = 0
    while not (converged := _error(w, sides) < tolerance) and rounds < max_rounds:
        for side in sides:
            sums = side.sums(w)
            w = w * np.divide(side.target, sums, out=np.zeros_like(sums), where=sums > 0)[side.position]
        rounds += 1
    return Raked([float(x) for x in w], rounds, converged, [] if converged else [NOT_CONVERGED])


def merge_classes(
    sampled: Mapping[Hashable, float], responded: Mapping[Hashable, float], respondents: Mapping[Hashable, int]
) -> list[list[Hashable]]:
    """Neighbouring classes joined until each has five respondents and a factor of at most 3.

    The classes stand in the order of `sampled`, neighbours side by side; the first one that cannot stand alone joins
    the neighbour with fewer respondents. All in one group, where even that is not enough, is the end. Errors as in
    `weighting_class_factors` (Little & Rubin 2002, ch. 3).
    """
    weighting_class_factors(sampled, responded)
    groups: list[list[Hashable]] = [[label] for label in sampled]

    def size(group: list[Hashable]) -> int:
        return sum(respondents.get(label, 0) for label in group)

    def stands_alone(group: list[Hashable]) -> bool:
        answered = sum(responded.get(label, 0) for label in group)
        return size(group) >= MINIMUM_RESPONDENTS and sum(sampled[x] for x in group) <= LARGEST_FACTOR * answered

    while len(groups) > 1:
        weak = next((i for i, group in enumerate(groups) if not stands_alone(group)), None)
        if weak is None:
            break
        beside = [i for i in (weak - 1, weak + 1) if 0 <= i < len(groups)]
        first = min(weak, min(beside, key=lambda i: size(groups[i])))
        groups[first : first + 2] = [groups[first] + groups[first + 1]]
    return groups


def trim(weights: Numbers) -> list[float]:
    """Weights cut at three times their median; to keep the margins they are raked again afterwards."""
    w = numbers(weights, "weights", minimum=0)
    return [float(x) for x in np.minimum(w, TRIM * np.median(w))] if len(w) else []


def _margin(name: Any, labels: Sequence[Any] | NDArray[Any], totals: Mapping[Any, float], n: int) -> _Margin:
    if len(labels) != n:
        raise ValueError(f"margin {name} does not name one category per unit")
    present, position = codes(labels)
    unknown = [label for label in present if label not in totals]
    if unknown:
        raise ValueError(f"margin {name} has no total for {unknown[0]}")
    absent = [label for label in totals if label not in set(present)]
    target = numbers([totals[label] for label in (*present, *absent)], f"totals of margin {name}", minimum=0)
    return _Margin(position, target)


def _error(weights: FloatArray, sides: Sequence[_Margin]) -> float:
    return max(float(np.abs(side.sums(weights) - side.target).max(initial=0.0)) for side in sides)
