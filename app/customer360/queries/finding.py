"""What a search finds while it is typed: a few accounts, by their own words or by those of their relationships."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, Select, func, select
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
    found: Select[*tuple[Any, ...]]
    if asked.by is By.RELATIONSHIP:
        found = (
            select(Account.crm_id, Account.name, func.coalesce(Relationship.name, Relationship.type).label("has"))
            .join(Relationship, Relationship.account_id == Account.id)
            .where(matches(Relationship.searched, asked))
        )
    else:
        found = select(Account.crm_id, Account.name, Account.segment.label("has")).where(
            matches(Account.searched, asked)
        )
    return session.execute(found.where(reachable_accounts(scope)).limit(MOST_FOUND)).all()
