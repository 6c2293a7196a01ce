"""How firm the flags are: beside the odds, a test without shrinkage and the places without a common scale."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from app.scoring.rules.accounts import DELTA, Compared
from app.scoring.rules.agreement import (
    MINIMUM_PAIRS,
    bland_altman,
    kendall,
    lin_ccc,
    pearson,
    spearman,
)
from app.scoring.rules.estimates import nothing
from app.scoring.rules.gaps import CROSS_CHECK_LEVEL
from app.scoring.rules.inputs import FloatArray, IntArray
from app.scoring.rules.portfolio import Figures, firm

TIERS = ("confirmed", "probable", "watch")
PLACES = DELTA
"""Places, of a hundred, by which the two orders part so that they bear a flag out."""


def points_agreement(voice: FloatArray, health: FloatArray) -> Figures:
    """Return agreement on points over accounts with both scores (methods g1): None under ten accounts.

    `limits` is Bland and Altman's of voice minus health; `lin`, `pearson`, `spearman` and `kendall` have intervals.
    """
    measures = {"lin": lin_ccc, "pearson": pearson, "spearman": spearman, "kendall": kendall}
    n = len(voice)
    return {
        "n": n,
        "limits": bland_altman(voice, health) if n >= MINIMUM_PAIRS else None,
        **{
            key: firm(measure(voice, health) if n else nothing(key), MINIMUM_PAIRS) for key, measure in measures.items()
        },
    }


def checked_flags(compared: Compared, places: Mapping[int, float]) -> list[dict[str, Any]]:
    """Return the flagged accounts by position, likeliest first, each with what bears its flag out.

    `places` is the place by voice minus the place by health (-100 to 100) of each compared account. `by_order`: the
    places part by 15 or more in the flag's direction. `by_test`: the one-sided p for a gap of at most 15 points,
    unshrunken and adjusted over all accounts, is under .10 (Benjamini & Hochberg 1995).
    """
    found = []
    for i, tier in enumerate(compared.tiers):
        if tier not in TIERS:
            continue
        is_low = bool(compared.p_low[i] >= compared.p_high[i])
        apart = places[i]
        found.append(
            {
                "position": i,
                "tier": tier,
                "side": "low" if is_low else "high",
                "p": float(max(compared.p_low[i], compared.p_high[i])),
                "cross_check_p": float(compared.cross_check_p[i]),
                "places": apart,
                "by_order": bool((-apart if is_low else apart) >= PLACES),
                "by_test": bool(compared.cross_check_p[i] < CROSS_CHECK_LEVEL),
            }
        )
    return sorted(found, key=lambda row: (-row["p"], row["position"]))


def flag_counts(flags: list[dict[str, Any]]) -> Figures:
    """Return per tier how many accounts are flagged, and how many of them the order and the test bear out."""
    return {
        tier: {
            "accounts": len(rows),
            "by_order": sum(row["by_order"] for row in rows),
            "by_test": sum(row["by_test"] for row in rows),
        }
        for tier in TIERS
        for rows in [[row for row in flags if row["tier"] == tier]]
    }


def both_scores(compared: Compared, health: FloatArray) -> IntArray:
    """Return the positions of the accounts with a band in voice and a health score."""
    banded = np.array([band is not None for band in compared.voice_bands], dtype=np.bool_)
    positions: IntArray = np.flatnonzero(banded & ~np.isnan(health))
    return positions
