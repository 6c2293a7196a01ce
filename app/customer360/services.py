"""Arranging the pages of accounts."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.core.documents import canonical_sha256
from app.core.errors import Refusal
from app.customer360.models import PageLayout
from app.customer360.queries.layouts import newest_layout
from app.customer360.rules.layout import Extent, checked_layout, layout_document
from app.users.services import record_event
from app.users.services.audit import wait_for_turn


class Stale(Refusal):
    """Somebody else arranged the same page since this one was opened."""


def save_layout(
    session: Session, *, extent: Extent, name: str, typed: Mapping[str, Any], seen: int, at: datetime, by: int
) -> PageLayout:
    """Store an arrangement as the next revision; the same again is no revision.

    `seen` is the revision that its author looked at, 0 where there was none: Stale where somebody saved since. Refusal
    where it is no layout.
    """
    definition = layout_document(checked_layout(typed))
    wait_for_turn(session)
    newest = newest_layout(session, extent, name)
    revision = newest.revision if newest else 0
    if newest is not None and canonical_sha256(newest.definition) == canonical_sha256(definition):
        return newest
    if revision != seen:
        raise Stale("Somebody else arranged this page meanwhile. Nothing of yours is lost: look at both.", "seen")
    kept = PageLayout(
        extent=extent.value, name=name, revision=revision + 1, definition=definition, made_at=at, made_by=by
    )
    session.add(kept)
    session.flush()
    record_event(
        session,
        actor_id=by,
        action="layout.arrange",
        object_type="page_layout",
        object_id=f"{extent.value}:{name}",
        fields={"revision": kept.revision},
    )
    return kept
