"""The parts of the Customer Distress Index: goalposts and the weighted composite; high means bad."""

import math
from collections.abc import Sequence


def goalpost(value: float, low: float, high: float, *, log_scale: bool = False) -> float:
    """Where a value stands between two goalposts, 0–1, clipped; on a log scale by logarithms.

    Raises ValueError for non-finite numbers, goalposts that do not rise and, on a log scale, a low one that is not
    positive (UNDP 2014, technical note 1).
    """
    if not all(math.isfinite(x) for x in (value, low, high)):
        raise ValueError("a value and its goalposts are finite")
    if low >= high:
        raise ValueError("the low goalpost lies below the high one")
    if log_scale and low <= 0:
        raise ValueError("on a log scale goalposts are positive")
    if value <= low or value >= high:
        return 0.0 if value <= low else 1.0
    if log_scale:
        return (math.log(value) - math.log(low)) / (math.log(high) - math.log(low))
    return (value - low) / (high - low)


def composite(scores: Sequence[float | None], weights: Sequence[float] | None = None) -> float | None:
    """Weighted mean Σw·d/Σw over the scores present (None is absent), equally without weights; None if all are absent.

    Raises ValueError for unequal lengths, non-finite scores and weights that are negative or non-finite
    (OECD/JRC 2008).
    """
    shares = [1.0] * len(scores) if weights is None else list(weights)
    if len(shares) != len(scores):
        raise ValueError("scores and weights differ in length")
    if not all(math.isfinite(w) and w >= 0 for w in shares):
        raise ValueError("weights are finite and not negative")
    present = [(score, w) for score, w in zip(scores, shares, strict=True) if score is not None]
    if not all(math.isfinite(score) for score, _ in present):
        raise ValueError("scores are finite")
    total = math.fsum(w for _, w in present)
    return math.fsum(w * score for score, w in present) / total if total > 0 else None
