"""What a search finds while it is typed: a few accounts, by their own words or by those of their relationships."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, null, select, true
from sqlalchemy.orm import Session

from app.customer360.queries.scope import reachable_accounts
from app.customer360.queries.searching import matches
from app.customer360.rules.listing import Asked, By
from app.customers.models import Account, Relationship
from app.users.rules import Scope

MOST_FOUND = 8
MOST_OF_ONE = 3
"""Relationships that the list names of one account."""
MOST_MATCHING = 500

Having = tuple[str, str]


def accounts_found(session: Session, *, scope: Scope, asked: Asked) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return the first few accounts (crm_id, name, has, relationship_id) that match and that the caller may open.

    `has` is the relationship by which an account was found, `relationship_id` its CRM id; where an account was found by
    its own name, id or tags, `has` is its segment and the id null.
    """
    is_reached = reachable_accounts(scope)
    if asked.by is By.RELATIONSHIP:
        has = func.coalesce(Relationship.name, Relationship.type)
        found = (
            select(Account.crm_id, Account.name, has.label("has"), Relationship.crm_id.label("relationship_id"))
            .join(Relationship, Relationship.account_id == Account.id)
            .where(Relationship.id.in_(_first(Relationship, asked, is_reached)))
        )
        return session.execute(found).all()
    found = select(Account.crm_id, Account.name, Account.segment.label("has"), null().label("relationship_id"))
    return session.execute(found.where(Account.id.in_(_first(Account, asked, is_reached)))).all()


def matching_relationships(session: Session, *, asked: Asked, accounts: Collection[str]) -> dict[str, list[Having]]:
    """Return by which of their relationships accounts match (relationship id, name), a few of each, by CRM id.

    The caller has made sure that the accounts are theirs to see.
    """
    if asked.by is not By.RELATIONSHIP or not asked.words or not accounts:
        return {}
    name = func.coalesce(func.nullif(Relationship.name, ""), Relationship.type)
    rows = session.execute(
        select(Account.crm_id, Relationship.crm_id, name)
        .join(Relationship, Relationship.account_id == Account.id)
        .where(Account.crm_id.in_(accounts), matches(Relationship.searched, asked))
        .order_by(func.lower(name), Relationship.id)
        .limit(MOST_MATCHING)
    )
    found: dict[str, list[Having]] = {}
    for crm_id, relationship_id, words in rows:
        theirs = found.setdefault(crm_id, [])
        if len(theirs) < MOST_OF_ONE:
            theirs.append((relationship_id, words))
    return found


def _first(model: Any, asked: Asked, is_reached: ColumnElement[bool]) -> Select[int]:
    """The ids of the first few rows that match: an index alone tells them, where the caller may open every account."""
    wanted = select(model.id).where(matches(model.searched, asked))
    if is_reached is not true():
        joins_account = model is not Account
        wanted = wanted.join(Account, Account.id == model.account_id) if joins_account else wanted
        wanted = wanted.where(is_reached)
    return wanted.limit(MOST_FOUND).correlate(None)
