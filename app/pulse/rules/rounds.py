"""What a round of blind rating came to: how often the people and the calculation agree."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from app.core.display import count, day, number, percent
from app.core.words import counted, plural
from app.pulse.rules.words import STEPS, Colour, colour_of

COLOURS = tuple(Colour)
TOO_FEW = "Too few accounts, or only one colour, to say how far this is from chance."


class Kappa(Protocol):
    """Agreement beyond chance with its 95 % interval; None where it cannot be said."""

    @property
    def value(self) -> float | None: ...  # noqa: D102

    @property
    def lo(self) -> float | None: ...  # noqa: D102

    @property
    def hi(self) -> float | None: ...  # noqa: D102


Judge = Callable[[Sequence[Sequence[int]]], Kappa]
"""Weighted kappa of a square table of counts; handed in, because it lives above."""


@dataclass(frozen=True)
class Rated:
    """One account of a round: what was frozen at its opening, and what was said blind; None where nothing is."""

    crm_id: str
    name: str
    score: float | None
    band: str | None
    value: int | None
    reason: str | None
    author: str | None

    @property
    def said(self) -> Colour | None:
        """The colour that was said."""
        return None if self.value is None else colour_of(self.value)

    @property
    def differs(self) -> bool:
        """Whether both colours are there and are not the same."""
        return self.band is not None and self.said is not None and self.band != self.said

    @property
    def distance(self) -> int:
        """By how many steps of colour they differ."""
        if self.band is None or self.said is None:
            return 0
        return abs(COLOURS.index(Colour(self.band)) - COLOURS.index(self.said))


def crossed(rated: Sequence[Rated]) -> list[list[int]]:
    """Accounts by calculated colour (rows) and said colour (columns), red first; who lacks either is not counted."""
    table = [[0] * len(COLOURS) for _ in COLOURS]
    for each in rated:
        if each.band is not None and each.said is not None:
            table[COLOURS.index(Colour(each.band))][COLOURS.index(each.said)] += 1
    return table


def result_of(rated: Sequence[Rated], judge: Judge) -> dict[str, Any]:
    """What is kept of a round when it closes: the table, the share that agrees, and kappa with its interval."""
    table = crossed(rated)
    total = sum(map(sum, table))
    same = sum(table[index][index] for index in range(len(COLOURS)))
    kappa = judge(table)
    return {
        "table": table,
        "n": total,
        "differ": total - same,
        "agreement": same / total if total else None,
        "kappa": {"value": kappa.value, "lo": kappa.lo, "hi": kappa.hi},
        "unrated": sum(each.value is None for each in rated),
        "unscored": sum(each.band is None for each in rated),
    }


def finding(result: dict[str, Any]) -> str:
    """The result as a title: `2 of 140 differ`."""
    if not result["n"]:
        return "No account has both a score and a sentiment"
    return f"{count(result['differ'])} of {count(result['n'])} {plural(result['differ'], 'differs')}"


def agreement_words(result: dict[str, Any]) -> str:
    """How far both agree, in a sentence with the interval."""
    if result["agreement"] is None:
        return "There is nothing to compare."
    kappa = result["kappa"]
    if kappa["value"] is None:
        return f"{percent(result['agreement'])} have the same colour. {TOO_FEW}"
    return (
        f"{percent(result['agreement'])} have the same colour. Beyond chance: weighted κ {number(kappa['value'], 2)}, "
        f"95 % interval {number(kappa['lo'], 2)} to {number(kappa['hi'], 2)}, linear weights."
    )


def missing_words(result: dict[str, Any]) -> str:
    """What could not be compared, in a sentence; empty where nothing is missing."""
    parts = []
    if result["unrated"]:
        parts.append(f"{counted(result['unrated'], 'account')} without a sentiment")
    if result["unscored"]:
        parts.append(f"{counted(result['unscored'], 'account')} without a score")
    return f"Left out: {' and '.join(parts)}. None is not 0." if parts else ""


def order_words(published_at: datetime, opened_at: datetime, said_before: int) -> str:
    """In which order weights and sentiments came about."""
    if published_at > opened_at:
        return "The scorecard is younger than the round: its weights may have been set after sentiments were seen."
    first = f"The weights stood before: the scorecard was published on {day(published_at.date())}. "
    if said_before:
        return f"{first}By then {counted(said_before, 'sentiment')} had been given, which its author could have seen."
    return f"{first}No sentiment had been given by then, so that none can have steered them."


class Seal(Protocol):
    """By what judgement was hidden from those who set weights."""

    @property
    def scorecard_key(self) -> str: ...  # noqa: D102

    @property
    def sealed_at(self) -> datetime: ...  # noqa: D102

    @property
    def lifted_at(self) -> datetime | None: ...  # noqa: D102

    @property
    def version_id(self) -> int | None: ...  # noqa: D102


def sealed_order_words(seal: Seal) -> str:
    """In which order weights and sentiments came about where weights come first."""
    since = day(seal.sealed_at.date())
    if seal.lifted_at is None:
        return (
            f"Weights come first: since {since} nobody who may set weights sees what CSMs think, until the weights of "
            f"“{seal.scorecard_key}” are published."
        )
    if seal.version_id is None:
        return f"Judgement was hidden from {since} on, but no weights were published: the round says nothing of them."
    until = day(seal.lifted_at.date())
    return (
        f"The weights came first: from {since} until they were published on {until} nobody who may set weights was "
        "shown what CSMs think."
    )


def sealed_words(seal: Seal) -> str:
    """What is hidden from the reader and until when, for pages of judgement."""
    return (
        f"Weights come first: since {day(seal.sealed_at.date())} sentiments, colours, matrices and overrides are "
        "hidden from everybody who may set weights, and so from you. They are shown again when the weights of "
        f"“{seal.scorecard_key}” are published. What CSMs say meanwhile is kept."
    )


def differing(rated: Sequence[Rated]) -> list[Rated]:
    """The accounts of which calculation and people say different colours, those furthest apart first, by name."""
    return sorted((each for each in rated if each.differs), key=lambda each: (-each.distance, each.name.casefold()))


def step_words(value: int | None) -> str:
    """A sentiment in words with its number, or none."""
    return "none" if value is None else f"{STEPS[value]} ({value})"
