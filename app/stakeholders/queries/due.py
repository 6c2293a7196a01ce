"""Whether a mail that asks for names is to be sent."""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import Session

from app.core.retries import STALE
from app.stakeholders.models import NamesRequest


def due(at: datetime) -> ColumnElement[bool]:
    """The condition on NamesRequest for mails that wait and that no worker is busy with."""
    return and_(
        NamesRequest.sent_at.is_(None),
        NamesRequest.failed_at.is_(None),
        NamesRequest.cancelled_at.is_(None),
        NamesRequest.due_at <= at,
        or_(NamesRequest.claimed_at.is_(None), NamesRequest.claimed_at < at - STALE),
    )


def is_request_due(session: Session, *, at: datetime) -> bool:
    """Tell whether any is to be sent now."""
    return bool(session.scalar(select(exists().where(due(at)))))
