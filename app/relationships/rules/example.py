"""What each rule would give for the same relationships, so that who chooses one sees the difference."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.core.display import NBSP, money, number
from app.core.words import listed
from app.relationships.rules.rollup import NAMES, RollUp, rolled

MOST_TOLD = 6


@dataclass(frozen=True)
class Told:
    """One relationship of the example: its health, and its money a year."""

    name: str
    health: float | None
    arr: Decimal | None


@dataclass(frozen=True)
class Example:
    """Some relationships to roll up: those of an account, or invented ones where no account has two with health."""

    account: str
    crm_id: str
    currency: str | None
    parts: Sequence[Told]

    @property
    def sentence(self) -> str:
        """Which relationships these are."""
        told = [_told(each, self.currency) for each in self.parts[:MOST_TOLD]]
        left = len(self.parts) - len(told)
        names = listed([*told, *([f"{left} more"] if left else [])])
        return f"{self.account} has {names}." if self.account else f"Say an account has {names}."


@dataclass(frozen=True)
class Given:
    """What a rule would give."""

    rule: RollUp
    name: str
    value: str
    sentence: str


def invented(currency: str | None) -> Example:
    """Three products that nobody has."""
    parts = [
        Told("a large product with health", 80.0, Decimal(90_000)),
        Told("a middling one with", 65.0, Decimal(20_000)),
        Told("a small one with", 40.0, Decimal(10_000)),
    ]
    return Example("", "", currency, parts)


def examples(parts: Sequence[Told]) -> list[Given]:
    """What each rule gives for these relationships."""
    found = [(rule, rolled(rule, [(each.health, each.arr) for each in parts])) for rule in RollUp]
    return [
        Given(rule, NAMES[rule], number(it.value) if it.value is not None else "none", it.sentence)
        for rule, it in found
    ]


def _told(each: Told, currency: str | None) -> str:
    health = f"{NBSP}{number(each.health)}" if each.health is not None else " without health"
    paid = f" ({money(each.arr, currency)})" if each.arr is not None else ""
    return f"{each.name}{health}{paid}"
