"""Typing in the fields of one relationship."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from app.core.errors import Missing
from app.customers.models import Relationship
from app.relationships.rules.fields import checked_fields
from app.relationships.rules.types import Definition
from app.users.services.audit import record_event, wait_for_turn


def save_fields(
    session: Session,
    *,
    actor_id: int | None,
    relationship_id: int,
    definition: Definition,
    typed: Mapping[str, str],
    seen: Mapping[str, str],
) -> list[str]:
    """Store what was typed into the fields that the type declares; return the keys of those that changed.

    `seen` is what stood in them when the page was opened: `Unlike` where somebody else wrote something else since.
    What a file brought and nobody touched stays as the file wrote it.
    """
    wait_for_turn(session)
    kept = session.get(Relationship, relationship_id, with_for_update=True, populate_existing=True)
    if kept is None:
        raise Missing("There is no such relationship.", "relationship_id")
    before: dict[str, Any] = dict(kept.custom or {})
    changed = checked_fields(definition, typed=typed, seen=seen, stored=before)
    if changed:
        kept.custom = {key: value for key, value in (before | changed).items() if value != ""}
        session.flush()
        record_event(
            session,
            actor_id=actor_id,
            action="relationships.fields",
            object_type="relationship",
            object_id=kept.id,
            fields={"changed": sorted(changed)},
        )
    return sorted(changed)
