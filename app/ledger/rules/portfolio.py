"""The promises of all accounts as finished values for their page and files."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from app.core.display import MISSING, count, day, percent
from app.core.words import capital, counted, in_words, label, name_in_address, plural
from app.customers.rules import Aspect
from app.ledger.rules.items import Unit

PAGE_ROWS = 50


class State(StrEnum):
    """How a promise stands, as a reader asks for it."""

    OWED = "owed"
    LATE = "late"
    UNASKED = "unasked"
    DOUBTED = "doubted"
    ALL = "all"


STATES = {
    State.OWED: "Still owed",
    State.LATE: "Past their day",
    State.UNASKED: "Arrived, nobody was asked",
    State.DOUBTED: "The customer says no or partly",
    State.ALL: "All",
}


@dataclass(frozen=True)
class Asked:
    """What a reader asks for; an empty kind of value is all of them."""

    state: State = State.OWED
    aspect: str = ""


@dataclass(frozen=True)
class DomainLine:
    """One kind of value over all accounts, as text."""

    name: str
    promises: str
    delivered: str
    acknowledged: str
    doubted: str
    values: list[tuple[str, str]]


@dataclass(frozen=True)
class PromiseLine:
    """One promise, as text."""

    id: int
    account_id: str
    account: str
    owner: str
    text: str
    about: str
    promised: str
    arrived: str
    due: str
    is_late: bool
    said: str


def asked_for(state: str, aspect: str) -> Asked:
    """What an address asks for; what is empty or unknown is as usual."""
    return Asked(State(state) if state in list(State) else State.OWED, aspect if aspect in list(Aspect) else "")


def counts_of(by_aspect: Sequence[Any], aspect: str) -> dict[State, int]:
    """How many promises are in each state, of one kind of value or of all."""
    rows = [row for row in by_aspect if aspect in {"", row.aspect}]
    return {state: sum(int(getattr(row, state.value)) for row in rows) for state in State}


def title(counts: Mapping[State, int]) -> str:
    """The finding over all promises."""
    every, owed, doubted = counts[State.ALL], counts[State.OWED], counts[State.DOUBTED]
    if not every:
        return "No promise to a customer is on record"
    how_many = in_words(owed) if owed else "none"
    words = f"{how_many} of {counted(every, 'promise')} {plural(max(owed, 1), 'is')} still owed"
    more = f"; of {in_words(doubted)} a customer says that it has not all arrived" if doubted else ""
    return capital(words + more)


def domain_lines(by_aspect: Sequence[Any], values: Sequence[Any]) -> list[DomainLine]:
    """Each kind of value with its promises, and with what can be counted: each currency and unit on its own."""
    counted_in: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for row in sorted(values, key=lambda it: (it.unit is not None, it.currency or "", it.unit or "")):
        counted_in[row.aspect].append(_value_words(row))
    rows = {row.aspect: row for row in by_aspect}
    return [_domain(aspect, rows[aspect], counted_in[aspect]) for aspect in Aspect if aspect in rows]


def promise_lines(rows: Sequence[Any], today: date) -> list[PromiseLine]:
    """Promises as lines, in their order."""
    return [_line(row, today) for row in rows]


HEADER = (
    "account_id", "account", "csm", "promise_id", "promise", "promised_by", "aspect", "promised_on", "due_on", "amount",
    "currency", "quantity", "unit", "delivered", "delivered_on", "told_on", "customer_said", "customer_said_on",
)  # fmt: skip


def file_rows(rows: Sequence[Any]) -> list[tuple[object, ...]]:
    """Promises as rows of a file; what is not known is empty. `delivered` is in the promise's own currency or unit."""
    return [_file_row(row) for row in rows]


def _file_row(row: Any) -> tuple[object, ...]:
    is_counted = row.amount is not None or row.quantity is not None
    return (
        row.account_id,
        row.account,
        row.csm_email,
        row.crm_id,
        row.text,
        row.source,
        row.aspect,
        _iso(row.promised_on),
        _iso(row.due_on),
        _plain(row.amount),
        row.currency if row.amount is not None else None,
        _plain(row.quantity),
        row.unit,
        _plain(row.arrived) if is_counted else None,
        _iso(row.delivered_on),
        _iso(row.told_on),
        row.said,
        _iso(row.said_at.date()) if row.said_at else None,
    )


def _domain(aspect: Aspect, row: Any, values: list[tuple[str, str]]) -> DomainLine:
    return DomainLine(
        name=label(aspect),
        promises=count(row.all),
        delivered=count(row.delivered),
        acknowledged=count(row.acknowledged),
        doubted=count(row.doubted),
        values=values,
    )


def _value_words(row: Any) -> tuple[str, str]:
    unit = Unit(is_money=row.unit is None, name=row.currency if row.unit is None else row.unit)
    promised, delivered = Decimal(row.promised or 0), Decimal(row.delivered_value or 0)
    share = percent(float(delivered / promised)) if promised > 0 else MISSING
    return share, f"{unit.words(delivered)} of {unit.words(promised)}, {counted(row.promises, 'promise')}"


def _line(row: Any, today: date) -> PromiseLine:
    unit = _unit(row)
    is_delivered = row.delivered_on is not None and row.delivered_on <= today
    arrived = unit.words(Decimal(row.arrived or 0)) if unit else "all of it" if is_delivered else "nothing yet"
    if is_delivered:
        arrived = f"{arrived}, {day(row.delivered_on)}"
    return PromiseLine(
        id=row.id,
        account_id=row.account_id,
        account=row.account,
        owner=name_in_address(row.csm) if row.csm else "No CSM",
        text=row.text,
        about=f"{label(row.source)} · {label(row.aspect)}{f' · {day(row.promised_on)}' if row.promised_on else ''}",
        promised=unit.words(row.amount if row.amount is not None else row.quantity) if unit else "not counted",
        arrived=arrived,
        due=day(row.due_on) if row.due_on else "no day named",
        is_late=not is_delivered and row.due_on is not None and row.due_on < today,
        said=f"{capital(row.said)}, {day(row.said_at.date())}" if row.said else "Not asked yet",
    )


def _unit(row: Any) -> Unit | None:
    if row.amount is not None:
        return Unit(is_money=True, name=row.currency)
    return Unit(is_money=False, name=row.unit) if row.quantity is not None and row.unit else None


def _iso(value: date | None) -> str | None:
    return value.isoformat() if value else None


def _plain(value: Any) -> float | None:
    return None if value is None else float(value)
