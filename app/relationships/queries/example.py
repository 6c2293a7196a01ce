"""An account whose relationships show what the rules of roll-up would give."""

from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core.workspace import the_workspace
from app.customers.models import Account, Relationship
from app.customers.scope import accounts_within
from app.health.models import RelationshipHealth
from app.relationships.queries.account import relationships_now
from app.relationships.rules.example import Example, Told, invented
from app.relationships.rules.tree import named
from app.users.rules import Scope

MOST_LOOKED_AT = 40
FEWEST = 2


def example_of(session: Session, *, scope: Scope, today: date) -> Example:
    """Return the relationships of one account that the caller may see, at best those of which most have health.

    A few accounts are looked at, not all; invented ones where none of these has two with health.
    """
    currency = the_workspace(session).currency
    account = _telling(session, scope)
    if account is None:
        return invented(currency)
    rows = relationships_now(session, scope=scope, account=account, today=today)
    parts = [Told(named(row), row.health.score if row.health else None, row.arr) for row in rows]
    if sum(each.health is not None for each in parts) < FEWEST:
        return invented(currency)
    return Example(account.name, account.crm_id, account.currency or currency, parts)


def _telling(session: Session, scope: Scope) -> Account | None:
    """The account of which most relationships have health, of the first few that have several."""
    several = (
        select(Relationship.account_id)
        .join(Account, Account.id == Relationship.account_id)
        .where(accounts_within(scope))
        .group_by(Relationship.account_id)
        .having(func.count() >= FEWEST)
        .order_by(Relationship.account_id)
        .limit(MOST_LOOKED_AT)
    )
    has_health = select(RelationshipHealth.score).where(RelationshipHealth.relationship_id == Relationship.id).exists()
    best = (
        select(Relationship.account_id)
        .where(Relationship.account_id.in_(several), has_health)
        .group_by(Relationship.account_id)
        .order_by(func.count().desc(), Relationship.account_id)
        .limit(1)
    )
    return session.scalar(select(Account).where(Account.id.in_(best.scalar_subquery())))
