"""Shares of a draw with probability proportional to size: certainty accounts, places per stratum, probabilities."""

import math
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from app.studies.rules.allocation import inclusion_probabilities, neyman

LEAST_PROBABILITY = 1e-9
"""An account less likely than this would stand for a billion others, if it were ever drawn."""


@dataclass(frozen=True)
class SizedShares:
    """Accounts that their size makes certain; places (raw and whole) per stratum and π per account of the others."""

    certain: set[str]
    raw: dict[str, float]
    counts: dict[str, int]
    probabilities: dict[str, float]


def sized_shares(
    measures: Mapping[str, float], strata: Mapping[str, str], n: int, *, minimum: int, size: int
) -> SizedShares:
    """Share n places out among accounts by size: `measures` x_i > 0 and `strata` by account id.

    First, over all strata, iteratively every account with (n−c)·x/Σx_rest ≥ 1 is certain. The other places go to the
    strata in proportion to Σx_h within their bounds: certain accounts count towards the minimum of their stratum, but
    its others keep one place at least. Inside a stratum π_i = n_h·x_i/Σx_h,
    again with iterated certainty, so a stratum's places may partly be certain ones. Σπ over each stratum is its count.
    Raises ValueError with a sentence where the minimums ask for more than `size`, the size of the whole study, and
    where an account is so small beside the others that it would practically never be drawn (Rosén 1997).
    """
    ids = sorted(measures)
    first = inclusion_probabilities([measures[i] for i in ids], n)
    certain = {i for i, pi in zip(ids, first, strict=True) if pi == 1.0}
    groups: dict[str, list[str]] = defaultdict(list)
    for i in ids:
        if i not in certain:
            groups[strata[i]].append(i)
    names, places = sorted(groups), n - len(certain)
    sure_of = Counter(strata[i] for i in certain)
    least = [min(len(groups[h]), max(1, minimum - sure_of[h])) for h in names]
    if sum(least) > places:
        asked = size - places + sum(least)
        raise ValueError(
            f"The size {size:,} is less than the {asked:,} accounts that certainty, the accounts without ARR and "
            f"{minimum} per stratum ask for."
        )
    counts = [len(groups[h]) for h in names]
    means = [math.fsum(measures[i] for i in groups[h]) / len(groups[h]) for h in names]
    shared = neyman(counts, means, places, minimum=least)
    raw, rounded = dict(zip(names, shared.raw, strict=True)), dict(zip(names, shared.rounded, strict=True))
    probabilities: dict[str, float] = {}
    for h in names:
        inside = dict(
            zip(groups[h], inclusion_probabilities([measures[i] for i in groups[h]], rounded[h]), strict=True)
        )
        sure = {i for i, pi in inside.items() if pi == 1.0}
        certain |= sure
        probabilities |= {i: pi for i, pi in inside.items() if i not in sure}
        raw[h], rounded[h] = raw[h] - len(sure), rounded[h] - len(sure)
        if len(sure) == len(inside):
            del raw[h], rounded[h]
    _check_probabilities(probabilities)
    return SizedShares(certain, raw, rounded, probabilities)


def _check_probabilities(probabilities: Mapping[str, float]) -> None:
    small = [account_id for account_id, pi in probabilities.items() if pi < LEAST_PROBABILITY]
    if small:
        raise ValueError(
            f"The ARR of account “{small[0]}” is too small beside the others to be drawn by size; "
            "raise the size, or filter the account out."
        )
