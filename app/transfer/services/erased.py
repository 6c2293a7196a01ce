"""Rows about people who were erased at their wish: they are left out, so that no file brings anybody back."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.customers.models import Contact


def leave_erased(session: Session, staged: sa.Table) -> int:
    """Take the staged rows of erased contacts away and return how many there were."""
    erased = sa.select(Contact.crm_id).where(Contact.erased_at.is_not(None))
    left = sa.delete(staged).where(staged.c.contact_id.in_(erased)).returning(staged.c.row)
    return len(session.execute(left).all())


def erased_people(rows: int) -> dict[str, int]:
    """What an import says of them: nothing where there were none."""
    return {"left_out_as_erased": rows} if rows else {}
