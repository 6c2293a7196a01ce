"""A workspace writes down whom it wants to hear at accounts of a tier."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.core.typed import typed_line
from app.stakeholders.models import StakeholderTemplate
from app.stakeholders.rules.templates import BUILT_IN, Seat, read_seats, restored, same, stored, tier_key
from app.users.services import record_event

LONGEST_TIER = 200


def write_template(session: Session, *, tier: str, text: str, at: datetime, by: int) -> tuple[Seat, ...] | None:
    """Store the seats of a tier (blank: of all other accounts) and return them; an empty text goes back to ours.

    Returns None where it went back. Refusal where the text cannot be read; the same again is no change.
    """
    key = tier_key(typed_line(tier, "tier", LONGEST_TIER))
    present = session.scalar(select(StakeholderTemplate).where(StakeholderTemplate.tier == key).with_for_update())
    seats = read_seats(text) if text.strip() else None
    before = restored(present.seats) if present else None
    # What equals ours is ours: when we change it, so does theirs.
    seats = None if same(seats, BUILT_IN.get(key)) else seats
    if same(seats, before):
        return seats
    if seats is None:
        session.execute(delete(StakeholderTemplate).where(StakeholderTemplate.tier == key))
    elif present is None:
        session.add(StakeholderTemplate(tier=key, seats=stored(seats), changed_by=by, changed_at=at))
    else:
        present.seats, present.changed_by, present.changed_at = stored(seats), by, at
    session.flush()
    record_event(
        session,
        actor_id=by,
        action="stakeholders.template",
        object_type="stakeholder_template",
        object_id=key or "others",
        fields={"seats": stored(seats) if seats else "built-in"},
    )
    return seats
