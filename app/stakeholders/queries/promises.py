"""What accounts were promised."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.errors import Missing
from app.customers.models import Account, Promise

LARGEST_ID = 2**31 - 1


def promises_of(session: Session, account: Account) -> Sequence[Promise]:
    """The promises of an account: those that are still owed first, the oldest of each first."""
    return session.scalars(
        select(Promise)
        .where(Promise.account_id == account.id)
        .order_by(Promise.delivered_on.is_not(None), Promise.promised_on.is_(None), Promise.promised_on, Promise.id)
    ).all()


def promise_of(session: Session, *, account: Account, promise_id: int) -> Promise:
    """A promise of an account, locked until the transaction ends; Missing where it has none of this id."""
    found = None
    if promise_id <= LARGEST_ID:
        found = session.scalar(
            select(Promise).where(Promise.id == promise_id, Promise.account_id == account.id).with_for_update()
        )
    if found is None:
        raise Missing("This account has no such promise.", "promise")
    return found
