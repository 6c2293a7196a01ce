"""An interview's door: question by question as it is typed, then submitted, locked, and opened again with a reason."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.core.errors import Missing, Refusal
from app.responses.models import Remark
from app.responses.queries import content_of, said_in, standing_answers
from app.responses.rules import Item, ItemContent, Place, answers_sha256
from app.responses.services.writing import (
    ANSWER,
    INTERVIEW,
    RESPONSE,
    SUBMISSION,
    Door,
    Opened,
    Submitted,
    note_change,
    note_submission,
    opened,
    refuse_erased,
    touch,
    turn,
)

REMARK = cast("sa.Table", Remark.__table__)
_NEXT_INSTANT = timedelta(microseconds=1)


class Conflict(Refusal):
    """Somebody else saved this question in between; `current` is what stands there, and nothing was stored."""

    def __init__(self, current: Item) -> None:
        super().__init__("This question was saved elsewhere in the meantime; nothing was overwritten.", "revision")
        self.current = current


SUBMITTED = "This interview was submitted and is locked; reopen it to change it."
HANDED_OVER = "The customer is answering the rest by a link; take it back to write here."


class Locked(Refusal):
    """The response changes no more here: it was submitted, or the customer has it."""

    def __init__(self, sentence: str = SUBMITTED) -> None:
        super().__init__(sentence, "response")


@dataclass(frozen=True)
class _Standing:
    """What stands at one question of a response, and the rows in which it stands; None where there is none."""

    response: Opened
    item: Item
    answer_id: int | None
    remark_id: int | None


def open_response(session: Session, *, door: Door, at: datetime) -> Opened:
    """Open the one response of a respondent, or return the one that there is, locked until the transaction ends."""
    return opened(session, door=door, at=at, submitted_at=None)


def save_item(
    session: Session,
    *,
    response_id: int,
    question_id: int,
    item: str = "",
    revision: int,
    content: ItemContent,
    at: datetime,
    by: int,
    save_key: str | None = None,
) -> Item:
    """Store what stands at one question of an interview; the revision it was read at must still be the present one.

    `item` is the relationship that the question is asked about, blank where it is asked once.
    The same content again, or the same `save_key`, is the same save, so a reply that was lost may be asked for again;
    returned is what stands there now. Conflict carries what somebody else wrote; Locked is a response that was
    submitted.
    """
    connection = session.connection()
    place = Place(question_id, item)
    standing = _locked_with(connection, response_id, place)
    response, current = standing.response, standing.item
    at = max(at, response.changed_at)
    if current.content == content or (current.revision > revision and _is_stored(connection, response_id, save_key)):
        return current
    if response.submitted_at is not None:
        raise Locked
    if response.handed_over_at is not None:
        raise Locked(HANDED_OVER)
    if current.revision != revision:
        raise Conflict(current)
    saved = Item(revision + 1, content, by, at)
    if current.content.answer != content.answer:
        _change_answer(connection, response_id, place, standing.answer_id, saved)
    _change_remark(connection, response_id, place, standing.remark_id, saved, save_key=save_key)
    connection.execute(_TOUCH, {"response": response_id, "at": at})
    return saved


def settle_answers(
    session: Session, *, response_id: int, closed: Collection[Place], unasked: Collection[Place] = (), at: datetime
) -> None:
    """Let the answers at `closed` places not count, and all others count.

    At `unasked` places, which the route never came to, it is noted that nothing was asked.
    """
    standing = standing_answers(session, response_id)
    said = {place: each for place, each in standing.items() if not each.is_nothing}
    turn(session, [each for place, each in said.items() if each.is_counted == (place in closed)])
    outdated = [each.id for place, each in standing.items() if each.is_nothing and place not in unasked]
    if outdated:
        session.execute(sa.update(ANSWER).where(ANSWER.c.id.in_(outdated)).values(superseded_at=at))
    rows = [
        {"response_id": response_id, "question_id": place.question_id, "item": place.item, "recorded_at": at}
        for place in unasked
        if place not in standing
    ]
    if rows:
        session.connection().execute(_ADD_ANSWER, [{**row, "is_counted": False} for row in rows])


def submit_response(session: Session, *, response_id: int, at: datetime, by: int) -> Submitted:
    """Submit and lock an interview's response. A second click changes nothing; refused without any answer."""
    response = _locked(session.connection(), response_id)
    at = max(at, response.changed_at)
    if response.submitted_at is not None:
        return Submitted(response_id, is_replay=True, changed=0)
    if response.handed_over_at is not None:
        raise Locked(HANDED_OVER)
    standing = standing_answers(session, response_id)
    answers = {place: each.answer for place, each in standing.items() if not each.is_nothing}
    if not answers:
        raise Refusal("Nothing has been answered yet; an interview without an answer cannot be submitted.", "response")
    touch(session, response_id, at=at, submitted_at=at)
    digest = answers_sha256(answers)
    note_submission(session, response, form_key=secrets.token_hex(16), digest=digest, at=at, by=by)
    return Submitted(response_id, is_replay=False, changed=len(answers))


def reopen_response(session: Session, *, response_id: int, reason: str, at: datetime, by: int) -> None:
    """Open a submitted response again: what was submitted stays on record, with who reopened it, when and why.

    Until it is submitted again it does not count. Refused without a reason, and where it is not submitted.
    """
    response = _locked(session.connection(), response_id)
    at = max(at, response.changed_at)
    if not reason.strip():
        raise Refusal("Say why the interview is reopened; the reason stays on record.", "reason")
    if response.submitted_at is None:
        raise Refusal("This interview is open already.", "response")
    last = (
        sa.select(SUBMISSION.c.id)
        .where(SUBMISSION.c.response_id == response_id)
        .order_by(SUBMISSION.c.submitted_at.desc(), SUBMISSION.c.id.desc())
        .limit(1)
    )
    reopened = sa.update(SUBMISSION).where(SUBMISSION.c.id == last.scalar_subquery())
    session.execute(reopened.values(reopened_at=at, reopened_by=by, reason=reason.strip()))
    # What is saved from here on is later than the submission, whatever the clocks of two servers say.
    at = max(at, response.submitted_at + _NEXT_INSTANT)
    touch(session, response_id, at=at, submitted_at=None)
    _mark_handed_over(session, response_id, None)
    note_change(session, response.study_id, at, response_id=response.id)


def hand_over_response(session: Session, *, response_id: int, at: datetime) -> bool:
    """Give an open response to its respondent to finish; False where it is theirs already. Locked once submitted."""
    response = _locked(session.connection(), response_id)
    if response.submitted_at is not None:
        raise Locked
    if response.handed_over_at is not None:
        return False
    _mark_handed_over(session, response_id, at)
    return True


def take_back_response(session: Session, *, response_id: int) -> bool:
    """Take a response back that its respondent was to finish; False where it was not theirs. Locked once submitted."""
    response = _locked(session.connection(), response_id)
    if response.submitted_at is not None:
        raise Locked
    _mark_handed_over(session, response_id, None)
    return response.handed_over_at is not None


def _mark_handed_over(session: Session, response_id: int, at: datetime | None) -> None:
    session.execute(sa.update(RESPONSE).where(RESPONSE.c.id == response_id).values(handed_over_at=at))


def locked_response(session: Session, response_id: int) -> Opened:
    """A response, locked until the transaction ends; Missing where there is none, refused where it was erased."""
    return _locked(session.connection(), response_id)


def _locked(connection: sa.Connection, response_id: int) -> Opened:
    return _opened(response_id, connection.execute(_LOCK, {"response": response_id}).one_or_none())


def _opened(response_id: int, row: Any) -> Opened:
    if row is None:
        raise Missing("There is no such response.", "response")
    refuse_erased(row.erased_at)
    return Opened(
        response_id,
        row.study_id,
        row.submitted_at,
        is_new=False,
        changed_at=row.changed_at,
        handed_over_at=row.handed_over_at,
    )


def _locked_with(connection: sa.Connection, response_id: int, place: Place) -> _Standing:
    """What stands at one question, and its response, locked; who writes on SQLite is the only one who does.

    Elsewhere the lock comes first: who waited for it would be told by one statement what stood there before.
    """
    if connection.dialect.name != "sqlite":
        connection.execute(_LOCK, {"response": response_id})
    row: Any = connection.execute(_STANDING, _at(response_id, place)).one_or_none()
    response = _opened(response_id, row)
    answer = None if row.answer_id is None else said_in(row, row.answer_absence)
    if row.revision is None:
        return _Standing(response, Item(0, content_of(answer)), row.answer_id, None)
    item = Item(row.revision, content_of(answer, row), row.recorded_by, row.recorded_at)
    return _Standing(response, item, row.answer_id, row.remark_id)


def _change_answer(
    connection: sa.Connection, response_id: int, place: Place, standing_id: int | None, saved: Item
) -> None:
    if standing_id is not None:
        connection.execute(_SUPERSEDE_ANSWER, {"standing": standing_id, "at": saved.recorded_at})
    if saved.content.answer:
        answer = saved.content.answer
        row = {
            "response_id": response_id,
            "question_id": place.question_id,
            "item": place.item,
            "value_number": answer.value_number,
            "value_text": answer.value_text,
            "mode": INTERVIEW,
        }
        connection.execute(_ADD_ANSWER, {**row, "recorded_at": saved.recorded_at, "recorded_by": saved.recorded_by})


def _is_stored(connection: sa.Connection, response_id: int, save_key: str | None) -> bool:
    """Whether a save has arrived before: its reply was lost, and somebody else has written since."""
    same = {"response": response_id, "save_key": save_key}
    return save_key is not None and connection.execute(_SAME_SAVE, same).first() is not None


def _change_remark(
    connection: sa.Connection,
    response_id: int,
    place: Place,
    standing_id: int | None,
    saved: Item,
    *,
    save_key: str | None,
) -> None:
    content = saved.content
    if standing_id is not None:
        connection.execute(_SUPERSEDE_REMARK, {"standing": standing_id, "at": saved.recorded_at})
    connection.execute(
        _ADD_REMARK,
        {
            "response_id": response_id,
            "question_id": place.question_id,
            "item": place.item,
            "revision": saved.revision,
            "note": content.note,
            "quote": content.quote,
            "quote_permission": content.quote_permission,
            "is_paraphrase": content.is_paraphrase,
            "absence": content.absence,
            "reason": content.reason,
            "probes": list(content.probes),
            "is_starred": content.is_starred,
            "is_later": content.is_later,
            "recorded_at": saved.recorded_at,
            "recorded_by": saved.recorded_by,
            "save_key": save_key,
        },
    )


def _at(response_id: int, place: Place) -> dict[str, object]:
    return {"response": response_id, "question": place.question_id, "about": place.item}


def _current(table: sa.Table) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        table.c.response_id == sa.bindparam("response"),
        table.c.question_id == sa.bindparam("question"),
        table.c.item == sa.bindparam("about"),
        table.c.superseded_at.is_(None),
    )


# A save comes with every pause in the typing, so its statements are built but once.
_FACTS = [RESPONSE.c[name] for name in ("study_id", "submitted_at", "changed_at", "erased_at", "handed_over_at")]
_LOCK = sa.select(*_FACTS).where(RESPONSE.c.id == sa.bindparam("response")).with_for_update()
_STANDING = (
    sa.select(
        *_FACTS,
        ANSWER.c.id.label("answer_id"),
        ANSWER.c.value_number,
        ANSWER.c.value_text,
        ANSWER.c.blanked_at,
        ANSWER.c.absence.label("answer_absence"),
        REMARK.c.id.label("remark_id"),
        REMARK.c.revision,
        REMARK.c.note,
        REMARK.c.quote,
        REMARK.c.quote_permission,
        REMARK.c.is_paraphrase,
        REMARK.c.absence,
        REMARK.c.reason,
        REMARK.c.probes,
        REMARK.c.is_starred,
        REMARK.c.is_later,
        REMARK.c.recorded_by,
        REMARK.c.recorded_at,
    )
    .select_from(RESPONSE.outerjoin(ANSWER, sa.and_(*_current(ANSWER))).outerjoin(REMARK, sa.and_(*_current(REMARK))))
    .where(RESPONSE.c.id == sa.bindparam("response"))
)
_SAME_SAVE = sa.select(REMARK.c.id).where(
    REMARK.c.response_id == sa.bindparam("response"), REMARK.c.save_key == sa.bindparam("save_key")
)
_SUPERSEDE_ANSWER, _SUPERSEDE_REMARK = (
    sa.update(table).where(table.c.id == sa.bindparam("standing")).values(superseded_at=sa.bindparam("at"))
    for table in (ANSWER, REMARK)
)
_ADD_ANSWER, _ADD_REMARK = sa.insert(ANSWER), sa.insert(REMARK)
_TOUCH = sa.update(RESPONSE).where(RESPONSE.c.id == sa.bindparam("response")).values(changed_at=sa.bindparam("at"))
"""A save: the response is open, and stays so."""
