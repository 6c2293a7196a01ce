"""Somebody is not asked any more: mails that wait are stopped, and links end."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.studies.models import Invitation, Link
from app.studies.rules.budget import Held
from app.studies.rules.links import Purpose


def stop_asking(session: Session, *, respondent_ids: Sequence[int], at: datetime) -> int:
    """Stop the waiting mails to these respondents and end their survey links; return how many mails waited.

    The way out of mails that they have keeps working.
    """
    stopped = session.scalars(
        update(Invitation)
        .where(
            Invitation.respondent_id.in_(respondent_ids),
            Invitation.sent_at.is_(None),
            Invitation.failed_at.is_(None),
            Invitation.cancelled_at.is_(None),
        )
        .values(cancelled_at=at, reason=Held.REFUSED.value)
        .returning(Invitation.id)
    ).all()
    session.execute(
        update(Link)
        .where(Link.respondent_id.in_(respondent_ids), Link.purpose == Purpose.SURVEY, Link.revoked_at.is_(None))
        .values(revoked_at=at)
    )
    return len(stopped)
