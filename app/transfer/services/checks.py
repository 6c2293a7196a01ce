"""What only the whole file can tell: keys that stand twice, accounts and contacts that nobody knows."""

from collections.abc import Callable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.customers.models import Account, Contact, Relationship
from app.transfer.rules.cells import shown
from app.transfer.rules.outcome import LISTED, CellError, Faults
from app.transfer.services.rows import ROW


def note_doubles(session: Session, staged: sa.Table, keys: Sequence[str], faults: Faults, *, name: str) -> None:
    """Note every row whose key stands in an earlier row; `name` is what people call the key."""
    columns = [staged.c[key] for key in keys]
    twice = sa.select(sa.func.count()).select_from(staged).group_by(*columns).having(sa.func.count() > 1).limit(1)
    if session.scalar(twice) is None:
        return
    first = sa.func.min(staged.c[ROW]).over(partition_by=columns).label("first")
    numbered = sa.select(staged.c[ROW], first).subquery()
    wanted = sa.select(numbered.c.row, numbered.c.first).where(numbered.c.row > numbered.c.first)
    note_rows(
        session,
        wanted,
        faults,
        column=keys[0],
        message=lambda row: f"The same {name} stands in row {row.first:,} already; it may stand once in a file.",
    )


def note_unknown_accounts(session: Session, staged: sa.Table, faults: Faults) -> None:
    """Note every row that names an account that is not there."""
    unknown = (
        sa.select(staged.c[ROW], staged.c.account_id)
        .outerjoin(Account, Account.crm_id == staged.c.account_id)
        .where(Account.id.is_(None))
    )
    note_rows(
        session,
        unknown,
        faults,
        column="account_id",
        message=lambda row: f"No account has the id {shown(row.account_id)}; import the accounts first.",
    )


def note_unknown_contacts(session: Session, staged: sa.Table, faults: Faults) -> None:
    """Note every row that names a contact that is not there."""
    unknown = (
        sa.select(staged.c[ROW], staged.c.contact_id)
        .outerjoin(Contact, Contact.crm_id == staged.c.contact_id)
        .where(staged.c.contact_id.is_not(None), Contact.id.is_(None))
    )
    note_rows(
        session,
        unknown,
        faults,
        column="contact_id",
        message=lambda row: (
            f"No contact has the id {shown(row.contact_id)}; import the contacts first, or leave it empty."
        ),
    )


def note_foreign_relationships(session: Session, staged: sa.Table, faults: Faults) -> None:
    """Note every row that names a relationship that is not there, or is that of another account than the row names."""
    owner = sa.orm.aliased(Account)
    wanted = (
        sa.select(staged.c[ROW], staged.c.relationship_id, staged.c.account_id, owner.crm_id.label("owner"))
        .outerjoin(Relationship, Relationship.crm_id == staged.c.relationship_id)
        .outerjoin(owner, owner.id == Relationship.account_id)
        .where(
            staged.c.relationship_id.is_not(None), sa.or_(owner.crm_id.is_(None), owner.crm_id != staged.c.account_id)
        )
    )
    note_rows(session, wanted, faults, column="relationship_id", message=_why_foreign)


def _why_foreign(row: sa.Row[Any]) -> str:
    its = shown(row.relationship_id)
    if row.owner is None:
        return f"No relationship has the id {its}; import the relationships first, or leave it empty."
    return f"Relationship {its} is one of account {shown(row.owner)}, not of {shown(row.account_id)}."


def note_rows(
    session: Session,
    rows: sa.Select[Any],
    faults: Faults,
    *,
    column: str,
    message: Callable[[sa.Row[Any]], str],
) -> None:
    """Note the rows that a statement finds: the first of them by name, all of them by number."""
    found = session.execute(rows.order_by(rows.selected_columns[ROW]).limit(LISTED)).all()
    if not found:
        return
    total = session.scalar(sa.select(sa.func.count()).select_from(rows.subquery())) or 0
    faults.add_counted([CellError(row.row, column, message(row)) for row in found], total)
