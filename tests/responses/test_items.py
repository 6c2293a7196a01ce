"""An interview's door: saved by revision, conflicts shown, locked by submission, reopened with a reason."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from app.core.database import db
from app.core.errors import Missing, Refusal
from app.questionnaires.rules.kinds import Absence, ParsedAnswer
from app.responses.models import Answer, Remark, Response, ResponseChange, Submission
from app.responses.queries import standing_items
from app.responses.rules import Item, ItemContent, Place, QuotePermission
from app.responses.services import (
    Conflict,
    Locked,
    open_response,
    reopen_response,
    save_item,
    submit_response,
)
from tests.conftest import Fill
from tests.responses.doors import AT, AtTheDoor, at_the_door

NINE, THREE = ItemContent(ParsedAnswer(9.0, None)), ItemContent(ParsedAnswer(3.0, None))


class Talk:
    """An opened interview."""

    def __init__(self, session: Session, person: AtTheDoor) -> None:
        self.session, self.person = session, person
        self.response_id = open_response(session, door=self.person.door, at=AT).id
        session.commit()

    def save(self, key: str, content: ItemContent, revision: int, minute: int = 1, **changed: Any) -> Item:
        return save_item(
            changed.get("session", self.session),
            response_id=self.response_id,
            question_id=self.person.questions[key],
            revision=revision,
            content=content,
            at=AT + timedelta(minutes=minute),
            by=changed.get("by", self.person.ida),
        )

    def item(self, key: str) -> Item:
        return standing_items(self.session, self.response_id)[Place(self.person.questions[key])]


@pytest.fixture
def talk(session: Session, fill: Fill) -> Talk:
    """An interview that has been opened."""
    return Talk(session, fill(at_the_door, mode="interview"))


def test_opening_again_finds_the_same_response(session: Session, talk: Talk) -> None:
    again = open_response(session, door=talk.person.door, at=AT)
    assert (again.id, again.is_new) == (talk.response_id, False)


def test_all_that_was_noted_is_there_again(talk: Talk) -> None:
    content = ItemContent(
        ParsedAnswer(9.0, None), "by hand", "It costs us time.", QuotePermission.WITHOUT_NAME, None, ("Why not ten?",)
    )
    saved = talk.save("recommend", content, 0)
    assert (saved.revision, saved.content, saved.recorded_by) == (1, content, talk.person.ida)
    assert talk.item("recommend") == saved


def test_each_save_is_a_revision_and_supersedes(session: Session, talk: Talk) -> None:
    assert [talk.save("recommend", NINE, 0).revision, talk.save("recommend", THREE, 1, 2).revision] == [1, 2]
    old, new = session.scalars(sa.select(Answer).order_by(Answer.id))
    assert (old.value_number, old.superseded_at, new.value_number, new.superseded_at) == (
        9.0, AT + timedelta(minutes=2), 3.0, None,
    )  # fmt: skip
    assert session.scalars(sa.select(Remark.revision).order_by(Remark.id)).all() == [1, 2]


def test_a_note_alone_leaves_the_answer_where_it_is(session: Session, talk: Talk) -> None:
    talk.save("recommend", NINE, 0)
    talk.save("recommend", ItemContent(NINE.answer, note="said twice"), 1)
    assert session.scalar(sa.select(sa.func.count()).select_from(Answer)) == 1


def test_an_absence_takes_the_answer_away(session: Session, talk: Talk) -> None:
    talk.save("recommend", NINE, 0)
    talk.save("recommend", ItemContent(absence=Absence.DONT_KNOW), 1)
    assert talk.item("recommend").content == ItemContent(absence=Absence.DONT_KNOW)
    assert session.scalar(sa.select(sa.func.count()).where(Answer.superseded_at.is_(None))) == 0


def test_a_stale_revision_is_a_conflict_that_carries_both(talk: Talk) -> None:
    talk.save("recommend", NINE, 0, by=talk.person.otto)
    with pytest.raises(Conflict) as caught:
        talk.save("recommend", THREE, 0)
    assert caught.value.current.content == NINE
    assert caught.value.current.recorded_by == talk.person.otto
    assert talk.item("recommend").content == NINE


def test_the_same_content_again_is_the_same_save(talk: Talk) -> None:
    first = talk.save("recommend", NINE, 0)
    assert talk.save("recommend", NINE, 0, 5) == first


@pytest.mark.parametrize("is_same", [pytest.param(True, id="same-question"), pytest.param(False, id="two-questions")])
def test_two_at_once(application: Flask, talk: Talk, is_same: bool) -> None:
    keys = ["recommend", "recommend" if is_same else "satisfaction"]
    talk.session.close()

    def save(number: int) -> str:
        with application.app_context():
            content = ItemContent(ParsedAnswer(float(number + 1), None))
            try:
                talk.save(keys[number], content, 0, session=db.session)
            except Conflict:
                db.session.rollback()
                return "conflict"
            db.session.commit()
            return "saved"

    with ThreadPoolExecutor(2) as threads:
        outcomes = sorted(threads.map(save, range(2)))
    assert outcomes == (["conflict", "saved"] if is_same else ["saved", "saved"])


def test_submission_locks_and_a_second_click_changes_nothing(session: Session, talk: Talk) -> None:
    talk.save("recommend", NINE, 0)
    later = AT + timedelta(hours=1)
    sent = submit_response(session, response_id=talk.response_id, at=later, by=talk.person.ida)
    assert not sent.is_replay
    assert submit_response(session, response_id=talk.response_id, at=later, by=talk.person.ida).is_replay
    with pytest.raises(Locked):
        talk.save("recommend", THREE, 1)
    assert talk.save("recommend", NINE, 1).revision == 1
    assert session.scalars(sa.select(Response.submitted_at)).one() == later
    assert session.scalar(sa.select(sa.func.count()).select_from(Submission)) == 1
    assert session.scalar(sa.select(sa.func.count()).select_from(ResponseChange)) == 1


def test_nothing_answered_cannot_be_submitted(session: Session, talk: Talk) -> None:
    talk.save("recommend", ItemContent(note="hung up"), 0)
    with pytest.raises(Refusal, match="without an answer"):
        submit_response(session, response_id=talk.response_id, at=AT, by=talk.person.ida)


def test_reopening_takes_a_reason_and_keeps_both_versions(session: Session, talk: Talk) -> None:
    talk.save("recommend", NINE, 0)
    submit_response(session, response_id=talk.response_id, at=AT + timedelta(hours=1), by=talk.person.ida)
    reopen = {"response_id": talk.response_id, "at": AT + timedelta(hours=2), "by": talk.person.otto}
    with pytest.raises(Refusal, match="Say why"):
        reopen_response(session, reason="  ", **reopen)
    reopen_response(session, reason="misheard", **reopen)
    with pytest.raises(Refusal, match="open already"):
        reopen_response(session, reason="again", **reopen)
    assert session.scalars(sa.select(Response.submitted_at)).one() is None
    talk.save("recommend", THREE, 1, 180)
    submit_response(session, response_id=talk.response_id, at=AT + timedelta(hours=4), by=talk.person.ida)
    first, second = session.scalars(sa.select(Submission).order_by(Submission.id))
    assert (first.reason, first.reopened_by, second.reason) == ("misheard", talk.person.otto, None)
    as_submitted = session.scalars(
        sa.select(Answer.value_number).where(
            Answer.recorded_at <= first.submitted_at,
            sa.or_(Answer.superseded_at.is_(None), Answer.superseded_at > first.submitted_at),
        )
    ).all()
    assert as_submitted == [9.0]


def test_a_response_that_is_none_is_missing(session: Session, talk: Talk) -> None:
    with pytest.raises(Missing):
        submit_response(session, response_id=talk.response_id + 1, at=AT, by=talk.person.ida)
