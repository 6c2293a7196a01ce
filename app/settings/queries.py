"""What the settings depend on."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.customers.models import Account


def has_amounts(session: Session) -> bool:
    """Tell whether any account has an ARR, so that another currency would give amounts another worth."""
    return session.scalar(select(Account.id).where(Account.arr.is_not(None)).limit(1)) is not None
