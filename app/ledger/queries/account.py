"""The ledger of one account: its promises with what happened to them, what they said before, and what customers say."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from app.core.errors import Missing
from app.core.rows import locked_row
from app.customers.models import Account, Promise
from app.ledger.models import LedgerEntry, PromiseVersion
from app.ledger.queries.answers import answers_of, newest_answers
from app.ledger.rules.items import Entry, Item, Word, measure_of
from app.ledger.rules.typed import Side, Value
from app.users.models import User
from app.users.rules import Scope

MOST_ASKED = 50
"""Promises that an interview offers to ask about: more than anybody would, and a bound."""


def items_of(session: Session, *, scope: Scope, account: Account, currency: str | None) -> list[Item]:
    """The promises of an account as items: those still owed first, the oldest of each first; three statements.

    `currency` is that of amounts which name none.
    """
    promises = session.scalars(
        select(Promise)
        .where(Promise.account_id == account.id)
        .order_by(Promise.delivered_on.is_not(None), Promise.promised_on.is_(None), Promise.promised_on, Promise.id)
    ).all()
    if not promises:
        return []
    entries = _entries(session, account, currency)
    answers = answers_of(session, scope=scope, account=account)
    return [
        Item(
            id=each.id,
            text=each.text,
            aspect=each.aspect,
            source=each.source,
            since=each.promised_on or each.created_at.date(),
            promised_on=each.promised_on,
            due_on=each.due_on,
            promised=measure_of(Value(each.amount, each.currency, each.quantity, each.unit), currency),
            delivered_on=each.delivered_on,
            evidence=each.evidence,
            entries=tuple(entries.get(each.id, ())),
            answers=tuple(answers.get(each.id, ())),
        )
        for each in promises
    ]


def versions_of(session: Session, account: Account) -> dict[int, list[Row[*tuple[Any, ...]]]]:
    """What the promises of an account said before (former, replaced_at, who), the newest first, by promise id."""
    rows = session.execute(
        select(PromiseVersion.promise_id, PromiseVersion.former, PromiseVersion.replaced_at, _named().label("who"))
        .join(Promise, Promise.id == PromiseVersion.promise_id)
        .outerjoin(User, User.id == PromiseVersion.replaced_by)
        .where(Promise.account_id == account.id)
        .order_by(PromiseVersion.id.desc())
    )
    found: dict[int, list[Row[*tuple[Any, ...]]]] = defaultdict(list)
    for row in rows:
        found[row.promise_id].append(row)
    return found


def promise_on(session: Session, *, account: Account, promise_id: int) -> Promise:
    """A promise of an account, locked until the transaction ends; Missing where it has none of this id."""
    wanted = select(Promise).where(Promise.id == promise_id, Promise.account_id == account.id)
    missing = Missing("This account has no such promise.", "promise")
    return locked_row(session, wanted, row_id=promise_id, missing=missing)


def entry_of(session: Session, *, account: Account, entry_id: int) -> LedgerEntry:
    """An entry of an account, locked until the transaction ends; Missing where it has none of this id."""
    wanted = (
        select(LedgerEntry)
        .join(Promise, Promise.id == LedgerEntry.promise_id)
        .where(LedgerEntry.id == entry_id, Promise.account_id == account.id)
    )
    return locked_row(session, wanted, row_id=entry_id, missing=Missing("This account has no such entry.", "entry"))


def promises_to_ask(session: Session, *, account_id: int, on: date) -> Sequence[Promise]:
    """The promises of an account of which something has arrived by a day and which nobody there has acknowledged."""
    newest = newest_answers(Promise.account_id == account_id)
    return session.scalars(
        select(Promise)
        .outerjoin(newest, newest.c.promise_id == Promise.id)
        .where(
            Promise.account_id == account_id,
            has_arrived(on),
            or_(newest.c.said.is_(None), newest.c.said != Word.YES.value),
        )
        .order_by(Promise.promised_on.is_(None), Promise.promised_on, Promise.id)
        .limit(MOST_ASKED)
    ).all()


def has_arrived(on: date) -> ColumnElement[bool]:
    """Return the condition on Promise: something of it was delivered by a day, all or a part."""
    part = exists().where(
        and_(
            LedgerEntry.promise_id == Promise.id,
            LedgerEntry.side == Side.DELIVERED.value,
            LedgerEntry.happens_on <= on,
            LedgerEntry.withdrawn_at.is_(None),
        )
    )
    return or_(Promise.delivered_on <= on, part)


def _entries(session: Session, account: Account, currency: str | None) -> dict[int, list[Entry]]:
    rows = session.execute(
        select(LedgerEntry, _named())
        .join(Promise, Promise.id == LedgerEntry.promise_id)
        .outerjoin(User, User.id == LedgerEntry.recorded_by)
        .where(Promise.account_id == account.id)
        .order_by(LedgerEntry.happens_on.desc(), LedgerEntry.id.desc())
    )
    found: dict[int, list[Entry]] = defaultdict(list)
    for row, who in rows:
        found[row.promise_id].append(_entry(row, who, currency))
    return found


def _entry(row: LedgerEntry, who: str | None, currency: str | None) -> Entry:
    return Entry(
        id=row.id,
        side=Side(row.side),
        source=row.source,
        on=row.happens_on,
        measure=measure_of(Value(row.amount, row.currency, row.quantity, row.unit), currency),
        completes=row.completes,
        evidence=row.evidence,
        recorded_at=row.recorded_at,
        who=who,
        withdrawn_at=row.withdrawn_at,
        withdrawn_because=row.withdrawn_because,
    )


def _named() -> ColumnElement[str]:
    return func.coalesce(func.nullif(User.name, ""), User.email)
