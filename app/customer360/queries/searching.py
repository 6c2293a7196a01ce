"""Finding text in names, ids and tags, whatever its case."""

from typing import Any

from sqlalchemy import ColumnElement, or_, select

from app.core.database import small_letters
from app.customer360.queries.scope import accounts_with_contacts, searches_people
from app.customer360.rules.listing import Asked, By, Match
from app.customers.models import Account, Contact, Relationship
from app.users.rules import Permission, Reach, Scope


def found_accounts(scope: Scope, asked: Asked) -> ColumnElement[bool]:
    """Return the condition on Account for those whose name, CRM id, tags or people match the searched words.

    People are searched only where the caller may see their names; by relationship, what accounts have with us alone.
    """
    if asked.by is By.RELATIONSHIP:
        having = select(Relationship.account_id).where(matches(Relationship.searched, asked))
        return Account.id.in_(having.correlate(None))
    found = matches(Account.searched, asked)
    return or_(found, _has_contact(scope, asked)) if searches_people(scope) else found


def _has_contact(scope: Scope, asked: Asked) -> ColumnElement[bool]:
    people = select(Contact.account_id).where(matches(Contact.searched, asked))
    if Reach.ALL not in scope.reaches(Permission.ACCOUNTS):
        people = people.join(Account, Account.id == Contact.account_id).where(accounts_with_contacts(scope))
    return Account.id.in_(people.correlate(None))


def matches(searched: Any, asked: Asked) -> ColumnElement[bool]:
    """Return the condition on a column with searched lines: one of them holds the words, or starts with them."""
    words = asked.words.replace("/", "//").replace("%", "/%").replace("_", "/_")
    starts = [f"{words}%", f"%\n{words}%"]
    patterns = starts if asked.match is Match.STARTS else [f"%{words}%"]
    return or_(*(searched.like(small_letters(pattern), escape="/") for pattern in patterns))
