"""Answers collected elsewhere."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from app.questionnaires.models import Question
from app.responses.models import Answer, Response
from app.studies.models import Respondent

pytestmark = pytest.mark.usefixtures("world")

Run = Callable[..., Any]
Contents = Callable[[Session], list[tuple[Any, ...]]]

HEADER = "response_id,account_id,contact_id,submitted_at,question,value\n"
FIRST = "R-1,A-1,C-1,2026-02-01T10:00:00Z,"
SECOND = "R-2,A-2,C-2,2026-02-02,"
FILE = f'{HEADER}{FIRST}recommend,9\n{FIRST}satisfaction,4\n{FIRST}reason,"Good, mostly"\n{SECOND}contact_again,yes\n'


def current(session: Session) -> dict[tuple[str, str], Any]:
    """The current answers by response and question."""
    rows = session.execute(
        sa.select(Response.external_id, Question.key, Answer.value_number, Answer.value_text)
        .join(Answer, Answer.response_id == Response.id)
        .join(Question, Question.id == Answer.question_id)
        .where(Answer.superseded_at.is_(None))
    )
    found = {(row[0], row[1]): row[2] if row[2] is not None else row[3] for row in rows}
    session.rollback()
    return found


def test_answers_are_stored_by_the_study(run: Run, world: Session) -> None:
    assert run("responses", FILE).counts == (4, 4, 0, 0)
    assert current(world) == {
        ("R-1", "recommend"): 9.0,
        ("R-1", "satisfaction"): 4.0,
        ("R-1", "reason"): "Good, mostly",
        ("R-2", "contact_again"): 1.0,
    }
    response = world.scalars(sa.select(Response).where(Response.external_id == "R-1")).one()
    assert (response.source, response.mode) == ("import", "survey")
    assert response.submitted_at == datetime(2026, 2, 1, 10, 0, tzinfo=UTC)
    respondent = world.get_one(Respondent, response.respondent_id)
    assert respondent.study_id == response.study_id


def test_a_changed_value_supersedes_and_keeps_the_old_one(run: Run, world: Session) -> None:
    run("responses", FILE)
    assert run("responses", FILE.replace("recommend,9", "recommend,3")).counts == (4, 0, 1, 3)
    assert current(world)["R-1", "recommend"] == 3.0
    history = world.execute(
        sa.select(Answer.value_number, Answer.superseded_at.is_(None))
        .join(Question, Question.id == Answer.question_id)
        .where(Question.key == "recommend")
        .order_by(Answer.id)
    )
    assert [tuple(row) for row in history] == [(9.0, False), (3.0, True)]


def test_a_later_file_may_add_answers(run: Run, world: Session) -> None:
    run("responses", FILE)
    assert run("responses", f"{HEADER}{FIRST}effort,6\n").counts == (1, 1, 0, 0)
    assert current(world)["R-1", "effort"] == 6.0
    assert len(current(world)) == 5


def test_another_time_of_submission_is_an_update(run: Run, world: Session) -> None:
    run("responses", f"{HEADER}{FIRST}recommend,9\n")
    assert run("responses", f"{HEADER}R-1,A-1,C-1,2026-02-03,recommend,9\n").counts == (1, 0, 1, 0)
    assert world.scalars(sa.select(Response.submitted_at)).one() == datetime(2026, 2, 3, tzinfo=UTC)
    assert world.scalar(sa.select(sa.func.count()).select_from(Answer)) == 1


def test_questions_are_mapped_and_ignored(run: Run, world: Session) -> None:
    content = f"{HEADER}{FIRST}csat_1_5,5\n{FIRST}exit,\n{FIRST}open_text,fine\n"
    options = ("--map", "csat_1_5=satisfaction", "--map", "open_text=reason", "--ignore", "exit")
    outcome = run("responses", content, *options)
    assert outcome.counts == (3, 2, 0, 0)
    assert outcome.document["ignored"] == 1
    assert current(world) == {("R-1", "satisfaction"): 5.0, ("R-1", "reason"): "fine"}


def test_survey_is_informational_and_mode_may_be_given(run: Run, world: Session) -> None:
    content = HEADER.replace("value", "value,survey,mode") + f"{FIRST}recommend,9,whatever,interview\n"
    assert run("responses", content).status == 0
    assert world.scalars(sa.select(Response.mode)).one() == "interview"


REFUSED = [
    pytest.param(f"{FIRST}shoe_size,43\n", 2, "question", "does not ask “shoe_size”", id="unknown question"),
    pytest.param(f"{FIRST}recommend,11\n", 2, "value", "from 0 to 10", id="off the scale"),
    pytest.param(f"{FIRST}recommend,\n", 2, "value", "leave out the rows of unanswered", id="empty value"),
    pytest.param("R-1,A-2,C-3,2026-02-01,recommend,9\n", 2, "contact_id", "was not drawn", id="not drawn"),
    pytest.param("R-1,A-1,C-9,2026-02-01,recommend,9\n", 2, "contact_id", "No contact has", id="unknown contact"),
    pytest.param("R-1,A-2,C-1,2026-02-01,recommend,9\n", 2, "account_id", "drawn for the account “A-1”", id="account"),
    pytest.param(f"{FIRST}recommend,9\n{FIRST}recommend,9\n", 3, "response_id", "in row 2 already", id="asked twice"),
    pytest.param(
        f"{FIRST}recommend,9\nR-1,A-2,C-2,2026-02-01T10:00:00Z,effort,5\n",
        3, "contact_id", "another contact_id in row 2", id="two contacts in one response",
    ),
    pytest.param(
        f"{FIRST}recommend,9\nR-1,A-1,C-1,2026-02-09,effort,5\n",
        3, "submitted_at", "another submitted_at in row 2", id="two instants in one response",
    ),
    pytest.param(
        f"{FIRST}recommend,9\nR-7,A-1,C-1,2026-02-01T10:00:00Z,effort,5\n",
        3, "response_id", "another response in row 2", id="two responses of one contact",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("rows", "row", "column", "reason"), REFUSED)
def test_a_row_at_fault_refuses_the_file(
    *, rows: str, row: int, column: str, reason: str, run: Run, world: Session, contents: Contents
) -> None:
    before = contents(world)
    outcome = run("responses", f"{HEADER}{rows}")
    assert outcome.status == 1
    assert (row, column) in outcome.places
    assert reason in outcome.reasons
    assert contents(world) == before


def test_a_response_on_record_keeps_its_contact(run: Run) -> None:
    run("responses", FILE)
    outcome = run("responses", f"{HEADER}R-2,A-1,C-1,2026-02-02,recommend,9\n")
    assert (2, "contact_id") in outcome.places
    assert "on record as another contact's" in outcome.reasons


def test_a_respondent_has_one_response(run: Run) -> None:
    run("responses", FILE)
    outcome = run("responses", f"{HEADER}R-8,A-1,C-1,2026-02-02,recommend,9\n")
    assert outcome.places == [(2, "response_id")]
    assert "a response already, “R-1”" in outcome.reasons


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        pytest.param(("--map", "x=shoe_size"), "does not ask “shoe_size”", id="map to an unknown question"),
        pytest.param(("--map", "x=recommend", "--ignore", "x"), "both mapped and ignored", id="mapped and ignored"),
        pytest.param(("--study", "nowhere"), "There is no study “nowhere”", id="unknown study"),
    ],
)
def test_options_that_cannot_be_meant(options: tuple[str, ...], reason: str, run: Run) -> None:
    outcome = run("responses", FILE, *options)
    assert outcome.status == 1
    assert reason in outcome.reasons


def test_a_study_without_respondents_is_drawn_first(run: Run, world: Session) -> None:
    world.execute(sa.delete(Respondent))
    world.commit()
    outcome = run("responses", FILE)
    assert outcome.status == 1
    assert "draw the study first" in outcome.reasons


@pytest.mark.parametrize("options", [(), ("--study", "s", "--map", "nothing")], ids=["no study", "map without ="])
def test_wrong_usage(options: tuple[str, ...], application: Flask, write_file: Any) -> None:
    result = application.test_cli_runner().invoke(args=["import", "responses", str(write_file(FILE)), *options])
    assert result.exit_code == 2
