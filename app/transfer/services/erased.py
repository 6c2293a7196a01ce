"""Rows about people who were erased at their wish: they are left out, so that no file brings anybody back."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.customers.models import Contact, Interaction
from app.customers.services import ERASED, erased_key


def leave_erased(session: Session, staged: sa.Table) -> int:
    """Take the staged rows of erased contacts away and return how many there were."""
    erased = sa.select(Contact.crm_id).where(Contact.erased_at.is_not(None))
    left = _left_out(session, staged, staged.c.contact_id.in_(erased))
    hidden = set(session.scalars(erased.where(Contact.crm_id.startswith(ERASED))))
    if not hidden:
        return left
    known = session.scalars(sa.select(staged.c.contact_id).distinct().where(staged.c.contact_id.is_not(None)))
    theirs = [crm_id for crm_id in known if erased_key(crm_id) in hidden]
    return left + _left_out(session, staged, staged.c.contact_id.in_(theirs))


def leave_erased_conversations(session: Session, staged: sa.Table) -> int:
    """Take the staged conversations with erased contacts away, named by their row or on record; return how many."""
    theirs = (
        sa.select(Interaction.crm_id)
        .join(Contact, Contact.id == Interaction.contact_id)
        .where(Contact.erased_at.is_not(None))
    )
    left = _left_out(session, staged, staged.c.interaction_id.in_(theirs))
    return left + (leave_erased(session, staged) if "contact_id" in staged.c else 0)


def _left_out(session: Session, staged: sa.Table, condition: sa.ColumnElement[bool]) -> int:
    return len(session.execute(sa.delete(staged).where(condition).returning(staged.c.row)).all())


def erased_people(rows: int) -> dict[str, int]:
    """What an import says of them: nothing where there were none."""
    return {"left_out_as_erased": rows} if rows else {}
