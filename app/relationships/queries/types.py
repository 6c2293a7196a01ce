"""What types of relationships bring, and by which rule figures roll up: the newest revisions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core.database import small_letters
from app.customers.models import Relationship
from app.relationships.models import RelationshipType, RollUpChoice
from app.relationships.rules.rollup import RollUp
from app.relationships.rules.types import Definition, parse_definition, type_key
from app.users.models import User


@dataclass(frozen=True)
class TypeNow:
    """A type with what it brings: `revision` is 0 where nobody said so yet, `author` who said it last and when.

    `name` is the type as files write it, `relationships` how many there are of it.
    """

    key: str
    name: str
    definition: Definition
    revision: int = 0
    made_at: datetime | None = None
    author: str | None = None
    relationships: int = 0


@dataclass(frozen=True)
class RollUpNow:
    """The rule of the workspace; `revision` is 0 where nobody chose one, `author` who chose it last and when."""

    rule: RollUp = RollUp.WORST
    revision: int = 0
    made_at: datetime | None = None
    author: str | None = None


def type_definition(session: Session, type_: str) -> TypeNow:
    """Return what a type brings, by whatever capitals it is written; nothing where nobody said so."""
    key = type_key(type_)
    row = session.execute(
        select(RelationshipType, _author())
        .outerjoin(User, User.id == RelationshipType.made_by)
        .where(RelationshipType.key == key)
        .order_by(RelationshipType.revision.desc())
        .limit(1)
    ).first()
    return _type_now(key, type_.strip(), row)


def all_types(session: Session) -> list[TypeNow]:
    """Return every type in use, and those that bring something and are in use no more, by name; two statements."""
    used: dict[str, tuple[str, int]] = {}
    counts = session.execute(
        select(Relationship.type, func.count()).group_by(Relationship.type).order_by(Relationship.type)
    )
    for name, number in counts:
        before = used.get(type_key(name), (name, 0))
        used[type_key(name)] = (before[0], before[1] + int(number))
    rows = {row[0].key: row for row in _newest(session)}
    found = [
        _type_now(key, used.get(key, (key, 0))[0], rows.get(key), used.get(key, (key, 0))[1]) for key in {*used, *rows}
    ]
    return sorted(found, key=lambda each: each.key)


def defined_types(session: Session) -> dict[str, Definition]:
    """Return what each type brings of which somebody said so, by its key; one statement."""
    return {row[0].key: parse_definition(row[0].definition) for row in _newest(session)}


def roll_up(session: Session) -> RollUp:
    """Return the rule by which the workspace rolls figures up; the worst where nobody chose."""
    return roll_up_now(session).rule


def roll_up_now(session: Session) -> RollUpNow:
    """Return that rule with who chose it, and when."""
    row = session.execute(
        select(RollUpChoice, _author())
        .outerjoin(User, User.id == RollUpChoice.made_by)
        .order_by(RollUpChoice.revision.desc())
        .limit(1)
    ).first()
    return RollUpNow(RollUp(row[0].rule), row[0].revision, row[0].made_at, row[1]) if row else RollUpNow()


def is_newest_revision() -> Any:
    """Return the condition on RelationshipType for the newest revision of a type."""
    newest = select(func.max(RelationshipType.id)).group_by(RelationshipType.key)
    return RelationshipType.id.in_(newest)


def of_type(key: Any) -> Any:
    """Return the condition on Relationship for those of a type."""
    return small_letters(Relationship.type) == key


def _newest(session: Session) -> Sequence[Any]:
    return session.execute(
        select(RelationshipType, _author())
        .outerjoin(User, User.id == RelationshipType.made_by)
        .where(is_newest_revision())
    ).all()


def _type_now(key: str, name: str, row: Any, relationships: int = 0) -> TypeNow:
    if row is None:
        return TypeNow(key, name, Definition(), relationships=relationships)
    kept = row[0]
    definition = parse_definition(kept.definition)
    return TypeNow(key, name, definition, kept.revision, kept.made_at, row[1], relationships)


def _author() -> Any:
    return func.coalesce(func.nullif(User.name, ""), User.email)
