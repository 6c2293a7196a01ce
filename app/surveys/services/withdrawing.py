"""Somebody is never to be asked again: their links end, their mails stop, and what servers said about them goes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.studies.models import Invitation, Link, Respondent
from app.surveys.queries.mails import waits
from app.surveys.rules.invitations.sending import Unwanted


@dataclass(frozen=True)
class Withdrawn:
    """How many mails were stopped and how many links ended."""

    mails: int
    links: int


def withdraw(session: Session, *, contact_ids: Sequence[int], at: datetime) -> Withdrawn:
    """Stop all mails to these people, end all their links, and forget why mails came back: it may name them."""
    theirs = select(Respondent.id).where(Respondent.contact_id.in_(contact_ids))
    stopped = session.scalars(
        update(Invitation)
        .where(Invitation.respondent_id.in_(theirs), waits())
        .values(cancelled_at=at, reason=Unwanted.ERASED.value)
        .returning(Invitation.id)
    ).all()
    told = (Invitation.respondent_id.in_(theirs), Invitation.cancelled_at.is_(None), Invitation.reason.is_not(None))
    session.execute(update(Invitation).where(*told).values(reason=None))
    ended = session.scalars(
        update(Link)
        .where(Link.respondent_id.in_(theirs), Link.revoked_at.is_(None))
        .values(revoked_at=at)
        .returning(Link.id)
    ).all()
    return Withdrawn(len(stopped), len(ended))
