"""An interview is held question by question, submitted, and reopened with a reason."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.core.errors import Missing, Refusal
from app.interviews.models import Interview
from app.interviews.queries.routes import (
    Held,
    facts_about,
    given_in,
    instrument_asked,
    response_of,
    route_in,
)
from app.interviews.queries.talks import Line, Talk
from app.interviews.rules.branches import branches_of, closed_slots, unasked_slots
from app.interviews.rules.items import plain_text
from app.interviews.rules.period import refusal_to_ask, refusal_to_count
from app.questionnaires.rules.definition import Question
from app.questionnaires.rules.route import Route, Slot
from app.responses.rules import Item, ItemContent
from app.responses.services import (
    Door,
    open_response,
    reopen_response,
    save_item,
    settle_answers,
    submit_response,
)
from app.users.services.audit import record_event

IMPOSSIBLE = "This answer is not possible here."


def save_answer(
    session: Session,
    *,
    line: Line,
    item: str = "",
    revision: int,
    content: ItemContent,
    at: datetime,
    by: int,
    save_key: str | None = None,
) -> Item:
    """Store what stands at one question of an interview; the first save begins it.

    `item` is the relationship that the question is asked about, blank where it is asked once. The same `save_key` again
    is the same save. Refused outside the fieldwork period; Conflict where the question was saved elsewhere since
    `revision`; Locked once submitted. The rows of the answers say who wrote what when, so a save adds no line to the
    audit log.
    """
    if line.question_id is None:
        raise Missing("This interview has no such question.", "question")
    _refuse(
        refusal_to_ask(
            opens_on=line.opens_on,
            closes_on=line.closes_on,
            closed_at=line.closed_at,
            today=line.held_on or at.date(),
        )
    )
    saved = save_item(
        session,
        response_id=response_begun(session, line=line, at=at),
        question_id=line.question_id,
        item=item,
        revision=revision,
        content=content,
        at=at,
        by=by,
        save_key=save_key,
    )
    note_begun(session, line=line, at=at, by=by)
    return saved


def response_begun(session: Session, *, line: Line | Talk, at: datetime) -> int:
    """Return the id of an interview's response, opened where there is none yet."""
    if line.response_id is not None:
        return line.response_id
    door = Door(line.study_id, line.respondent_id, line.version_id, mode="interview", source="interview")
    return open_response(session, door=door, at=at).id


def note_begun(session: Session, *, line: Line | Talk, at: datetime, by: int) -> None:
    """Note when an interview began, unless it had begun already."""
    if line.started_at is None:
        session.execute(sa.update(Interview).where(Interview.id == line.id).values(started_at=at))
        record_event(session, actor_id=by, action="interview.begin", object_type="interview", object_id=line.id)


def refuse_impossible(session: Session, *, line: Line, question: Question, slot: Slot, content: ItemContent) -> None:
    """Refuse an answer that the question's own condition on answers does not allow, in the question's words."""
    if content.answer is None or question.constraint is None:
        return
    route = route_in(session, line)
    if not route.fulfils(question, slot, content.answer):
        message = question.constraint_message
        raise Refusal(route.words(message, slot.item) if message else IMPOSSIBLE, "value")


def settle_interview(session: Session, *, held: Held, response_id: int, at: datetime, is_over: bool = False) -> Route:
    """Let answers behind branches that have closed not count, all others count, and return the route.

    What the route never came to is noted once the interview `is_over`.
    """
    instrument = instrument_asked(session, held)
    facts = facts_about(session, held.respondent_id, instrument)
    route = Route(instrument.questionnaire, facts, given_in(session, response_id, instrument))
    if instrument.questionnaire.has_conditions:
        settle_answers(
            session,
            response_id=response_id,
            closed={instrument.place(slot) for slot in closed_slots(route)},
            unasked={instrument.place(slot) for slot in unasked_slots(route)} if is_over else (),
            at=at,
        )
    return route


def settled_branches(session: Session, *, line: Line, at: datetime) -> dict[str, Any] | None:
    """Settle an interview after a save, and return what is asked now and in which words; None where that never changes.

    Of the first save the response is read again, because the line knows none yet.
    """
    instrument = instrument_asked(session, line)
    if not instrument.is_live:
        return None
    response_id = line.response_id or response_of(session, line.respondent_id)
    if response_id is None:
        return None
    route = settle_interview(session, held=line, response_id=response_id, at=at)
    return asdict(branches_of(route, instrument.told))


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
    settle_interview(session, held=talk, response_id=talk.response_id, at=at, is_over=True)
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
    _refuse(
        refusal_to_ask(
            opens_on=talk.opens_on,
            closes_on=talk.closes_on,
            closed_at=talk.closed_at,
            today=talk.held_on or at.date(),
        )
    )
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
