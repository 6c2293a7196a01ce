"""A mail of thanks after an interview: written or at least seen by a person, and sent once."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.core.errors import Refusal
from app.interviews.queries.person import person_of
from app.interviews.queries.talks import Talk
from app.interviews.rules.letters import language_for
from app.studies.rules.letters import LetterKind, Wording
from app.studies.services.letters import Reader, queue_letter
from app.users.services.audit import record_event


def thanks_key(interview_id: int) -> str:
    """Return what makes the mail of thanks happen once."""
    return f"thanks-{interview_id}"


def thank(session: Session, *, talk: Talk, wording: Wording, base_url: str, at: datetime, by: int) -> bool:
    """Queue the mail of thanks; False where one was queued before.

    Refused before the interview is submitted, and where the person may not be written to.
    """
    if talk.submitted_at is None:
        raise Refusal("Thank them when the interview is submitted.", "interview")
    person = person_of(session, talk.respondent_id)
    if person.because:
        raise Refusal(person.because, "mail")
    is_new = queue_letter(
        session,
        kind=LetterKind.THANKS,
        key=thanks_key(talk.id),
        reader=Reader(contact_id=person.contact_id),
        wording=wording,
        base_url=base_url,
        at=at,
        by=by,
        language=language_for(person.language),
    )
    if is_new:
        record_event(session, actor_id=by, action="interview.thank", object_type="interview", object_id=talk.id)
    return is_new
