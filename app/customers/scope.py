"""Which accounts a caller may see or write to, as conditions for features that know no studies."""

from sqlalchemy import ColumnElement, false, func, select, true
from sqlalchemy.orm import Session

from app.core.errors import Missing
from app.customers.models import Account
from app.users.rules import Permission, Reach, Scope

_EVERY = frozenset({Reach.ALL, Reach.WITHOUT_CONTACTS})
CHURNED = "churned"
"""The status of an account that is no customer any more."""


def reaches_every_account(scope: Scope, permission: Permission = Permission.ACCOUNTS) -> bool:
    """Tell whether a permission carries the caller to every account."""
    return bool(scope.reaches(permission) & _EVERY)


def accounts_within(scope: Scope, permission: Permission = Permission.ACCOUNTS) -> ColumnElement[bool]:
    """Return the condition on Account for those that a permission carries the caller to: all, or those assigned."""
    if reaches_every_account(scope, permission):
        return true()
    return own_accounts(scope) if Reach.ASSIGNED in scope.reaches(permission) else false()


def own_accounts(scope: Scope) -> ColumnElement[bool]:
    """Return the condition on Account for those assigned to the caller, whatever their role."""
    return func.lower(Account.csm_email) == scope.email


def still_customers() -> ColumnElement[bool]:
    """Return the condition on Account for those that were not lost."""
    return func.lower(Account.status) != CHURNED


def account_within(
    session: Session, *, scope: Scope, crm_id: str, permission: Permission = Permission.ACCOUNTS
) -> Account:
    """Return the account of this CRM id; Missing where there is none or it is not within the permission's reach."""
    found = None
    if "\0" not in crm_id:
        found = session.scalar(select(Account).where(Account.crm_id == crm_id, accounts_within(scope, permission)))
    if found is None:
        raise Missing(f"There is no account “{crm_id[:80]}”.", "account_id")
    return found


def may_write_to(scope: Scope, account: Account) -> bool:
    """Tell whether the caller may write to an account that they see."""
    if reaches_every_account(scope, Permission.ACCOUNTS_WRITE):
        return True
    is_own = (account.csm_email or "").lower() == scope.email
    return is_own and scope.can(Permission.ACCOUNTS_WRITE)
