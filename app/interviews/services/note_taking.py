"""Who takes notes in an interview while the interviewer leads."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.core.errors import Refusal
from app.interviews.models import NoteTaker
from app.interviews.queries.assignment import interviewers
from app.interviews.queries.talks import Talk
from app.users.services.audit import record_event


def choose_note_taker(session: Session, *, talk: Talk, user_id: int | None, at: datetime, by: int) -> None:
    """Let a second person write in an interview, or nobody; what they wrote stays. The same choice changes nothing.

    Refused for somebody who cannot interview, for the one who leads, and once it is submitted.
    """
    if talk.submitted_at is not None:
        raise Refusal("This interview is submitted; reopen it before somebody else writes in it.", "note_taker")
    if user_id == talk.interviewer_id:
        raise Refusal("This person leads the interview already; choose somebody else to take notes.", "note_taker")
    if user_id is not None and user_id not in interviewers(session):
        raise Refusal("Only active people with the role csm can take notes; choose one of the list.", "note_taker")
    if user_id == talk.note_taker_id:
        return
    session.execute(sa.delete(NoteTaker).where(NoteTaker.interview_id == talk.id))
    if user_id is not None:
        session.execute(sa.insert(NoteTaker).values(interview_id=talk.id, user_id=user_id, chosen_at=at))
    record_event(
        session,
        actor_id=by,
        action="interview.note_taker",
        object_type="interview",
        object_id=talk.id,
        fields={"study": talk.study_key, "note_taker": user_id},
    )
