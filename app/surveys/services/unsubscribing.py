"""A person says that they want no more mails: at once, for every study, and for as long as they like."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.studies.models import Invitation, Respondent
from app.studies.rules.budget import Held, Stop
from app.surveys.queries.mails import waits
from app.surveys.services.mailing import stop_mailing
from app.users.services import record_event


def unsubscribe(session: Session, *, contact_id: int, study_key: str, at: datetime) -> int:
    """Stop all mails to a person, those that wait included, and return how many waited; again changes nothing."""
    is_new = stop_mailing(session, contact_id=contact_id, reason=Stop.UNSUBSCRIBED, at=at)
    theirs = select(Respondent.id).where(Respondent.contact_id == contact_id)
    cancelled = session.scalars(
        update(Invitation)
        .where(Invitation.respondent_id.in_(theirs), waits())
        .values(cancelled_at=at, reason=Held.UNSUBSCRIBED.value)
        .returning(Invitation.id)
    ).all()
    if is_new:
        record_event(
            session,
            actor_id=None,
            action="contact.unsubscribe",
            object_type="contact",
            object_id=contact_id,
            fields={"study": study_key, "cancelled": len(cancelled)},
        )
    return len(cancelled)
