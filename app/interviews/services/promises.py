"""What the customer says of a promise while they are interviewed about other things."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.core.errors import Refusal
from app.interviews.queries.talks import Talk
from app.interviews.rules.period import refusal_to_ask
from app.interviews.services.holding import note_begun, response_begun
from app.responses.services import save_promise_answer


def note_promise_answer(
    session: Session, *, talk: Talk, promise_id: int, said: str | None, at: datetime, by: int
) -> bool:
    """Keep what the customer said of a promise as their own answer of this interview; False where it changes nothing.

    It counts once the interview is submitted. Refused outside the fieldwork period; Locked once submitted.
    """
    refused = refusal_to_ask(
        opens_on=talk.opens_on, closes_on=talk.closes_on, closed_at=talk.closed_at, today=talk.held_on or at.date()
    )
    if refused:
        raise Refusal(refused, "said")
    if talk.response_id is None and said is None:
        return False
    response_id = response_begun(session, line=talk, at=at)
    is_new = save_promise_answer(session, response_id=response_id, promise_id=promise_id, said=said, at=at, by=by)
    if is_new:
        note_begun(session, line=talk, at=at, by=by)
    return is_new
