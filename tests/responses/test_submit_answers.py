"""A whole form at once: one response, however often it is sent, and an edit for each newer content."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from app.core.database import db
from app.questionnaires.rules.kinds import ParsedAnswer
from app.responses.models import Answer, Response, ResponseChange, Submission
from app.responses.rules import Place
from app.responses.services import Submitted, submit_answers
from tests.conftest import Fill
from tests.responses.doors import AT, AtTheDoor, at_the_door

NINE, THREE = ParsedAnswer(9.0, None), ParsedAnswer(3.0, None)


@pytest.fixture
def person(fill: Fill) -> AtTheDoor:
    """A respondent of a survey."""
    found: AtTheDoor = fill(at_the_door, mode="survey")
    return found


def send(session: Session, person: AtTheDoor, form: str, minute: int, **said: ParsedAnswer) -> Submitted:
    answers = {Place(person.questions[key]): answer for key, answer in said.items()}
    return submit_answers(session, door=person.door, form_key=form, answers=answers, at=AT + timedelta(minutes=minute))


def current(session: Session, person: AtTheDoor) -> dict[str, float | str]:
    names = {question: key for key, question in person.questions.items()}
    rows = session.scalars(sa.select(Answer).where(Answer.superseded_at.is_(None)))
    return {names[row.question_id]: row.value_text or row.value_number or 0 for row in rows}


def count(session: Session, model: type) -> int:
    return session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


def test_a_form_opens_a_response_and_leaves_the_fact_that_it_is_to_be_scored(
    session: Session, person: AtTheDoor
) -> None:
    sent = send(session, person, "f1", 0, recommend=NINE, reason=ParsedAnswer(None, "Good"))
    assert (sent.is_replay, sent.changed) == (False, 2)
    response = session.scalars(sa.select(Response)).one()
    assert (response.mode, response.source, response.submitted_at) == ("survey", "survey", AT)
    assert current(session, person) == {"recommend": 9.0, "reason": "Good"}
    assert session.scalars(sa.select(ResponseChange.study_id)).all() == [person.door.study_id]


@pytest.mark.parametrize(
    ("forms", "left", "rows"),
    [
        pytest.param([("f1", NINE), ("f1", NINE)], NINE, (1, 1, 1), id="a-second-click"),
        pytest.param([("f1", NINE), ("f2", THREE)], THREE, (2, 2, 1), id="an-edit"),
        pytest.param([("f1", NINE), ("f2", THREE), ("f1", NINE)], THREE, (2, 2, 1), id="an-old-form-replayed"),
        pytest.param([("f1", NINE), ("f1", THREE)], THREE, (2, 2, 1), id="back-and-another-answer"),
        pytest.param([("f1", NINE), ("f1", THREE), ("f1", NINE)], NINE, (3, 2, 1), id="back-twice"),
        pytest.param([("f1", NINE), ("f2", NINE)], NINE, (1, 2, 1), id="the-same-from-a-new-form"),
        pytest.param([("f1", NINE), ("f2", THREE), ("f1", THREE)], THREE, (2, 3, 1), id="the-older-window-edited"),
    ],
)
def test_forms_in_turn(
    session: Session,
    person: AtTheDoor,
    forms: list[tuple[str, ParsedAnswer]],
    left: ParsedAnswer,
    rows: tuple[int, int, int],
) -> None:
    for minute, (form, answer) in enumerate(forms):
        send(session, person, form, minute, recommend=answer)
    assert current(session, person) == {"recommend": left.value_number}
    assert (count(session, Answer), count(session, Submission), count(session, Response)) == rows


def test_what_an_edit_leaves_out_is_withdrawn_and_stays_on_record(session: Session, person: AtTheDoor) -> None:
    send(session, person, "f1", 0, recommend=NINE, reason=ParsedAnswer(None, "Good"))
    assert send(session, person, "f2", 1, recommend=NINE).changed == 1
    assert current(session, person) == {"recommend": 9.0}
    assert session.scalars(sa.select(Answer.value_text).where(Answer.superseded_at.is_not(None))).all() == ["Good"]


def test_a_form_without_an_answer_is_no_response(session: Session, person: AtTheDoor) -> None:
    with pytest.raises(ValueError, match="needs an answer"):
        send(session, person, "f1", 0)
    assert count(session, Response) == 0


def test_eight_at_once_are_one(application: Flask, session: Session, person: AtTheDoor) -> None:
    session.close()

    def once(_number: int) -> bool:
        with application.app_context():
            sent = send(db.session, person, "f1", 0, recommend=NINE, effort=THREE)
            db.session.commit()
            return sent.is_replay

    for _round in range(3):
        with ThreadPoolExecutor(8) as threads:
            replays = list(threads.map(once, range(8)))
        assert sum(not replay for replay in replays) == (_round == 0)
    assert (count(session, Response), count(session, Answer), count(session, Submission)) == (1, 2, 1)
