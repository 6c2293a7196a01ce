"""What follows from a factor's validity: the verdict on it, and the weights that the outcomes suggest."""

from collections.abc import Sequence
from enum import StrEnum

import numpy as np

from app.scoring.rules.inputs import Numbers, numbers, same_length

_CHANCE, _VAIN_BELOW, _VAIN_WEIGHT, _VAIN_LOSSES = 0.50, 0.60, 0.05, 20
_ALPHA = 0.05
_HALF_TRUST = 50  # Losses at which the fit counts as much as the weights in use.


class Verdict(StrEnum):
    """What outcomes say about a factor of the health score."""

    WRONG_WAY = "wrong_way"
    SIGNAL = "signal"
    VANITY = "vanity"
    UNPROVEN = "unproven"


def factor_verdict(
    lo: float | None, hi: float | None, *, p_adjusted: float | None, weight: float, losses: int
) -> Verdict:
    """The first that holds, from the AUC's interval, its p after Benjamini–Hochberg, weight 0–1 and number of losses.

    `wrong_way`: hi < .50; `signal`: lo > .50 with p < .05; `vanity`: hi < .60 at a weight ≥ 5 % and ≥ 20 losses; else
    `unproven`, also where there is no interval. Not significant alone is never vanity. Raises ValueError for crossed
    limits, p or weight outside 0–1 and negative losses.
    """
    numbers([weight, *([] if p_adjusted is None else [p_adjusted])], "weight and p", minimum=0, maximum=1)
    if losses < 0:
        raise ValueError("the number of losses is not negative")
    if lo is None or hi is None:
        return Verdict.UNPROVEN
    low, high = numbers([lo, hi], "limits").tolist()
    if low > high:
        raise ValueError("the lower limit lies above the upper one")
    if high < _CHANCE:
        return Verdict.WRONG_WAY
    if low > _CHANCE and p_adjusted is not None and p_adjusted < _ALPHA:
        return Verdict.SIGNAL
    vain = high < _VAIN_BELOW and weight >= _VAIN_WEIGHT and losses >= _VAIN_LOSSES
    return Verdict.VANITY if vain else Verdict.UNPROVEN


def suggest_weights(old: Numbers, coefficients: Sequence[float | None], losses: int) -> list[float]:
    """Weights between those in use and the fit's: (1 − λ)·w_old + λ·|β|/Σ|β| with λ = E/(E + 50), E losses.

    Coefficients of the wrong sign are already 0, unknown ones (None) count as 0; if all are, the old weights stay. The
    sum of the old weights is kept. A suggestion only. Raises ValueError for unequal lengths, negative weights or losses
    and weights that are all 0 (after Steyerberg 2019).
    """
    weights = numbers(old, "weights", minimum=0)
    size = np.abs(numbers([0.0 if beta is None else beta for beta in coefficients], "coefficients"))
    same_length(weights, size)
    if losses < 0:
        raise ValueError("the number of losses is not negative")
    if not weights.sum() > 0:
        raise ValueError("the weights are all 0")
    if not size.sum() > 0:
        return [float(w) for w in weights]
    trust = losses / (losses + _HALF_TRUST)
    mixed = (1 - trust) * weights + trust * weights.sum() * size / size.sum()
    return [float(w) for w in mixed]
