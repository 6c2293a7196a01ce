"""What was typed of a promise's value, or of what happened to it, and what of it can be kept."""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from app.core.display import day
from app.core.errors import Refusal
from app.core.typed import typed_day, typed_line, typed_lines
from app.customers.rules import Source

LONGEST_EVIDENCE, LONGEST_UNIT, LONGEST_KEY = 10_000, 40, 64
MOST = Decimal("999999999999.99")
_CURRENCY = re.compile(r"[A-Z]{3}")


class Side(StrEnum):
    """What can happen to a promise on our side; that it is acknowledged only its customer can say."""

    DELIVERED = "delivered"
    TO_COME = "to_be_delivered"
    TOLD = "articulated"


@dataclass(frozen=True)
class TypedEntry:
    """An entry as a form sends it; empty is not known."""

    side: str = ""
    source: str = ""
    happens_on: str = ""
    amount: str = ""
    currency: str = ""
    quantity: str = ""
    unit: str = ""
    completes: str = ""
    evidence: str = ""


@dataclass(frozen=True)
class Value:
    """What can be counted of a promise or an entry: money with its currency, or a quantity with its unit, or nothing.

    A null currency beside an amount is the account's.
    """

    amount: Decimal | None = None
    currency: str | None = None
    quantity: Decimal | None = None
    unit: str | None = None


@dataclass(frozen=True)
class CheckedEntry:
    """An entry that can be kept."""

    side: Side
    source: Source
    happens_on: date
    value: Value
    completes: bool
    evidence: str | None


def checked_entry(typed: TypedEntry, *, promised_on: date | None, today: date) -> CheckedEntry:
    """What was typed of what happened to a promise; Refusal with the remedy and the field where it cannot be kept."""
    if typed.side not in list(Side):
        raise Refusal("Choose what happened: delivered, still to come, or told to the customer.", "side")
    if typed.source not in list(Source):
        raise Refusal("Choose who says so.", "source")
    side = Side(typed.side)
    happens_on = _day_of(side, typed.happens_on, promised_on, today)
    value = checked_value(typed.amount, typed.currency, typed.quantity, typed.unit)
    if side is Side.TOLD and value != Value():
        raise Refusal("Leave amount and count empty: telling the customer delivers nothing.", "amount")
    if typed.completes and side is not Side.DELIVERED:
        raise Refusal("Only a delivery can complete a promise; take the tick out.", "completes")
    evidence = typed_lines(typed.evidence, "evidence", LONGEST_EVIDENCE)
    if not evidence and side is not Side.TO_COME:
        raise Refusal("Say what shows it: a link, or a few words that a colleague could check.", "evidence")
    return CheckedEntry(side, Source(typed.source), happens_on, value, bool(typed.completes), evidence or None)


def checked_reason(raw: str) -> str:
    """Why an entry is withdrawn; Refusal where nothing is said."""
    reason = typed_lines(raw, "reason", 500)
    if not reason:
        raise Refusal("Say in a few words why it is withdrawn; the entry stays in the history.", "reason")
    return reason


def checked_key(raw: str) -> str:
    """The key of a form, by which sending it twice stays once; Refusal where it is none."""
    if not raw or len(raw) > LONGEST_KEY or not raw.isascii() or not raw.isalnum():
        raise Refusal("Reload the page and send it again.", "evidence")
    return raw


def checked_value(amount: str, currency: str, quantity: str, unit: str) -> Value:
    """Money or a count as they were typed; Refusal where they are both, or cannot be read."""
    money, counted = _figure(amount, "amount"), _figure(quantity, "quantity")
    code, of = currency.strip().upper(), typed_line(unit, "unit", LONGEST_UNIT)
    if money is not None and counted is not None:
        raise Refusal("Keep the amount of money or the count; put the other into an entry of its own.", "quantity")
    if code and not _CURRENCY.fullmatch(code):
        raise Refusal("Write the currency in three letters, such as EUR.", "currency")
    if counted is not None and not of:
        raise Refusal("Say what is counted, such as hours or users.", "unit")
    if of and counted is None:
        raise Refusal("Say how many, or leave the unit empty.", "quantity")
    return Value(money, code or None if money is not None else None, counted, of or None)


def _day_of(side: Side, raw: str, promised_on: date | None, today: date) -> date:
    found = typed_day(raw, "happens_on")
    if found is None:
        raise Refusal("Choose the day.", "happens_on")
    if side is Side.TO_COME and found < today:
        raise Refusal(f"{day(found)} is past; choose a day by which it can still come.", "happens_on")
    if side is not Side.TO_COME and found > today:
        raise Refusal(f"{day(found)} is still to come; choose “still to come”, or a day that is past.", "happens_on")
    if promised_on and found < promised_on:
        raise Refusal(f"It was promised on {day(promised_on)}; choose that day or a later one.", "happens_on")
    return found


def _figure(raw: str, field: str) -> Decimal | None:
    text = raw.strip().replace(",", "").replace(" ", "")
    if not text:
        return None
    try:
        found = Decimal(text) if len(text) <= 20 and text.isascii() else Decimal("nan")
        cents = found.quantize(Decimal("0.01"))
    except InvalidOperation:
        raise Refusal("Write it as a number, such as 12500 or 12500.50.", field) from None
    if not found.is_finite() or cents != found or not 0 <= found <= MOST:
        raise Refusal("Write it as a number with at most two decimals, such as 12500.50.", field)
    return cents
