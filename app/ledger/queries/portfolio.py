"""The promises of every account that a caller may see: counted by state and kind of value, and listed."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    Subquery,
    and_,
    case,
    func,
    literal,
    or_,
    select,
    true,
)
from sqlalchemy.orm import Session

from app.customers.models import Account, Promise
from app.customers.queries import csm_name
from app.customers.scope import accounts_within, still_customers
from app.ledger.models import LedgerEntry
from app.ledger.queries.answers import newest_answers
from app.ledger.rules.items import Word
from app.ledger.rules.portfolio import Asked, State
from app.ledger.rules.typed import Side
from app.users.rules import Scope

Rows = Sequence[Row[*tuple[Any, ...]]]

NOTHING = 0


class Portfolio:
    """The promises to customers within a caller's reach on a day; `currency` is that of the workspace."""

    def __init__(self, session: Session, *, scope: Scope, on: date, currency: str | None) -> None:
        self.session = session
        self.on = on
        self.theirs = and_(accounts_within(scope), still_customers())
        # Answers and entries are few beside promises: they are read whole, and meet those of the caller alone.
        self.said = newest_answers(true())
        self.currency = func.coalesce(Promise.currency, Account.currency, literal(currency or ""))
        self.entries = _entries(literal(currency or ""), on)

    def by_aspect(self) -> Rows:
        """Rows (aspect, delivered, acknowledged, and how many promises are in each state); one statement."""
        states = [_number(self._is(state)).label(state.value) for state in State]
        acknowledged = _number(self.said.c.said == Word.YES.value).label("acknowledged")
        delivered = _number(~self._is(State.OWED)).label("delivered")
        counted = select(Promise.aspect, delivered, acknowledged, *states)
        return self.session.execute(self._from(counted).group_by(Promise.aspect)).all()

    def values(self) -> Rows:
        """Rows (aspect, currency, unit, promises, promised, delivered): each unit on its own.

        Of promises made by the day; `unit` is null where it is money, `currency` where it is not.
        """
        currency = case((Promise.amount.is_not(None), self.currency))
        unit = case((Promise.amount.is_(None), func.lower(Promise.unit)))
        has_value = or_(Promise.amount.is_not(None), Promise.quantity.is_not(None))
        made = or_(Promise.promised_on.is_(None), Promise.promised_on <= self.on)
        return self.session.execute(
            self._from(
                select(
                    Promise.aspect,
                    currency.label("currency"),
                    unit.label("unit"),
                    func.count().label("promises"),
                    func.sum(func.coalesce(Promise.amount, Promise.quantity)).label("promised"),
                    func.sum(self._delivered()).label("delivered"),
                )
            )
            .where(has_value, made)
            .group_by(Promise.aspect, currency, unit)
        ).all()

    def rows(self, asked: Asked, *, start: int = 0, most: int | None = None) -> Rows:
        """The promises that are asked for: those due first, then the oldest; what is delivered comes last."""
        wanted = self._from(
            select(
                Account.crm_id.label("account_id"),
                Account.name.label("account"),
                Account.csm_email,
                csm_name().label("csm"),
                Promise.id,
                Promise.crm_id,
                Promise.text,
                Promise.source,
                Promise.aspect,
                Promise.promised_on,
                Promise.due_on,
                Promise.amount,
                self.currency.label("currency"),
                Promise.quantity,
                Promise.unit,
                self._delivered().label("arrived"),
                Promise.delivered_on,
                self.entries.c.told_on,
                self.said.c.said,
                self.said.c.at.label("said_at"),
            )
        ).where(self._is(asked.state), *self._of(asked.aspect))
        return self.session.execute(
            wanted.order_by(
                Promise.delivered_on.is_not(None),
                Promise.due_on.is_(None),
                Promise.due_on,
                Promise.promised_on.is_(None),
                Promise.promised_on,
                Promise.id,
            )
            .offset(start)
            .limit(most)
        ).all()

    def _from(self, wanted: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
        return (
            wanted.select_from(Promise)
            .join(Account, Account.id == Promise.account_id)
            .outerjoin(self.said, self.said.c.promise_id == Promise.id)
            .outerjoin(self.entries, self.entries.c.promise_id == Promise.id)
            .where(self.theirs)
        )

    def _of(self, aspect: str) -> list[ColumnElement[bool]]:
        return [Promise.aspect == aspect] if aspect else []

    def _is(self, state: State) -> ColumnElement[bool]:
        owed = or_(Promise.delivered_on.is_(None), Promise.delivered_on > self.on)
        arrived = or_(~owed, func.coalesce(self.entries.c.deliveries, NOTHING) > NOTHING)
        return {
            State.OWED: owed,
            State.LATE: and_(owed, Promise.due_on < self.on),
            State.UNASKED: and_(arrived, self.said.c.said.is_(None)),
            State.DOUBTED: self.said.c.said.in_([Word.PARTLY.value, Word.NO.value]),
            State.ALL: true(),
        }[state]

    def _delivered(self) -> ColumnElement[Any]:
        """What of a promise has arrived in its own unit: the sum of its entries, else all once it is delivered."""
        whole = func.coalesce(Promise.amount, Promise.quantity)
        return case(
            (func.coalesce(self.entries.c.measured, NOTHING) > NOTHING, self.entries.c.value),
            (Promise.delivered_on <= self.on, whole),
            else_=NOTHING,
        )


def _entries(currency: ColumnElement[str], on: date) -> Subquery:
    """Rows (promise_id, deliveries, measured, value, told_on) over the entries that stand."""
    is_delivery = LedgerEntry.side == Side.DELIVERED.value
    has_come = and_(is_delivery, LedgerEntry.happens_on <= on)
    has_value = or_(LedgerEntry.amount.is_not(None), LedgerEntry.quantity.is_not(None))
    same_money = and_(
        Promise.amount.is_not(None),
        func.coalesce(LedgerEntry.currency, Account.currency, currency)
        == func.coalesce(Promise.currency, Account.currency, currency),
    )
    same_unit = func.lower(LedgerEntry.unit) == func.lower(Promise.unit)
    value = case(
        (and_(has_come, same_money), func.coalesce(LedgerEntry.amount, NOTHING)),
        (and_(has_come, same_unit), func.coalesce(LedgerEntry.quantity, NOTHING)),
        else_=NOTHING,
    )
    told = case((and_(LedgerEntry.side == Side.TOLD.value, LedgerEntry.happens_on <= on), LedgerEntry.happens_on))
    return (
        select(
            LedgerEntry.promise_id,
            _number(has_come).label("deliveries"),
            _number(and_(is_delivery, has_value)).label("measured"),
            func.sum(value).label("value"),
            func.max(told).label("told_on"),
        )
        .join(Promise, Promise.id == LedgerEntry.promise_id)
        .join(Account, Account.id == Promise.account_id)
        .where(LedgerEntry.withdrawn_at.is_(None))
        .group_by(LedgerEntry.promise_id)
        .subquery("entries")
    )


def _number(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=NOTHING)), NOTHING)
