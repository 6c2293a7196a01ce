"""Finding text in names, ids and tags, whatever its case, on each database as fast as it can."""

import json
from typing import Any

from sqlalchemy import ColumnElement, Text, and_, cast, collate, exists, func, or_, select
from sqlalchemy.orm import Session

from app.customer360.queries.scope import accounts_with_contacts, searches_people
from app.customer360.rules.listing import Asked, Match
from app.customers.models import Account, Contact
from app.users.rules import Permission, Reach, Scope


def found_accounts(session: Session, scope: Scope, asked: Asked) -> ColumnElement[bool]:
    """Return the condition on Account for those whose name, CRM id, tags or people match the searched words.

    People are searched only where the caller may see their names.
    """
    search = Search(is_sqlite=session.get_bind().dialect.name == "sqlite", words=asked.words, match=asked.match)
    ways = [search.matches(Account.name), search.matches(Account.crm_id), search.has_tag]
    if searches_people(scope):
        ways.append(_has_contact(scope, search))
    return or_(*ways)


def _has_contact(scope: Scope, search: "Search") -> ColumnElement[bool]:
    people = select(Contact.account_id).where(search.matches(Contact.name))
    if Reach.ALL not in scope.reaches(Permission.ACCOUNTS):
        people = people.join(Account, Account.id == Contact.account_id).where(accounts_with_contacts(scope))
    return Account.id.in_(people.correlate(None))


class Search:
    """Searched words as conditions.

    The case of ASCII letters never matters. On PostgreSQL that of other letters does not matter where its locale knows
    them. SQLite knows the case of ASCII letters alone, so that words with others are written as a GLOB with both cases
    of each letter; letters whose cases differ in length (ß) match as they are typed.
    """

    def __init__(self, *, is_sqlite: bool, words: str, match: Match) -> None:
        self.is_sqlite = is_sqlite
        self.words = words
        self.match = match

    def matches(self, column: Any) -> ColumnElement[bool]:
        """Return whether a text holds the words, or starts with them."""
        if self.is_sqlite and not self.words.isascii():
            return column.op("GLOB", is_comparison=True)(self._glob())  # type: ignore[no-any-return]
        pattern = self._like(self.words, at_start=self.match is Match.STARTS)
        if self.is_sqlite:
            return column.like(pattern, escape="/")  # type: ignore[no-any-return]
        # Without the rules of a language PostgreSQL compares three times as fast, and ASCII needs none.
        plain = collate(column, "C") if self.words.isascii() else column
        return plain.ilike(pattern, escape="/")

    @property
    def has_tag(self) -> ColumnElement[bool]:
        """Whether a tag of the account holds the words; tags are stored as JSON with escapes for what is not ASCII."""
        each: Any = func.json_each(Account.tags) if self.is_sqlite else func.json_array_elements_text(Account.tags)
        tags = each.table_valued("value")
        has_one = exists(select(1).select_from(tags).where(self.matches(tags.c.value))).correlate(Account)
        return and_(self._may_have_tag(), has_one)

    def _may_have_tag(self) -> ColumnElement[bool]:
        """A look at the stored text, which spares most accounts the reading of their JSON."""
        stored = cast(Account.tags, Text)
        if not self.words.isascii():
            return stored.like(self._like("\\u", at_start=False), escape="/")
        words = self._like(json.dumps(self.words)[1:-1], at_start=False)
        return stored.like(words, escape="/") if self.is_sqlite else collate(stored, "C").ilike(words, escape="/")

    def _like(self, words: str, *, at_start: bool) -> str:
        escaped = words.replace("/", "//").replace("%", "/%").replace("_", "/_")
        return f"{escaped}%" if at_start else f"%{escaped}%"

    def _glob(self) -> str:
        pattern = "".join(_both_cases(letter) for letter in self.words)
        return f"{pattern}*" if self.match is Match.STARTS else f"*{pattern}*"


def _both_cases(letter: str) -> str:
    if letter in "*?[":
        return f"[{letter}]"
    cases = "".join(sorted({case for case in (letter, letter.lower(), letter.upper()) if len(case) == 1}))
    return f"[{cases}]" if len(cases) > 1 else letter
