"""What statements about accounts share."""

from typing import Any

from sqlalchemy import ColumnElement, func, select

from app.customers.models import Account
from app.users.models import User


def csm_name() -> ColumnElement[Any]:
    """Who looks after an account: the name of that user, or the address where nobody here bears it; null for nobody."""
    named = (
        select(func.nullif(User.name, ""))
        .where(func.lower(User.email) == func.lower(Account.csm_email))
        .correlate(Account)
        .scalar_subquery()
    )
    return func.coalesce(named, Account.csm_email)
