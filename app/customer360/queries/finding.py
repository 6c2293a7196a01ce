"""What a search finds while it is typed: a few accounts, by their own words or by those of their relationships."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, select, true
from sqlalchemy.orm import Session

from app.customer360.queries.scope import reachable_accounts
from app.customer360.queries.searching import matches
from app.customer360.rules.listing import Asked, By
from app.customers.models import Account, Relationship
from app.users.rules import Scope

MOST_FOUND = 8


def accounts_found(session: Session, *, scope: Scope, asked: Asked) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return the first few accounts (crm_id, name, has) that match and that the caller may open.

    `has` is the relationship by which an account was found; null where it was by its own name, id or tags.
    """
    is_reached = reachable_accounts(scope)
    if asked.by is By.RELATIONSHIP:
        has = func.coalesce(Relationship.name, Relationship.type)
        found = (
            select(Account.crm_id, Account.name, has.label("has"))
            .join(Relationship, Relationship.account_id == Account.id)
            .where(Relationship.id.in_(_first(Relationship, asked, is_reached)))
        )
        return session.execute(found).all()
    found = select(Account.crm_id, Account.name, Account.segment.label("has"))
    return session.execute(found.where(Account.id.in_(_first(Account, asked, is_reached)))).all()


def _first(model: Any, asked: Asked, is_reached: ColumnElement[bool]) -> Select[int]:
    """The ids of the first few rows that match: an index alone tells them, where the caller may open every account."""
    wanted = select(model.id).where(matches(model.searched, asked))
    if is_reached is not true():
        joins_account = model is not Account
        wanted = wanted.join(Account, Account.id == model.account_id) if joins_account else wanted
        wanted = wanted.where(is_reached)
    return wanted.limit(MOST_FOUND).correlate(None)
