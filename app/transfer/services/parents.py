"""What files of relationships say of what stands above what, checked with what is stored already."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.customers.models import Account, Relationship
from app.relationships.rules.tree import cycle_words, cycles_of
from app.transfer.rules.cells import shown
from app.transfer.rules.outcome import Faults
from app.transfer.services.checks import note_rows
from app.transfer.services.rows import ROW

AGAIN = "Import them again once the CRM says which is above."


def note_parents(session: Session, staged: sa.Table, faults: Faults) -> None:
    """Note every row whose parent is not known, is of another account, is itself, or would stand below it as well.

    A parent may stand in the same file, in any row of it.
    """
    note_rows(session, _misplaced(staged), faults, column="parent_id", message=_why_misplaced)
    for row, sentence in _cycles(session, staged):
        faults.add(row, "parent_id", sentence)


def _misplaced(staged: sa.Table) -> sa.Select[Any]:
    """Rows with a parent that is nowhere, or that the file, or else what is stored, gives to another account."""
    above, kept, owner = staged.alias("above"), sa.orm.aliased(Relationship), sa.orm.aliased(Account)
    account = sa.func.coalesce(above.c.account_id, owner.crm_id)
    return (
        sa.select(staged.c[ROW], staged.c.parent_id, staged.c.account_id, account.label("owner"))
        .outerjoin(above, above.c.relationship_id == staged.c.parent_id)
        .outerjoin(kept, kept.crm_id == staged.c.parent_id)
        .outerjoin(owner, owner.id == kept.account_id)
        .where(staged.c.parent_id.is_not(None), sa.or_(account.is_(None), account != staged.c.account_id))
    )


def _why_misplaced(row: sa.Row[Any]) -> str:
    parent = shown(row.parent_id)
    if row.owner is None:
        return f"No relationship has the id {parent}, here or in this file; import it too, or leave the cell empty."
    return f"Relationship {parent} is one of account {shown(row.owner)}, and cannot stand above one of another account."


def _cycles(session: Session, staged: sa.Table) -> Iterator[tuple[int, str]]:
    """The first row of each cycle that would be stored, with a sentence that names the ids; rows rise."""
    rows = session.execute(sa.select(staged.c.relationship_id, staged.c.parent_id, staged.c[ROW])).all()
    told = {key: parent for key, parent, _ in rows}
    places = {key: row for key, _, row in rows}
    kept = session.execute(
        sa.select(Relationship.crm_id, Relationship.parent_crm_id).where(Relationship.parent_crm_id.is_not(None))
    )
    parents = {**{key: parent for key, parent in kept}, **told}  # noqa: C416  (a row is no pair to mypy)
    found = [(cycle, [places[key] for key in cycle if key in places]) for cycle in cycles_of(parents)]
    named = [(min(rows_), f"{cycle_words(cycle)}. {AGAIN}") for cycle, rows_ in found if rows_]
    yield from sorted(named)
