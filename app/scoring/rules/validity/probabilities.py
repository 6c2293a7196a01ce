"""How good probabilities were once the outcomes are known: Brier score, skill and the reliability curve."""

from dataclasses import dataclass

import numpy as np

from app.scoring.rules.estimates import EMPTY, NO_EVENTS, Estimate, wilson
from app.scoring.rules.inputs import BoolArray, FloatArray, Numbers, numbers, same_length
from app.scoring.rules.validity.outcomes import outcomes_of


@dataclass(frozen=True)
class ReliabilityBin:
    """Accounts of like probability: their mean probability beside the share of outcomes, with Wilson's interval."""

    predicted: float
    observed: Estimate


def brier(probabilities: Numbers, outcomes: Numbers) -> float:
    """Mean squared distance of probabilities 0–1 from outcomes 0/1 (the binary form, half of Brier's own); low is good.

    Raises ValueError for unequal lengths, for none at all and for numbers outside 0–1 (Brier 1950).
    """
    p, happened = _forecasts(probabilities, outcomes)
    if not len(p):
        raise ValueError("without outcomes there is no Brier score")
    return float(np.square(p - happened).mean())


def brier_skill(probabilities: Numbers, outcomes: Numbers) -> tuple[float | None, list[str]]:
    """1 − Brier/Brier of the base rate: the share of the base rate's error that the probabilities save; with warnings.

    Not estimable without accounts (`EMPTY`) and with one outcome class only (`NO_EVENTS`); errors as in `brier`.
    """
    p, happened = _forecasts(probabilities, outcomes)
    if not len(p):
        return None, [EMPTY]
    rate = float(happened.mean())
    if rate in (0.0, 1.0):
        return None, [NO_EVENTS]
    return 1 - brier(p, happened) / (rate * (1 - rate)), []


def reliability_curve(probabilities: Numbers, outcomes: Numbers, *, bins: int = 5) -> list[ReliabilityBin]:
    """Observed share against mean probability in quantile bins; equal probabilities share one, empty ones are left out.

    Raises ValueError as `brier` does and for less than one bin (Steyerberg 2019).
    """
    p, happened = _forecasts(probabilities, outcomes)
    if bins < 1:
        raise ValueError("a reliability curve has at least one bin")
    if not len(p):
        return []
    inner = np.quantile(p, np.arange(1, bins) / bins)
    place = np.searchsorted(inner, p, side="left")
    return [
        ReliabilityBin(float(p[place == i].mean()), wilson(int(happened[place == i].sum()), int((place == i).sum())))
        for i in np.unique(place)
    ]


def _forecasts(probabilities: Numbers, outcomes: Numbers) -> tuple[FloatArray, BoolArray]:
    p, happened = numbers(probabilities, "probabilities", minimum=0, maximum=1), outcomes_of(outcomes)
    same_length(p, happened)
    return p, happened
