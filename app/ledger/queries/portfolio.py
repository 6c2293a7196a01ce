"""The promises of every account that a caller may see: counted by state and kind of value, and listed."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
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

_BY_ANSWERS = frozenset({State.UNASKED, State.DOUBTED})
"""States that answers or entries tell."""
_COUNTED = ("delivered", "acknowledged", *(state.value for state in State))
_ORDER = (
    Promise.delivered_on.is_not(None),
    Promise.due_on.is_(None),
    Promise.due_on,
    Promise.promised_on.is_(None),
    Promise.promised_on,
    Promise.id,
)


@dataclass(frozen=True)
class AspectCounts:
    """One kind of value: how many of its promises arrived, were acknowledged, and are in each state."""

    aspect: str
    delivered: int
    acknowledged: int
    owed: int
    late: int
    unasked: int
    doubted: int
    all: int


class Portfolio:
    """The promises to customers within a caller's reach on a day; `currency` is that of the workspace.

    `of` is a condition on Promise for those whose answers and entries are wanted: without one they are read whole, for
    they are few beside promises, and meet those of the caller alone.
    """

    def __init__(
        self,
        session: Session,
        *,
        scope: Scope,
        on: date,
        currency: str | None,
        of: ColumnElement[bool] | None = None,
    ) -> None:
        self.session = session
        self.scope = scope
        self.on = on
        self.workspace_currency = currency
        self.theirs = and_(accounts_within(scope), still_customers())
        wanted = true() if of is None else of
        self.said = newest_answers(wanted)
        self.currency = func.coalesce(Promise.currency, Account.currency, literal(currency or ""))
        self.entries = entries_of_promises(wanted, currency=literal(currency or ""), on=on)

    def by_aspect(self) -> list[AspectCounts]:
        """How many promises of each kind of value there are in each state; one statement, with that of `values`."""
        sums: dict[str, Counter[str]] = defaultdict(Counter)
        for row in self._groups:
            sums[row.aspect].update({name: int(getattr(row, name)) for name in _COUNTED})
        return [AspectCounts(aspect, **{name: found[name] for name in _COUNTED}) for aspect, found in sums.items()]

    def values(self) -> Rows:
        """Rows (aspect, currency, unit, promises, promised, delivered_value): each unit on its own.

        Of promises made by the day; `unit` is null where it is money, `currency` where it is not.
        """
        return [row for row in self._groups if row.is_counted]

    @cached_property
    def _groups(self) -> Rows:
        """Promises by kind of value, and by unit, apart from those without a value or of a day to come: one walk."""
        currency = case((Promise.amount.is_not(None), self.currency))
        unit = case((Promise.amount.is_(None), func.lower(Promise.unit)))
        has_value = or_(Promise.amount.is_not(None), Promise.quantity.is_not(None))
        made = or_(Promise.promised_on.is_(None), Promise.promised_on <= self.on)
        is_counted = case((and_(has_value, made), 1), else_=0)
        states = [number_of(self._is(state)).label(state.value) for state in State]
        wanted = select(
            Promise.aspect,
            currency.label("currency"),
            unit.label("unit"),
            is_counted.label("is_counted"),
            func.count().label("promises"),
            func.sum(func.coalesce(Promise.amount, Promise.quantity)).label("promised"),
            func.sum(delivered_of(self.entries, self.on)).label("delivered_value"),
            number_of(~self._is(State.OWED)).label("delivered"),
            number_of(self.said.c.said == Word.YES.value).label("acknowledged"),
            *states,
        )
        return self.session.execute(self._from(wanted).group_by(Promise.aspect, currency, unit, is_counted)).all()

    def rows(self, asked: Asked, *, start: int = 0, most: int | None = None) -> Rows:
        """The promises that are asked for: those due first, then the oldest; what is delivered comes last.

        Of a page the ids are found first, and what was said of these alone.
        """
        conditions = (self._is(asked.state), *self._of(asked.aspect))
        if most is None:
            return self.session.execute(self._details().where(*conditions)).all()
        ids = self.session.scalars(
            self._from(select(Promise.id), is_whole=asked.state in _BY_ANSWERS)
            .where(*conditions)
            .order_by(*_ORDER)
            .offset(start)
            .limit(most)
        ).all()
        if not ids:
            return []
        on_page = Promise.id.in_(ids)
        page = Portfolio(self.session, scope=self.scope, on=self.on, currency=self.workspace_currency, of=on_page)
        return self.session.execute(page._details().where(on_page)).all()

    def _details(self) -> Select[*tuple[Any, ...]]:
        wanted = select(
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
        return self._from(wanted).order_by(*_ORDER)

    def _from(self, wanted: Select[*tuple[Any, ...]], *, is_whole: bool = True) -> Select[*tuple[Any, ...]]:
        """The statement over the caller's promises, with what was said and entered of them where that is wanted."""
        found = wanted.select_from(Promise).join(Account, Account.id == Promise.account_id).where(self.theirs)
        if not is_whole:
            return found
        return found.outerjoin(self.said, self.said.c.promise_id == Promise.id).outerjoin(
            self.entries, self.entries.c.promise_id == Promise.id
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
