"""What accounts were promised."""

from collections.abc import Sequence
from datetime import date
from typing import Any, cast

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from app.customers.models import Account, Promise
from app.ledger.queries.arrived import is_owed
from app.studies.scope import assigned_accounts
from app.users.rules import Permission, Scope


def promises_of(session: Session, account: Account) -> Sequence[Promise]:
    """The promises of an account: those that are still owed first, the oldest of each first."""
    return session.scalars(
        select(Promise)
        .where(Promise.account_id == account.id)
        .order_by(Promise.delivered_on.is_not(None), Promise.promised_on.is_(None), Promise.promised_on, Promise.id)
    ).all()


def promises_owed(session: Session, *, scope: Scope, on: date, most: int) -> tuple[int, Sequence[Row[Any]]]:
    """How many promises to the accounts assigned to the caller are still owed on a day, and those due first.

    Rows (text, source, promised_on, due_on, amount, currency, crm_id, account); what has no day comes last.
    """
    owed = (assigned_accounts(scope, Permission.ACCOUNTS), is_owed(on))
    every = session.scalar(
        select(func.count()).select_from(Promise).join(Account, Account.id == Promise.account_id).where(*owed)
    )
    rows = session.execute(
        select(
            Promise.text,
            Promise.source,
            Promise.promised_on,
            Promise.due_on,
            Promise.amount,
            func.coalesce(Promise.currency, Account.currency).label("currency"),
            Account.crm_id,
            Account.name.label("account"),
        )
        .join(Account, Account.id == Promise.account_id)
        .where(*owed)
        .order_by(
            Promise.due_on.is_(None), Promise.due_on, Promise.promised_on.is_(None), Promise.promised_on, Promise.id
        )
        .limit(most)
    ).all()
    return every or 0, cast("Sequence[Row[Any]]", rows)
