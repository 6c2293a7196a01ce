"""Strata for estimation: a lone answering account borrows its neighbours, for one account has no variance."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Strata:
    """Each account's stratum after collapsing, the collapsed strata's sizes, and which were merged into which."""

    labels: list[str]
    sizes: dict[str, int]
    merged: dict[str, str]


def collapse_lone_strata(
    labels: Sequence[str], sizes: Mapping[str, int], mean_arr: Mapping[str, float | None]
) -> Strata:
    """Merge each stratum with a single answering account into the nearest stratum of the same ARR band.

    `labels` has one entry per answering account; `sizes` maps stratum -> N_h; `mean_arr` maps stratum -> mean ARR of
    its drawn accounts. ARR bands are thirds of the strata by mean ARR; nearest is the smallest difference in mean ARR,
    in another band only where its own has no answering neighbour. A lone stratum that was taken whole (N_h = 1) has no
    sampling variance and stays (Cochran 1977, 5A.12; Lumley 2010, 2.2).
    """
    target = {label: label for label in sizes}
    while lone := _first_lone([target[label] for label in labels], _sizes(target, sizes)):
        neighbour = _nearest(lone, {target[label] for label in labels}, mean_arr)
        if neighbour is None:
            break
        target = {label: neighbour if into == lone else into for label, into in target.items()}
    merged = {label: into for label, into in target.items() if label != into}
    return Strata([target[label] for label in labels], _sizes(target, sizes), merged)


def _sizes(target: Mapping[str, str], sizes: Mapping[str, int]) -> dict[str, int]:
    total: Counter[str] = Counter()
    for label, size in sizes.items():
        total[target[label]] += size
    return dict(total)


def _first_lone(labels: Sequence[str], sizes: Mapping[str, int]) -> str | None:
    return min((label for label, n in Counter(labels).items() if n == 1 and sizes[label] > 1), default=None)


def _nearest(lone: str, answering: set[str], mean_arr: Mapping[str, float | None]) -> str | None:
    others = answering - {lone}
    bands = _bands(mean_arr)
    near = {label for label in others if bands[label] == bands[lone]} or others
    at = mean_arr[lone] or 0.0
    return min(near, key=lambda label: (abs((mean_arr[label] or 0.0) - at), label), default=None)


def _bands(mean_arr: Mapping[str, float | None]) -> dict[str, int]:
    values = np.array([value or 0.0 for value in mean_arr.values()])
    cuts = np.quantile(values, [1 / 3, 2 / 3]) if len(values) else np.zeros(2)
    return dict(zip(mean_arr, np.searchsorted(cuts, values, side="left").tolist(), strict=True))
