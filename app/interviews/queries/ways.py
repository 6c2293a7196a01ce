"""Reads of the way in which an interview was held."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.interviews.models import Appointment
from app.interviews.queries.planning import is_agreed
from app.interviews.queries.talks import Talk
from app.interviews.rules.meeting import Way, way_held
from app.studies.models import CallAttempt


def way_of(session: Session, talk: Talk) -> Way | None:
    """Return how the interview was held as far as calls and the appointment tell; None where nothing does."""
    agreed = session.scalar(select(Appointment.way).where(Appointment.interview_id == talk.id, is_agreed()))
    calls = session.execute(
        select(CallAttempt.outcome, CallAttempt.channel)
        .where(CallAttempt.respondent_id == talk.respondent_id, CallAttempt.superseded_at.is_(None))
        .order_by(CallAttempt.attempted_at.desc(), CallAttempt.id.desc())
    ).all()
    return way_held(agreed, [(outcome, channel) for outcome, channel in calls])
