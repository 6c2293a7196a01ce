"""Each answer tells by which door it was given: in exports, from files, and in workspaces that were there before."""

import csv
from pathlib import Path

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.migrations import alembic, prepare_migrations
from app.questionnaires.rules.kinds import ParsedAnswer
from app.responses.models import Answer
from app.responses.services import record_answers
from app.studies.models import Study
from app.transfer.services.exporting import export_answers
from tests.conftest import Fill
from tests.factories.given import given_response
from tests.interviews.talks import World, add_world
from tests.interviews.test_handing_over import REST, begun, finish
from tests.interviews.test_services import NINE, say, submit
from tests.users.people import changing


def test_an_export_names_the_door_of_each_answer(
    application: Flask, fill: Fill, client: FlaskClient, tmp_path: Path
) -> None:
    world: World = fill(add_world)
    finish(client, begun(application, world))
    path = tmp_path / "answers.csv"
    with changing(application) as session:
        export_answers(session, study=session.get_one(Study, world.study), path=path)
    with path.open(encoding="utf-8-sig", newline="") as file:
        modes = {row["question"]: row["mode"] for row in csv.DictReader(file) if row["value"]}
    assert modes == {"recommend": "interview", **dict.fromkeys(REST, "survey")}


def record(session: Session, world: World, mode: str) -> None:
    given = given_response(
        respondent_id=world.respondents["rosa"],
        external_id="r-1",
        submitted_at=now(),
        mode=mode,
        answers={world.questions["recommend"]: ParsedAnswer(9.0, None)},
    )
    study = session.get_one(Study, world.study)
    record_answers(
        session, study_id=study.id, version_id=study.version_id, source="import", at=now(), given=given
    )  # fmt: skip


def test_a_file_says_how_its_answers_were_given(session: Session, fill: Fill) -> None:
    world: World = fill(add_world)
    for mode in ("survey", "interview"):
        record(session, world, mode)
        current = sa.select(Answer.mode).where(Answer.superseded_at.is_(None))
        assert session.scalars(current).all() == [mode]


def test_answers_of_before_take_the_mode_of_their_response(application: Flask, session: Session, fill: Fill) -> None:
    world: World = fill(add_world)
    say(session, world, NINE)
    submit(session, world)
    record(session, world, "survey")
    session.commit()
    session.close()
    prepare_migrations(application)
    with application.app_context():
        alembic.downgrade("1795773000")
    with application.app_context():
        alembic.upgrade()
    assert sorted(session.scalars(sa.select(Answer.mode)).all()) == ["interview", "survey"]
