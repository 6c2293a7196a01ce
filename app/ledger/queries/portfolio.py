"""The promises of every account that a caller may see: counted by state and kind of value, and listed."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, case, func, literal, or_, select, true
from sqlalchemy.orm import Session

from app.customers.models import Account, Promise
from app.customers.queries import csm_name
from app.customers.scope import accounts_within, still_customers
from app.ledger.queries.answers import newest_answers
from app.ledger.queries.arrived import NOTHING, delivered_of, entries_of_promises, is_owed, number_of
from app.ledger.rules.items import Word
from app.ledger.rules.portfolio import Asked, State
from app.users.rules import Scope

Rows = Sequence[Row[*tuple[Any, ...]]]


class Portfolio:
    """The promises to customers within a caller's reach on a day; `currency` is that of the workspace."""

    def __init__(self, session: Session, *, scope: Scope, on: date, currency: str | None) -> None:
        self.session = session
        self.on = on
        self.theirs = and_(accounts_within(scope), still_customers())
        # Answers and entries are few beside promises: they are read whole, and meet those of the caller alone.
        self.said = newest_answers(true())
        self.currency = func.coalesce(Promise.currency, Account.currency, literal(currency or ""))
        self.entries = entries_of_promises(true(), currency=literal(currency or ""), on=on)

    def by_aspect(self) -> Rows:
        """Rows (aspect, delivered, acknowledged, and how many promises are in each state); one statement."""
        states = [number_of(self._is(state)).label(state.value) for state in State]
        acknowledged = number_of(self.said.c.said == Word.YES.value).label("acknowledged")
        delivered = number_of(~self._is(State.OWED)).label("delivered")
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
                    func.sum(delivered_of(self.entries, self.on)).label("delivered"),
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
                delivered_of(self.entries, self.on).label("arrived"),
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
        owed = is_owed(self.on)
        arrived = or_(~owed, func.coalesce(self.entries.c.deliveries, NOTHING) > NOTHING)
        return {
            State.OWED: owed,
            State.LATE: and_(owed, Promise.due_on < self.on),
            State.UNASKED: and_(arrived, self.said.c.said.is_(None)),
            State.DOUBTED: self.said.c.said.in_([Word.PARTLY.value, Word.NO.value]),
            State.ALL: true(),
        }[state]
