"""What of promises has arrived and what is to come, each in its promise's own currency or unit, by one statement."""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Subquery, and_, case, func, or_, select

from app.customers.models import Account, Promise
from app.ledger.models import LedgerEntry
from app.ledger.rules.typed import Side

NOTHING = 0


def entries_of_promises(of: ColumnElement[bool], *, currency: ColumnElement[str], on: date) -> Subquery:
    """Rows (promise_id, deliveries, measured, value, expected, to_come, told_on) over the entries that stand.

    `of` is a condition on Promise and Account, `currency` that of the workspace. `value` is what was delivered until
    the day, `to_come` what entries say is still to come, both in the unit of the promise; `measured` and `expected`
    are how many entries of each side say how much at all.
    """
    is_delivery = LedgerEntry.side == Side.DELIVERED.value
    is_to_come = LedgerEntry.side == Side.TO_COME.value
    has_come = and_(is_delivery, LedgerEntry.happens_on <= on)
    has_value = or_(LedgerEntry.amount.is_not(None), LedgerEntry.quantity.is_not(None))
    told = case((and_(LedgerEntry.side == Side.TOLD.value, LedgerEntry.happens_on <= on), LedgerEntry.happens_on))
    return (
        select(
            LedgerEntry.promise_id,
            number_of(has_come).label("deliveries"),
            number_of(and_(is_delivery, has_value)).label("measured"),
            func.sum(_in_its_unit(has_come, currency)).label("value"),
            number_of(and_(is_to_come, has_value)).label("expected"),
            func.sum(_in_its_unit(is_to_come, currency)).label("to_come"),
            func.max(told).label("told_on"),
        )
        .join(Promise, Promise.id == LedgerEntry.promise_id)
        .join(Account, Account.id == Promise.account_id)
        .where(LedgerEntry.withdrawn_at.is_(None), of)
        .group_by(LedgerEntry.promise_id)
        .subquery("entries")
    )


def delivered_of(entries: Subquery, on: date) -> ColumnElement[Any]:
    """What of a promise has arrived in its own unit: the sum of its entries, else all once it is delivered."""
    whole = func.coalesce(Promise.amount, Promise.quantity)
    return case(
        (func.coalesce(entries.c.measured, NOTHING) > NOTHING, entries.c.value),
        (Promise.delivered_on <= on, whole),
        else_=NOTHING,
    )


def to_come_of(entries: Subquery, on: date) -> ColumnElement[Any]:
    """What of a promise is still to arrive in its own unit: what entries say, else the rest; nothing once delivered."""
    rest = func.coalesce(Promise.amount, Promise.quantity) - delivered_of(entries, on)
    return case(
        (~is_owed(on), NOTHING),
        (func.coalesce(entries.c.expected, NOTHING) > NOTHING, entries.c.to_come),
        (rest > NOTHING, rest),
        else_=NOTHING,
    )


def is_owed(on: date) -> ColumnElement[bool]:
    """Whether a promise is still owed on a day: not delivered, or on a day that is still to come."""
    return or_(Promise.delivered_on.is_(None), Promise.delivered_on > on)


def number_of(condition: ColumnElement[bool]) -> ColumnElement[int]:
    """How many rows of a group are so."""
    return func.coalesce(func.sum(case((condition, 1), else_=NOTHING)), NOTHING)


def _in_its_unit(condition: ColumnElement[bool], currency: ColumnElement[str]) -> ColumnElement[Any]:
    """What entries of this condition say, where it is in the currency or unit of their promise."""
    same_money = and_(
        Promise.amount.is_not(None),
        func.coalesce(LedgerEntry.currency, Account.currency, currency)
        == func.coalesce(Promise.currency, Account.currency, currency),
    )
    same_unit = func.lower(LedgerEntry.unit) == func.lower(Promise.unit)
    return case(
        (and_(condition, same_money), func.coalesce(LedgerEntry.amount, NOTHING)),
        (and_(condition, same_unit), func.coalesce(LedgerEntry.quantity, NOTHING)),
        else_=NOTHING,
    )
