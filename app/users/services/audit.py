"""The audit log: append a line, and prove that none was changed."""

from contextlib import closing
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core.clock import now
from app.users.models import AuditEvent
from app.users.rules.audit_chain import GENESIS, canonical, event_sha256

TURN = 3_602_360
"""The number of the advisory lock by which writers on PostgreSQL take turns; any fixed number does."""


@dataclass(frozen=True)
class Chain:
    """What a check of the log found: how many lines hold, the last good hash, and the id of the first broken line."""

    events: int
    head_sha256: str
    broken_at: int | None


def record_event(
    session: Session,
    *,
    actor_id: int | None,
    action: str,
    object_type: str,
    object_id: str | int,
    fields: dict[str, Any] | None = None,
) -> AuditEvent:
    """Append one line to the audit log in the caller's transaction; it stands or falls with the change it tells of.

    `fields` names what changed (field names, counts, ids), never personal values or secrets; NaN is a ValueError.
    `actor_id` None means by command. Writers take turns from here to their commit, so call it as the last step.
    """
    wait_for_turn(session)
    facts: dict[str, Any] = {
        "at": now(),
        "actor_id": actor_id,
        "action": action,
        "object_type": object_type,
        "object_id": str(object_id),
        "fields": fields or {},
    }
    canonical(facts["fields"])
    previous = session.scalar(select(AuditEvent.sha256).order_by(AuditEvent.id.desc()).limit(1)) or GENESIS
    event = AuditEvent(**facts, previous_sha256=previous, sha256=event_sha256(previous, **facts))
    session.add(event)
    session.flush()
    return event


def wait_for_turn(session: Session) -> None:
    """Let one writer at a time read the end of the chain; on SQLite the write lock of the transaction does it."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(TURN)))


def verify_chain(session: Session) -> Chain:
    """Recompute every hash from the first line on, and tell where the chain breaks, if it does.

    Lines cut off at the end leave a chain that holds: keep `events` and `head_sha256` elsewhere to notice that.
    """
    held, head = 0, GENESIS
    lines = session.scalars(select(AuditEvent).order_by(AuditEvent.id).execution_options(yield_per=1000))
    with closing(lines):
        for event in lines:
            if event.previous_sha256 != head or event.sha256 != _recomputed(event):
                return Chain(held, head, event.id)
            held, head = held + 1, event.sha256
    return Chain(held, head, None)


def _recomputed(event: AuditEvent) -> str:
    return event_sha256(
        event.previous_sha256,
        at=event.at,
        actor_id=event.actor_id,
        action=event.action,
        object_type=event.object_type,
        object_id=event.object_id,
        fields=event.fields,
    )
