"""Which layouts were arranged, by whom, and what there is to arrange."""

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, Text, cast, func, or_, select, true
from sqlalchemy.orm import Session

from app.core.database import Document
from app.customer360.models import PageLayout
from app.customer360.rules.layout import Chosen, Extent
from app.customer360.rules.summary import OWN
from app.customers.models import Account, Relationship
from app.users.models import User

MOST_REVISIONS = 50
MOST_TYPES = 60

Rows = Sequence[Row[*tuple[Any, ...]]]


def newest_definition(extent: Extent, name: str | ColumnElement[str]) -> Any:
    """Return the newest layout of a role or type as part of a statement; null where nobody arranged one."""
    return (
        select(PageLayout.definition)
        .where(PageLayout.extent == extent.value, PageLayout.name == name)
        .order_by(PageLayout.revision.desc())
        .limit(1)
        .scalar_subquery()
    )


def layout_for(session: Session, role: str) -> Document | None:
    """Return the newest layout that was arranged for a role; None where nobody arranged one."""
    found: Document | None = session.scalar(select(newest_definition(Extent.ROLE, role)))
    return found


def newest_layout(session: Session, extent: Extent, name: str) -> PageLayout | None:
    """Return the newest layout of a role or type."""
    return session.scalar(
        select(PageLayout)
        .where(PageLayout.extent == extent.value, PageLayout.name == name)
        .order_by(PageLayout.revision.desc())
        .limit(1)
    )


def layout_at(session: Session, extent: Extent, name: str, revision: int) -> PageLayout | None:
    """Return a layout of a role or type as it was."""
    return session.scalar(
        select(PageLayout).where(
            PageLayout.extent == extent.value, PageLayout.name == name, PageLayout.revision == revision
        )
    )


def layout_history(session: Session, extent: Extent, name: str) -> Rows:
    """Return the revisions of a layout (revision, made_at, author), the newest first."""
    return session.execute(
        select(PageLayout.revision, PageLayout.made_at, _author().label("author"))
        .outerjoin(User, User.id == PageLayout.made_by)
        .where(PageLayout.extent == extent.value, PageLayout.name == name)
        .order_by(PageLayout.revision.desc())
        .limit(MOST_REVISIONS)
    ).all()


def arranged(session: Session) -> dict[tuple[str, str], Any]:
    """Return the newest revision of every layout that was arranged (revision, made_at, author), by extent and name."""
    newest = select(func.max(PageLayout.id)).group_by(PageLayout.extent, PageLayout.name)
    rows = session.execute(
        select(PageLayout.extent, PageLayout.name, PageLayout.revision, PageLayout.made_at, _author().label("author"))
        .outerjoin(User, User.id == PageLayout.made_by)
        .where(PageLayout.id.in_(newest))
    )
    return {(row.extent, row.name): row for row in rows}


def relationship_types(session: Session) -> list[str]:
    """Return the types of relationships as they are written, each once whatever its capitals."""
    rows = session.scalars(select(Relationship.type).distinct().order_by(Relationship.type).limit(MOST_TYPES))
    return list({type_.lower(): type_ for type_ in rows}.values())


def own_fields(session: Session) -> list[str]:
    """Return the names of the fields that the workspace's own files brought, as accounts have them."""
    if session.get_bind().dialect.name == "sqlite":
        each = func.json_each(Account.custom).table_valued("key")
        keys = select(each.c.key).select_from(Account).join(each, true())
    else:
        keys = select(func.json_object_keys(Account.custom))
    return sorted(session.scalars(keys.distinct()))


def has_field(key: str) -> ColumnElement[bool]:
    """Return whether any account has a field of this name, as part of a statement."""
    # Documents are written with their letters as they are, or all in ASCII.
    keys = {f'"{key}":', f"{json.dumps(key)}:"}
    found = [cast(Account.custom, Text).contains(each, autoescape=True) for each in sorted(keys)]
    return select(Account.id).where(or_(*found)).correlate(None).exists()


def fields_there(session: Session, chosen: Sequence[Chosen]) -> list[Chosen]:
    """Return these fields of a summary without the workspace's own that no account has any more."""
    own = [each for each in chosen if each.field.startswith(OWN)]
    if not own:
        return list(chosen)
    has = session.execute(select(*(has_field(each.field[len(OWN) :]) for each in own))).one()
    gone = {each.field for each, is_there in zip(own, has, strict=True) if not is_there}
    return [each for each in chosen if each.field not in gone]


def _author() -> Any:
    return func.coalesce(func.nullif(User.name, ""), User.email)
