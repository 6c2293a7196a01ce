"""One figure of several relationships by a declared rule, with the sentence that declares it."""

import math
from collections.abc import Sequence
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple, Protocol

from app.core.words import plural


class RollUp(StrEnum):
    """By which rule figures of relationships become one."""

    WORST = "worst"
    MEAN = "mean"
    ARR = "arr"


NAMES = {RollUp.WORST: "Worst", RollUp.MEAN: "Mean", RollUp.ARR: "Weighted by ARR"}
"""How the rules are called where somebody chooses one."""

_DECLARED = {
    RollUp.WORST: "the worst of {n}",
    RollUp.MEAN: "the mean of {n}",
    RollUp.ARR: "the mean of {n}, weighted by ARR",
}


class Part(NamedTuple):
    """One relationship: its figure, and its money per year; None where unknown."""

    value: float | None
    arr: Decimal | float | None = None


class Rolled(NamedTuple):
    """What several came to: None where nothing could be rolled up; how many entered, how many did not, and why."""

    value: float | None
    counted: int
    left_out: int
    sentence: str


def rolled(
    rule: RollUp, parts: Sequence[tuple[float | None, Decimal | float | None]], *, what: str = "score"
) -> Rolled:
    """The parts as one figure: the lowest, the plain mean, or Σ(arr·value)/Σarr; each in the unit of the values.

    Parts without a value are left out; weighted by ARR also those without ARR, or with none above 0. What is left out
    is counted and told; with nothing left the value is None, never 0. `what` names the figure in the sentence.
    """
    known = [Part(*part) for part in parts if part[0] is not None]
    silent = len(parts) - len(known)
    used = [part for part in known if rule is not RollUp.ARR or _weight(part) > 0]
    told = [_lacks(silent, what), _lacks(len(known) - len(used), "ARR")]
    if not used:
        nothing = f"none of {len(parts)} has a {what}" if not known else f"none of {len(known)} has ARR"
        sentence = nothing if parts else "there is no relationship"
        return Rolled(None, 0, len(parts), sentence)
    declared = _DECLARED[rule].format(n=len(used))
    return Rolled(_value(rule, used), len(used), len(parts) - len(used), "; ".join([declared, *filter(None, told)]))


class Figured(Protocol):
    """What has health and voice, 0-100 or None, and money a year."""

    @property
    def score(self) -> float | None:
        """Its health."""
        ...

    @property
    def said(self) -> float | None:
        """Its voice."""
        ...

    @property
    def arr(self) -> Decimal | None:
        """Its money a year."""
        ...


def rolled_figures(rule: RollUp, rows: Sequence[Figured]) -> tuple[Rolled, Rolled]:
    """Health and voice of several relationships, each as one figure by the rule."""
    health = rolled(rule, [(row.score, row.arr) for row in rows])
    return health, rolled(rule, [(row.said, row.arr) for row in rows], what="voice")


def _value(rule: RollUp, used: Sequence[Part]) -> float:
    values = [part.value for part in used if part.value is not None]
    if rule is RollUp.WORST:
        return min(values)
    weights = [_weight(part) if rule is RollUp.ARR else 1.0 for part in used]
    # The largest weight is 1, so that no sum of money overflows; rounding never leaves the range of the values.
    largest = max(weights)
    shares = [weight / largest for weight in weights]
    mean = math.fsum(share * value for share, value in zip(shares, values, strict=True)) / math.fsum(shares)
    return min(max(mean, min(values)), max(values))


def _weight(part: Part) -> float:
    return float(part.arr) if part.arr is not None else 0.0


def _lacks(n: int, what: str) -> str:
    return f"{n} {plural(n, 'has')} no {what}" if n else ""
