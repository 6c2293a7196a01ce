"""A promise as it is typed in on the page of an account, and what of it can be kept."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from app.core.errors import Refusal
from app.customers.rules import LONGEST_PROMISE, Aspect, Source
from app.stakeholders.rules.names import some_lines

LONGEST_EVIDENCE = 10_000
MOST_MONEY = Decimal("999999999999.99")


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


@dataclass(frozen=True)
class Checked:
    """A promise that can be kept."""

    text: str
    source: Source
    aspect: Aspect
    promised_on: date | None
    amount: Decimal | None
    delivered_on: date | None
    evidence: str | None


def checked_promise(typed: Typed) -> Checked:
    """What was typed, read; Refusal with the remedy and the field where it cannot be kept."""
    text = some_lines(typed.text, "text", LONGEST_PROMISE)
    if not text:
        raise Refusal("Write what was promised, in the words that the customer heard.", "text")
    if typed.source not in list(Source):
        raise Refusal("Choose who made the promise.", "source")
    if typed.aspect not in list(Aspect):
        raise Refusal("Choose which kind of value it is about.", "aspect")
    promised_on, delivered_on = _day(typed.promised_on, "promised_on"), _day(typed.delivered_on, "delivered_on")
    if promised_on and delivered_on and delivered_on < promised_on:
        raise Refusal("It cannot have been delivered before it was promised; check the two days.", "delivered_on")
    return Checked(
        text=text,
        source=Source(typed.source),
        aspect=Aspect(typed.aspect),
        promised_on=promised_on,
        amount=_amount(typed.amount),
        delivered_on=delivered_on,
        evidence=some_lines(typed.evidence, "evidence", LONGEST_EVIDENCE) or None,
    )


def _day(raw: str, field: str) -> date | None:
    text = raw.strip()
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refusal("Write the day as 2026-03-31, or leave it empty.", field) from None


def _amount(raw: str) -> Decimal | None:
    text = raw.strip().replace(",", "").replace(" ", "")
    if not text:
        return None
    try:
        found = Decimal(text) if len(text) <= 20 and text.isascii() else Decimal("nan")
        cents = found.quantize(Decimal("0.01"))
    except InvalidOperation:
        raise Refusal("Write the amount as a number, such as 12500 or 12500.50.", "amount") from None
    if not found.is_finite() or cents != found or not 0 <= found <= MOST_MONEY:
        raise Refusal("Write the amount as a number with at most two decimals, such as 12500.50.", "amount")
    return cents
