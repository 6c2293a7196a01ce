"""Each factor of the health score against outcomes: how well it tells them apart, and the verdict on it."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np

from app.scoring.rules.agreement import benjamini_hochberg
from app.scoring.rules.estimates import Estimate
from app.scoring.rules.inputs import BoolArray, FloatArray
from app.scoring.rules.validity import (
    MINIMUM_PER_CLASS,
    bootstrap_auc,
    factor_verdict,
    mutual_information,
    point_biserial,
)

FLOOR = MINIMUM_PER_CLASS
"""Losses, and likewise renewals, under which nothing is said."""

BINS = 5
"""Quantile bins of a factor's scores for the bits that it tells of the outcome."""


class Kind(StrEnum):
    """Where a factor comes from: a measure of the scorecard, what customers said, or a measure that is in none."""

    MEASURE = "measure"
    VOICE = "voice"
    EXTRA = "extra"


@dataclass(frozen=True)
class Factor:
    """One factor of n accounts: scores 0–100, high being good as declared, NaN where none was early enough.

    `late` is where there are values that came too late. `weight` is the share 0–1 in the score, 0 outside of it.
    """

    key: str
    name: str
    kind: Kind
    weight: float
    scores: FloatArray
    late: BoolArray


def is_decidable(kept: BoolArray) -> bool:
    """Whether there are enough losses and enough renewals to say anything."""
    return min(int(kept.sum()), int((~kept).sum())) >= FLOOR


def judged(factors: Sequence[Factor], kept: BoolArray, *, seed: int) -> list[dict[str, Any]]:
    """Per factor: AUC with a stratified bootstrap interval, point-biserial r, bits, what is missing, and the verdict.

    p is Mann–Whitney's, adjusted over all factors by Benjamini and Hochberg. A factor measured for under ten losses or
    ten renewals has no verdict but `unproven`: its interval is none to go by.
    """
    found = [_measured(factor, kept, seed) for factor in factors]
    tested = [line for line in found if line["auc"].p is not None and not line["is_thin"]]
    adjusted = benjamini_hochberg([line["auc"].p for line in tested])
    for line, p in zip(tested, adjusted, strict=True):
        line["p_adjusted"] = p
    for line in found:
        auc: Estimate = line["auc"]
        lo, hi = (None, None) if line["is_thin"] else (auc.lo, auc.hi)
        line["verdict"] = str(
            factor_verdict(lo, hi, p_adjusted=line["p_adjusted"], weight=line["weight"], losses=line["losses"])
        )
    return found


def _measured(factor: Factor, kept: BoolArray, seed: int) -> dict[str, Any]:
    known = ~np.isnan(factor.scores)
    scores, outcomes = factor.scores[known], kept[known]
    n, missing = int(known.sum()), int((~known).sum())
    return {
        "key": factor.key,
        "name": factor.name,
        "kind": str(factor.kind),
        "weight": factor.weight,
        "n": n,
        "renewals": int(outcomes.sum()),
        "losses": int((~outcomes).sum()),
        "missing": missing,
        "missing_share": missing / len(kept) if len(kept) else None,
        "late": int((~known & factor.late).sum()),
        "is_thin": not is_decidable(outcomes),
        "auc": bootstrap_auc(scores, outcomes, seed=seed),
        "r": point_biserial(scores, outcomes),
        "bits": mutual_information(binned(scores), outcomes) if n else None,
        "p_adjusted": None,
    }


def binned(scores: FloatArray, bins: int = BINS) -> list[int]:
    """The quantile bin of each score; equal scores share one, so that there may be fewer bins."""
    inner = np.quantile(scores, np.arange(1, bins) / bins)
    return [int(place) for place in np.searchsorted(inner, scores, side="left")]
