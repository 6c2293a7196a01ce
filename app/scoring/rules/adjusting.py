"""Weights against non-response: class factors of health and revenue, or raking to their margins, trimmed."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from app.scoring.rules.estimates import EMPTY
from app.scoring.rules.inputs import BoolArray, FloatArray
from app.scoring.rules.weighting import merge_classes, rake, trim, weighting_class_factors

HEALTH = ("red", "amber", "green", "none")
ARR = ("low", "middle", "high", "unknown")
MARGINS = 3
"""Margins from which on weights are raked."""


@dataclass(frozen=True)
class ClassFactor:
    """One class after merging: which cells it holds, its accounts asked and heard, and its factor."""

    cells: list[str]
    asked: int
    heard: int
    factor: float | None


@dataclass(frozen=True)
class Adjusted:
    """Weights of those who responded, in the order of the accounts; None where they must not be used.

    `trimmed` counts weights that were cut at three times the median.
    """

    weights: FloatArray | None
    classes: list[ClassFactor]
    trimmed: int = 0
    rounds: int | None = None
    warnings: list[str] = field(default_factory=list)


def arr_bands(arr: FloatArray) -> tuple[list[str], list[float]]:
    """Return each account's third by ARR, `unknown` for NaN, and the two cuts; without spread all are `middle`."""
    known = arr[~np.isnan(arr)]
    if not len(known) or np.ptp(known) == 0:
        return ["unknown" if np.isnan(each) else "middle" for each in arr], []
    cuts = np.quantile(known, [1 / 3, 2 / 3])
    place = np.searchsorted(cuts, arr, side="left")
    return ["unknown" if np.isnan(each) else ARR[i] for each, i in zip(arr, place, strict=True)], cuts.tolist()


def cells_in_order(health: Sequence[str], arr: Sequence[str]) -> list[str]:
    """Return the cells that occur, neighbours side by side: up through health in one third of ARR, down in the next."""
    present = set(zip(health, arr, strict=True))
    found: list[str] = []
    for i, third in enumerate(ARR):
        bands = HEALTH if i % 2 == 0 else HEALTH[::-1]
        found += [f"{band}|{third}" for band in bands if (band, third) in present]
    return found


def class_weights(base: FloatArray, heard: BoolArray, health: Sequence[str], arr: Sequence[str]) -> Adjusted:
    """Weights of the accounts heard, raised in each class of health × ARR by Σw asked over Σw heard (methods d).

    Classes under five accounts heard or with a factor above 3 are merged with a neighbour; weights are cut at three
    times their median and scaled back to the totals of the classes (Little & Rubin 2002, ch. 3).
    """
    if not heard.any():
        return Adjusted(None, [], warnings=[EMPTY])
    labels = [f"{band}|{third}" for band, third in zip(health, arr, strict=True)]
    merged, classes = _merged(base, heard, labels, cells_in_order(health, arr))
    return _settled(base, heard, {"class": merged}, classes)


def raked_weights(
    base: FloatArray, heard: BoolArray, margins: Mapping[str, tuple[Sequence[str], Sequence[str]]]
) -> Adjusted | None:
    """Weights of the accounts heard, raked to the totals of all asked in every margin (methods d).

    `margins` maps a name to the label of each account and the labels in order; categories that cannot stand alone are
    merged with a neighbour, and a margin of one category says nothing. None where fewer than three margins are left.
    Weights that did not settle are not given (Deming & Stephan 1940).
    """
    if not heard.any():
        return None
    sides = {name: _merged(base, heard, labels, order)[0] for name, (labels, order) in margins.items()}
    sides = {name: labels for name, labels in sides.items() if len(set(labels)) > 1}
    return _settled(base, heard, sides, []) if len(sides) >= MARGINS else None


def _merged(
    base: FloatArray, heard: BoolArray, labels: Sequence[str], order: Sequence[str]
) -> tuple[list[str], list[ClassFactor]]:
    """Each account's class after merging, and the classes."""
    column = np.array(labels, dtype=object)
    present = [label for label in order if (column == label).any()]
    asked: dict[Hashable, float] = {label: float(base[column == label].sum()) for label in present}
    answered: dict[Hashable, float] = {label: float(base[(column == label) & heard].sum()) for label in present}
    people: dict[Hashable, int] = {label: int(((column == label) & heard).sum()) for label in present}
    groups = merge_classes(asked, answered, people)
    names = {label: " + ".join(map(str, group)) for group in groups for label in group}
    sums = {names[group[0]]: (sum(asked[x] for x in group), sum(answered[x] for x in group)) for group in groups}
    factors = weighting_class_factors({k: a for k, (a, _) in sums.items()}, {k: b for k, (_, b) in sums.items()})
    classes = [
        ClassFactor(
            cells=[str(label) for label in group],
            asked=int(sum((column == label).sum() for label in group)),
            heard=sum(people[label] for label in group),
            factor=factors[names[group[0]]],
        )
        for group in groups
    ]
    return [names[label] for label in labels], classes


def _settled(
    base: FloatArray, heard: BoolArray, sides: Mapping[str, Sequence[str]], classes: list[ClassFactor]
) -> Adjusted:
    """Weights raked to the sides, cut, and raked again."""
    totals = {name: _totals(base, labels) for name, labels in sides.items()}
    categories: dict[str, list[str]] = {
        name: [label for label, is_in in zip(labels, heard.tolist(), strict=True) if is_in]
        for name, labels in sides.items()
    }
    # Totals are sums of weights of any size: the tolerance is a share of them.
    tolerance = 1e-6 * max(1.0, float(base.sum()))
    first = rake(base[heard], categories, totals, tolerance=tolerance)
    cut = trim(first.weights)
    trimmed = int(sum(a > b * (1 + 1e-12) for a, b in zip(first.weights, cut, strict=True)))
    last = rake(cut, categories, totals, tolerance=tolerance) if trimmed and first.converged else first
    weights: Any = np.array(last.weights) if last.converged else None
    return Adjusted(weights, classes, trimmed, max(first.rounds, last.rounds), list(last.warnings))


def _totals(base: FloatArray, labels: Sequence[str]) -> dict[str, float]:
    column = np.array(labels, dtype=object)
    return {label: float(base[column == label].sum()) for label in dict.fromkeys(labels)}
