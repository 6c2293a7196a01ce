"""A promise as it is typed in on the page of an account, and what of it can be kept."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from app.core.errors import Refusal
from app.core.typed import typed_day, typed_lines
from app.customers.rules import LONGEST_PROMISE, Aspect, Source
from app.ledger.rules.typed import LONGEST_EVIDENCE, checked_value


@dataclass(frozen=True)
class Typed:
    """A promise as a form sends it; empty is not known."""

    text: str = ""
    source: str = ""
    aspect: str = ""
    promised_on: str = ""
    amount: str = ""
    delivered_on: str = ""
    evidence: str = ""
    due_on: str = ""
    currency: str = ""
    quantity: str = ""
    unit: str = ""


@dataclass(frozen=True)
class Checked:
    """A promise that can be kept."""

    text: str
    source: Source
    aspect: Aspect
    promised_on: date | None
    due_on: date | None
    amount: Decimal | None
    currency: str | None
    quantity: Decimal | None
    unit: str | None
    delivered_on: date | None
    evidence: str | None


def checked_promise(typed: Typed) -> Checked:
    """What was typed, read; Refusal with the remedy and the field where it cannot be kept."""
    text = typed_lines(typed.text, "text", LONGEST_PROMISE)
    if not text:
        raise Refusal("Write what was promised, in the words that the customer heard.", "text")
    if typed.source not in list(Source):
        raise Refusal("Choose who made the promise.", "source")
    if typed.aspect not in list(Aspect):
        raise Refusal("Choose which kind of value it is about.", "aspect")
    days = {name: typed_day(getattr(typed, name), name) for name in ("promised_on", "due_on", "delivered_on")}
    promised_on, due_on, delivered_on = days.values()
    if promised_on and delivered_on and delivered_on < promised_on:
        raise Refusal("It cannot have been delivered before it was promised; check the two days.", "delivered_on")
    if promised_on and due_on and due_on < promised_on:
        raise Refusal("It cannot be due before it was promised; check the two days.", "due_on")
    value = checked_value(typed.amount, typed.currency, typed.quantity, typed.unit)
    return Checked(
        text=text,
        source=Source(typed.source),
        aspect=Aspect(typed.aspect),
        promised_on=promised_on,
        due_on=due_on,
        amount=value.amount,
        currency=value.currency,
        quantity=value.quantity,
        unit=value.unit,
        delivered_on=delivered_on,
        evidence=typed_lines(typed.evidence, "evidence", LONGEST_EVIDENCE) or None,
    )
