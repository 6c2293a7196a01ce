"""Whether our sentiment says what people read in the same words, before anybody relies on it."""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

from app.scoring.rules.kappa import kappa

HAND_LABELS = ("negative", "neutral", "positive")
UNCLEAR = "unclear"
"""What a person chose who could not tell."""

CODED_BEFORE_USE = 100
AGREED_BEFORE_USE = 0.6


def hand_coding(pairs: Mapping[tuple[str, str], int]) -> dict[str, Any]:
    """Return how far sentiment agrees with people who read the same words (Cohen's κ, unweighted).

    `pairs` counts texts by (a person's label, ours). Sentiment is `experimental` below 100 hand-coded texts and below
    κ = .6 (methods k).
    """
    table = [[pairs.get((hand, ours), 0) for ours in HAND_LABELS] for hand in HAND_LABELS]
    coded = sum(map(sum, table))
    agreement = kappa(table)
    is_proven = coded >= CODED_BEFORE_USE and agreement.value is not None and agreement.value >= AGREED_BEFORE_USE
    return {
        "coded": coded,
        "needed": CODED_BEFORE_USE,
        "kappa": agreement,
        "table": table,
        "experimental": not is_proven,
    }


def drawn(answer_ids: Iterable[int], *, seed: int, n: int) -> list[int]:
    """Return n of the answers, those of the smallest SHA-256 of `seed:id`; all where there are fewer."""
    return sorted(answer_ids, key=lambda each: hashlib.sha256(f"{seed}:{each}".encode()).digest())[:n]
