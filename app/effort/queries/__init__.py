"""What is said about the effort that accounts take; the newest word of an account's present CSM holds."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, Subquery, func, select, true
from sqlalchemy.orm import Session

from app.customers.models import Account
from app.customers.queries import csm_name
from app.customers.scope import accounts_within, own_accounts, still_customers
from app.effort.models import Effort
from app.effort.rules.report import EffortRow
from app.effort.rules.typed import Said
from app.users.models import User
from app.users.rules import Permission, Scope


def efforts_seen(session: Session, *, scope: Scope, account_id: int | None = None) -> list[EffortRow]:
    """Every account whose effort the caller may see, with what its present CSM last said, by name."""
    one = true() if account_id is None else Account.id == account_id
    return _rows(session, accounts_within(scope, Permission.ACCOUNTS_WRITE), one)


def own_week(session: Session, *, scope: Scope) -> list[EffortRow]:
    """The accounts assigned to the caller with what they said themselves, by name."""
    return _rows(session, own_accounts(scope))


def present_ids(session: Session, *, scope: Scope) -> dict[int, int]:
    """The row that holds for each of the caller's own accounts of which something is said: account id -> row id."""
    newest = _newest()
    rows = session.execute(
        select(Account.id, newest.c.id).join(newest, newest.c.account_id == Account.id).where(own_accounts(scope))
    )
    return {account: row for account, row in rows}  # noqa: C416  (a row is no pair to mypy)


def said_in(session: Session, *, ids: Collection[int], user_id: int) -> dict[int, Said]:
    """What somebody's rows of these ids say, by account id."""
    if not ids:
        return {}
    rows = session.execute(
        select(Effort.account_id, Effort.week_permille, Effort.complexity).where(
            Effort.id.in_(ids), Effort.user_id == user_id
        )
    )
    return {account: Said(permille, complexity) for account, permille, complexity in rows}


def is_form_known(session: Session, *, user_id: int, form_key: str) -> bool:
    """Tell whether a form was stored before."""
    known = select(Effort.id).where(Effort.user_id == user_id, Effort.form_key == form_key).limit(1)
    return session.scalar(known) is not None


def effort_history(session: Session, *, account: Account) -> Sequence[Row[Any]]:
    """Everything that was ever said about an account (said_on, who, week_permille, complexity), the newest first."""
    who = func.coalesce(func.nullif(User.name, ""), User.email)
    return session.execute(
        select(Effort.said_on, who.label("who"), Effort.week_permille, Effort.complexity)
        .join(User, User.id == Effort.user_id)
        .where(Effort.account_id == account.id)
        .order_by(Effort.id.desc())
        .limit(500)
    ).all()


def _rows(session: Session, *conditions: ColumnElement[bool]) -> list[EffortRow]:
    newest = _newest()
    rows = session.execute(
        select(
            Account.id,
            Account.crm_id,
            Account.name,
            Account.csm_email,
            Effort.week_permille,
            Effort.complexity,
            Effort.said_on,
            csm_name(),
        )
        .outerjoin(newest, newest.c.account_id == Account.id)
        .outerjoin(Effort, Effort.id == newest.c.id)
        .where(*conditions, still_customers())
        .order_by(func.lower(Account.name), Account.id)
    )
    return [EffortRow(*row) for row in rows]


def _newest() -> Subquery:
    """Per account the newest row of its present CSM: what somebody said who had it before is history."""
    return (
        select(Effort.account_id, func.max(Effort.id).label("id"))
        .join(Account, Account.id == Effort.account_id)
        .join(User, User.id == Effort.user_id)
        .where(func.lower(User.email) == func.lower(Account.csm_email))
        .group_by(Effort.account_id)
        .subquery()
    )
