"""Words that have been kept long enough go once a day; numbers, choices and younger words stay."""

import json
import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.migrations import alembic, prepare_migrations
from app.core.workspace import the_workspace
from app.responses.models import AnonymousAnswer, AnonymousResponse, Answer, Remark, Response, Submission
from app.scoring.models import VerbatimSentiment
from app.settings.services import change_retention
from app.subjects.services import retention
from app.subjects.tasks import expire_words
from app.users.models import AuditEvent
from tests.conftest import Fill
from tests.factories.answers import question_ids
from tests.subjects.marked import MARK, OTHERS, WORDS, add_marked, dumped, files_with, scored_again
from tests.surveys.anonymous import add_anonymous
from tests.users.people import changing

LONG_AGO = now() - timedelta(days=800)


def add_old(session: Session) -> None:
    """Add the marked person's three responses, of which the interview is young."""
    add_marked(session)
    session.execute(sa.update(Response).where(Response.mode == "survey").values(changed_at=LONG_AGO))


@pytest.fixture
def aged(application: Flask, fill: Fill) -> Flask:
    """A workspace with old and young words, and an old and a young mail."""
    fill(add_old)
    outbox = application.config["SETTINGS"].home / "outbox"
    outbox.mkdir(parents=True)
    for name in ("old", "young"):
        (outbox / f"{name}.eml").write_text("To: a@b.test\n\nHello")
    os.utime(outbox / "old.eml", (LONG_AGO.timestamp(),) * 2)
    return application


def texts(session: Session) -> list[str]:
    session.expire_all()
    return sorted(filter(None, session.scalars(sa.select(Answer.value_text))))


def run(application: Flask) -> int:
    with application.app_context():
        return expire_words()


def expired(runner: FlaskCliRunner, *options: str) -> dict[str, Any]:
    done = runner.invoke(args=["subject", "expire", "--json", *options])
    assert done.exit_code == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def test_old_words_go_and_young_ones_stay(aged: Flask, session: Session, tmp_path: Path) -> None:
    assert run(aged) == 8
    assert all(MARK in text for text in texts(session))
    assert session.scalar(sa.select(Remark.note).where(Remark.superseded_at.is_(None))) == f"{MARK}note2"
    assert session.scalar(sa.select(Submission.reason).where(Submission.reason.is_not(None))) == f"{MARK}reason"
    assert [path.name for path in (tmp_path / "home" / "outbox").iterdir()] == ["young.eml"]
    session.close()
    assert files_with(tmp_path, OTHERS.lower()) == []


def test_marks_of_words_go_with_them(aged: Flask, session: Session) -> None:
    def read() -> set[tuple[bool, bool]]:
        rows = session.execute(sa.select(Answer.value_text, VerbatimSentiment.mark).join(VerbatimSentiment))
        return {(words is not None, mark is not None) for words, mark in rows}

    assert read() == {(True, True)}
    session.rollback()
    assert run(aged) == 8
    assert read() == {(False, False)}


def test_words_that_were_read_before_there_were_marks_get_theirs(aged: Flask, session: Session) -> None:
    marked = sa.select(VerbatimSentiment.answer_id, VerbatimSentiment.mark, VerbatimSentiment.is_long)
    before = session.execute(marked.order_by(VerbatimSentiment.answer_id)).all()
    session.close()
    prepare_migrations(aged)
    with aged.app_context():
        alembic.downgrade("1795826400")
    with aged.app_context():
        alembic.upgrade()
    assert session.execute(marked.order_by(VerbatimSentiment.answer_id)).all() == before
    assert before


def test_running_it_again_the_same_day_does_nothing(aged: Flask, session: Session) -> None:
    run(aged)
    lines = session.scalar(sa.select(sa.func.count()).select_from(AuditEvent))
    session.close()
    assert run(aged) == 0
    assert session.scalar(sa.select(sa.func.count()).select_from(AuditEvent)) == lines
    session.rollback()


def test_it_runs_again_the_next_day(aged: Flask, session: Session) -> None:
    run(aged)
    with changing(aged) as other:
        the_workspace(other).expired_at = now() - timedelta(days=1, seconds=1)
        other.execute(sa.update(Response).values(changed_at=LONG_AGO))
    assert run(aged) == 1
    assert texts(session) == []
    event = session.scalars(sa.select(AuditEvent).order_by(AuditEvent.id.desc())).first()
    assert event
    assert (event.action, event.fields["responses"], event.fields["notes_and_quotes"]) == ("words.expired", 1, 2)


def test_many_go_some_at_a_time(aged: Flask, session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "AT_ONCE", 4)
    assert run(aged) == 8
    assert all(MARK in text for text in texts(session))


def test_figures_hold(aged: Flask, session: Session) -> None:
    before = scored_again(session)
    session.close()
    run(aged)
    assert scored_again(session) == before


def test_words_are_kept_for_ever_where_that_was_chosen(aged: Flask, session: Session) -> None:
    with changing(aged) as other:
        change_retention(other, months="")
    before = dumped(aged)
    assert run(aged) == 0
    assert dumped(aged) == before
    assert WORDS in texts(session)


def test_a_dry_run_counts_and_changes_nothing(aged: Flask, runner: FlaskCliRunner) -> None:
    before = dumped(aged)
    would = expired(runner, "--dry-run")
    assert dumped(aged) == before
    assert would["responses"] == 8
    assert (would["mails_in_outbox"], would["retention_months"]) == (1, 24)
    told = expired(runner)
    assert {**told, "dry_run": True, "before": ""} == {**would, "before": ""}
    assert expired(runner)["responses"] == 0


def test_the_file_that_brought_them_does_not_bring_them_back(
    aged: Flask, runner: FlaskCliRunner, tmp_path: Path, session: Session
) -> None:
    run(aged)
    said = tmp_path / "said.csv"
    said.write_text(
        "response_id,account_id,contact_id,submitted_at,question,value\n"
        f"R-A1-champion,A1,A1-champion,2026-03-15T00:00:00Z,reason,{WORDS}\n"
    )
    done = runner.invoke(args=["import", "responses", str(said), "--study", "q1", "--json"])
    assert json.loads(done.stdout)["unchanged"] == 1
    assert texts(session).count(WORDS) == 1, "the young interview's"


def test_an_export_says_that_words_were_removed(aged: Flask, runner: FlaskCliRunner, tmp_path: Path) -> None:
    run(aged)
    path = tmp_path / "answers.csv"
    runner.invoke(args=["export", "responses", "q1", str(path)])
    lines = [line for line in path.read_text().splitlines() if ",reason," in line]
    assert lines
    assert all(",removed,yes," in line for line in lines)


def test_anonymous_words_go_as_well_and_what_was_chosen_stays(
    application: Flask, fill: Fill, session: Session, runner: FlaskCliRunner
) -> None:
    fill(add_anonymous_words)
    assert expired(runner, "--dry-run")["answers_in_words"] == 1
    assert (run(application), run(application)) == (1, 0)
    kept = session.execute(sa.select(AnonymousAnswer.value_number, AnonymousAnswer.value_text)).all()
    assert sorted(map(str, kept)) == ["(4.0, None)", "(4.0, None)", "(None, 'still kept')", "(None, None)"]


def add_anonymous_words(session: Session) -> None:
    """Add two anonymous responses, an old and a young one."""
    study = add_anonymous(session)
    ids = question_ids(session)
    for day, words in ((LONG_AGO.date(), "long ago"), (now().date(), "still kept")):
        response = AnonymousResponse(
            id=words, study_id=study.id, stratum="Large", version_id=study.version_id, language="en", answered_on=day
        )
        session.add(response)
        session.flush()
        for key, number, text in (("satisfaction", 4.0, None), ("reason", None, words)):
            session.add(AnonymousAnswer(response_id=words, question_id=ids[key], value_number=number, value_text=text))
