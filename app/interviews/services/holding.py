"""An interview is held question by question, submitted, and reopened with a reason."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.core.errors import Missing, Refusal
from app.interviews.models import Interview
from app.interviews.queries.talks import Line, Talk
from app.interviews.rules.items import plain_text
from app.interviews.rules.period import refusal_to_ask, refusal_to_count
from app.responses.rules import Item, ItemContent
from app.responses.services import Door, open_response, reopen_response, save_item, submit_response
from app.users.services.audit import record_event


def save_answer(
    session: Session,
    *,
    line: Line,
    revision: int,
    content: ItemContent,
    at: datetime,
    by: int,
    save_key: str | None = None,
) -> Item:
    """Store what stands at one question of an interview; the first save begins it.

    The same `save_key` again is the same save. Refused outside the fieldwork period; Conflict where the question was
    saved elsewhere since `revision`; Locked once submitted. The rows of the answers say who wrote what when, so a save
    adds no line to the audit log.
    """
    if line.question_id is None:
        raise Missing("This interview has no such question.", "question")
    _refuse(refusal_to_ask(opens_on=line.opens_on, closes_on=line.closes_on, closed_at=line.closed_at, today=at.date()))
    response_id = line.response_id
    if response_id is None:
        door = Door(line.study_id, line.respondent_id, line.version_id, mode="interview", source="interview")
        response_id = open_response(session, door=door, at=at).id
    item = save_item(
        session,
        response_id=response_id,
        question_id=line.question_id,
        revision=revision,
        content=content,
        at=at,
        by=by,
        save_key=save_key,
    )
    if line.started_at is None:
        session.execute(sa.update(Interview).where(Interview.id == line.id).values(started_at=at))
        record_event(session, actor_id=by, action="interview.begin", object_type="interview", object_id=line.id)
    return item


def submit_interview(session: Session, *, talk: Talk, at: datetime, by: int) -> bool:
    """Submit and lock an interview; False where it was submitted already. Refused once the fieldwork was closed.

    What was heard inside the period may be submitted after its last day.
    """
    _refuse(refusal_to_count(talk.closed_at))
    if talk.response_id is None:
        raise Refusal("Nothing has been answered yet; an interview without an answer cannot be submitted.", "response")
    submitted = submit_response(session, response_id=talk.response_id, at=at, by=by)
    if submitted.is_replay:
        return False
    record_event(
        session,
        actor_id=by,
        action="interview.submit",
        object_type="interview",
        object_id=talk.id,
        fields={"study": talk.study_key, "answers": submitted.changed},
    )
    return True


def reopen_interview(session: Session, *, talk: Talk, reason: str, at: datetime, by: int) -> None:
    """Open a submitted interview again, with a reason; both versions stay.

    Refused outside the fieldwork period: nothing could be changed, and what was submitted would no longer count.
    """
    plain = plain_text(reason, "reason") or ""
    _refuse(refusal_to_ask(opens_on=talk.opens_on, closes_on=talk.closes_on, closed_at=talk.closed_at, today=at.date()))
    if talk.response_id is None:
        raise Refusal("This interview is open already.", "response")
    reopen_response(session, response_id=talk.response_id, reason=plain, at=at, by=by)
    record_event(
        session,
        actor_id=by,
        action="interview.reopen",
        object_type="interview",
        object_id=talk.id,
        fields={"study": talk.study_key},
    )


def _refuse(sentence: str | None) -> None:
    if sentence is not None:
        raise Refusal(sentence, "period")
