"""Customer, sealed prediction and telemetry: which of the two came closer to what the customer said, and to what came.

Each account counts once, by the means over its people. All three stand on 0-100.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from app.scoring.rules.agreement import MINIMUM_PAIRS, benjamini_hochberg, paired_t
from app.scoring.rules.analyses.agreement import table_figures
from app.scoring.rules.gaps import GREEN_FROM, band
from app.scoring.rules.inputs import FloatArray, codes
from app.scoring.rules.portfolio import Figures
from app.scoring.rules.scales import to_100
from app.scoring.rules.validity import brier

PREDICTED = {"recommend": (0, 10), "renewal_intent": (1, 5), "satisfaction": (1, 5)}
"""The questions whose answers are predicted, with the scale of prediction and answer."""

LEAST_EVENTS = 10
"""Accounts with an outcome from which on forecasts are told apart."""

STAYED = {"renewed": True, "expanded": True, "contracted": True, "churned": False}
"""What an outcome says about renewal; a contract that got smaller was renewed all the same."""


class Said(NamedTuple):
    """What one person said to one question and what was predicted of it, both as answered."""

    account_id: int
    key: str
    said: float
    predicted: float


def by_account(rows: Sequence[Said], key: str) -> tuple[list[int], FloatArray, FloatArray]:
    """Return the accounts with an answer and a prediction, and their means of both on 0-100."""
    low, high = PREDICTED[key]
    mine = [row for row in rows if row.key == key]
    ids, position = codes([row.account_id for row in mine])
    people = np.bincount(position, minlength=len(ids))
    said = np.bincount(position, [to_100(row.said, low, high) for row in mine], minlength=len(ids))
    predicted = np.bincount(position, [to_100(row.predicted, low, high) for row in mine], minlength=len(ids))
    return ids, said / people, predicted / people


def closeness(said: FloatArray, predicted: FloatArray, health: FloatArray) -> Figures:
    """Return how far prediction and health lie from what accounts said, over those that have all three.

    `off` is the mean absolute distance in points, `bias` the mean of prediction minus answer, `bands` the agreement of
    red, amber and green (both cut at 50 and 75). `closer` is the paired difference of the two distances, prediction
    minus telemetry: below 0 the prediction was closer. Under ten accounts there is neither κ nor interval.
    """
    known = ~np.isnan(health)
    x, sealed, telemetry = said[known], predicted[known], health[known]
    n = len(x)
    off = np.abs(sealed - x), np.abs(telemetry - x)
    return {
        "n": n,
        "without_health": int((~known).sum()),
        "prediction": _instrument(sealed, x),
        "telemetry": _instrument(telemetry, x),
        "closer": paired_t(*off) if n >= MINIMUM_PAIRS else None,
    }


def renewal_said(said: FloatArray, predicted: FloatArray, health: FloatArray) -> Figures | None:
    """Return Brier scores of both as probabilities (score/100) that the customer says “will renew” (75 or more)."""
    known = ~np.isnan(health)
    return _forecasts(said[known] >= GREEN_FROM, {"prediction": predicted[known], "telemetry": health[known]})


def renewal_came(stayed: Sequence[bool], forecasts: Mapping[str, FloatArray]) -> Figures | None:
    """Return Brier scores of what each foretold (score/100) against who stayed; None without outcomes."""
    return _forecasts(np.array(stayed, dtype=np.bool_), forecasts)


def adjusted(figures: Mapping[str, Figures]) -> dict[str, Figures]:
    """Return the measures with `p_adjusted`, the p of `closer` over all of them (Benjamini & Hochberg 1995)."""
    tested = {key: gap.p for key, each in figures.items() if (gap := each["closer"]) is not None and gap.p is not None}
    found = dict(zip(tested, benjamini_hochberg(list(tested.values())), strict=True)) if tested else {}
    return {key: {**each, "p_adjusted": found.get(key)} for key, each in figures.items()}


def _instrument(guess: FloatArray, said: FloatArray) -> Figures:
    return {
        "off": float(np.abs(guess - said).mean()) if len(said) else None,
        "bias": float((guess - said).mean()) if len(said) else None,
        "bands": table_figures([band(float(x)) for x in guess], [band(float(x)) for x in said]),
    }


def _forecasts(happened: Any, forecasts: Mapping[str, FloatArray]) -> Figures | None:
    n = len(happened)
    if not n:
        return None
    squares = {name: np.square(p / 100 - happened) for name, p in forecasts.items()}
    first, *others = squares
    return {
        "n": n,
        "events": int(happened.sum()),
        "brier": {name: brier(p / 100, happened) for name, p in forecasts.items()},
        "against": {name: paired_t(squares[first], squares[name]) if n >= LEAST_EVENTS else None for name in others},
    }
