"""What a customer says of a promise in an interview that asks other things: their own answer of that response."""

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.responses.models import PromiseAnswer, Response
from app.responses.services.items import HANDED_OVER, Locked, locked_response
from app.responses.services.writing import touch


def save_promise_answer(
    session: Session, *, response_id: int, promise_id: int, said: str | None, at: datetime, by: int
) -> bool:
    """Store what was said of a promise; None is not asked. False where the same stands there already.

    The former answer is superseded. Locked where the response was submitted, or is the customer's to finish.
    """
    response = locked_response(session, response_id)
    if response.submitted_at is not None:
        raise Locked
    if response.handed_over_at is not None:
        raise Locked(HANDED_OVER)
    at = max(at, response.changed_at)
    standing = session.scalar(
        sa.select(PromiseAnswer)
        .where(
            PromiseAnswer.response_id == response_id,
            PromiseAnswer.promise_id == promise_id,
            PromiseAnswer.superseded_at.is_(None),
        )
        .execution_options(populate_existing=True)
    )
    if said == (standing.said if standing else None):
        return False
    if standing is not None:
        standing.superseded_at = at
        session.flush()
    session.add(
        PromiseAnswer(response_id=response_id, promise_id=promise_id, said=said, recorded_at=at, recorded_by=by)
    )
    session.flush()
    touch(session, response_id, at=at, submitted_at=None)
    return True


def keep_promise_answers(session: Session, *, response: Response, said: Mapping[int, str]) -> None:
    """Store what a response that came whole, with its submission, says of promises: promise id -> yes, partly or no.

    It says so since it was submitted. The caller stores each promise of a response once.
    """
    at = response.submitted_at
    session.add_all(
        PromiseAnswer(response_id=response.id, promise_id=promise_id, said=word, recorded_at=at)
        for promise_id, word in said.items()
    )
    session.flush()
