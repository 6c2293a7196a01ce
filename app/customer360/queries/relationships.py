"""What an account has with us."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from app.customers.models import Account, Relationship
from app.users.models import User


def relationships_of(session: Session, account: Account) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return the relationships of an account (type, name, arr, owner), by type and name."""
    return session.execute(
        select(
            Relationship.type,
            Relationship.name,
            Relationship.arr,
            func.coalesce(func.nullif(User.name, ""), Relationship.owner_email).label("owner"),
        )
        .outerjoin(User, func.lower(User.email) == func.lower(Relationship.owner_email))
        .where(Relationship.account_id == account.id)
        .order_by(func.lower(Relationship.type), func.lower(Relationship.name), Relationship.id)
    ).all()
