"""Whose health a caller may see: everybody's, or that of the accounts assigned to them."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.core.errors import Missing
from app.customers.models import Account
from app.users.rules import Permission, Reach, Scope

_EVERY = frozenset({Reach.ALL, Reach.WITHOUT_CONTACTS})


def sees_all_health(scope: Scope) -> bool:
    """Tell whether the caller may see the health of every account."""
    return bool(scope.reaches(Permission.ACCOUNTS) & _EVERY)


def reachable_health(scope: Scope) -> sa.ColumnElement[bool]:
    """Return the condition on Account for those whose health the caller may see."""
    reaches = scope.reaches(Permission.ACCOUNTS)
    if reaches & _EVERY:
        return sa.true()
    return assigned_to(scope.email) if Reach.ASSIGNED in reaches else sa.false()


def assigned_to(email: str) -> sa.ColumnElement[bool]:
    """Return the condition on Account for those that are assigned to an address in small letters."""
    return sa.func.lower(Account.csm_email) == email


def reachable_account(session: Session, *, scope: Scope, crm_id: str) -> Account:
    """Return the account of this CRM id; Missing where there is none or it is not the caller's to see."""
    account = session.scalar(sa.select(Account).where(Account.crm_id == crm_id, reachable_health(scope)))
    if account is None:
        raise Missing(f"There is no account “{crm_id[:80]}”.", "account_id")
    return account
