"""Answers go out: by command and by the browser, each cut to what its caller may see."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy.orm import Session

from app.customers.models import Account
from app.responses.models import Response
from app.studies.models import Study
from app.transfer.services import export_answers
from tests.users.people import ADMIN, CSM, LEADER, STRANGER, VIEWER, add_people, sign_in

HEADER = "response_id,account_id,contact_id,submitted_at,question,value,mode\n"
FILE = (
    f"{HEADER}"
    'R-2,A-2,C-2,2026-01-31T10:00:00Z,reason,"two\nlines, “quoted”",interview\n'
    "R-2,A-2,C-2,2026-01-31T10:00:00Z,recommend,10,interview\n"
    "R-1,A-1,C-1,2026-01-30,reason,=1+1,survey\n"
    "R-1,A-1,C-1,2026-01-30,contact_again,yes,survey\n"
    "R-1,A-1,C-1,2026-01-30,effort,7,survey\n"
)
COLUMNS = (
    "response_id,account_id,contact_id,question,value,submitted_at,mode,role,stratum,stratum_size,weight,"
    "questionnaire,version,item,absence,counted,consent_version,interviewer"
)


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


@pytest.fixture
def answered(world: Session, run: Callable[..., Any]) -> Session:
    """The small world after its answers came in."""
    assert run("responses", FILE).status == 0
    return world


def test_what_came_in_goes_out(answered: Session, runner: FlaskCliRunner, tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    done = runner.invoke(args=["export", "responses", "s", str(path), "--json"])
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout) == {"study": "s", "answers": 5, "file": str(path)}
    text = path.read_text(encoding="utf-8")
    assert text.splitlines()[0] == COLUMNS
    rows = rows_of(text)
    out = {(row["response_id"], row["contact_id"], row["question"]): row["value"] for row in rows}
    sent = {(row["response_id"], row["contact_id"], row["question"]): row["value"] for row in rows_of(FILE)}
    assert out == sent | {("R-1", "C-1", "reason"): "'=1+1"}
    assert [(row["account_id"], row["question"]) for row in rows[:3]] == [
        ("A-1", "reason"),
        ("A-1", "effort"),
        ("A-1", "contact_again"),
    ]
    assert {
        key: rows[-1][key] for key in ("submitted_at", "mode", "role", "stratum_size", "weight", "questionnaire")
    } == {
        "submitted_at": "2026-01-31T10:00:00Z",
        "mode": "interview",
        "role": "champion",
        "stratum_size": "2",
        "weight": "1.0",
        "questionnaire": "relationship",
    }
    answered.rollback()


def test_what_went_out_comes_in_again_unchanged(answered: Session, run: Callable[..., Any], tmp_path: Path) -> None:
    path = tmp_path / "again.csv"
    export_answers(answered, study=answered.scalars(sa.select(Study)).one(), path=path)
    answered.rollback()
    wanted = HEADER.strip().split(",")
    back = io.StringIO(newline="")
    writer = csv.DictWriter(back, wanted, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(row for row in rows_of(path.read_text(encoding="utf-8")) if not row["value"].startswith("'"))
    assert run("responses", back.getvalue()).counts == (4, 0, 0, 4)


def test_superseded_answers_and_drafts_stay_here(
    answered: Session, run: Callable[..., Any], runner: FlaskCliRunner, tmp_path: Path
) -> None:
    run("responses", f"{HEADER}R-1,A-1,C-1,2026-01-30,effort,2,survey\n")
    answered.execute(sa.update(Response).where(Response.external_id == "R-2").values(submitted_at=None))
    answered.commit()
    path = tmp_path / "out.csv"
    runner.invoke(args=["export", "responses", "s", str(path)])
    rows = rows_of(path.read_text(encoding="utf-8"))
    assert [row["value"] for row in rows if row["question"] == "effort"] == ["2"]
    assert {row["response_id"] for row in rows} == {"R-1"}


@pytest.mark.usefixtures("world")
def test_no_answers_are_a_header_alone(runner: FlaskCliRunner, tmp_path: Path) -> None:
    path = tmp_path / "none.csv"
    assert runner.invoke(args=["export", "responses", "s", str(path)]).exit_code == 0
    assert path.read_text(encoding="utf-8") == f"{COLUMNS}\n"


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize(
    ("key", "name", "words"),
    [
        pytest.param("nowhere", "x.csv", "There is no study “nowhere”", id="unknown-study"),
        pytest.param("s", "x.ods", "ends in .csv, .xlsx or .sav", id="another-kind"),
        pytest.param("s", "no/folder.xlsx", "cannot be written", id="no-folder-xlsx"),
        pytest.param("s", "no/folder.sav", "cannot be written", id="no-folder-sav"),
        pytest.param("s", "no/folder.csv", "cannot be written", id="no-folder"),
    ],
)
def test_an_export_is_refused(runner: FlaskCliRunner, tmp_path: Path, key: str, name: str, words: str) -> None:
    done = runner.invoke(args=["export", "responses", key, str(tmp_path / name)])
    assert done.exit_code == 1
    assert words in done.stderr
    assert list(tmp_path.glob("x.*")) == []


@pytest.mark.parametrize(
    ("email", "status", "accounts"),
    [
        pytest.param(ADMIN, 200, {"A-1", "A-2"}, id="admin"),
        pytest.param(LEADER, 200, {"A-1", "A-2"}, id="owner"),
        pytest.param(STRANGER, 404, set(), id="stranger"),
        pytest.param(CSM, 200, {"A-2"}, id="csm"),
        pytest.param(VIEWER, 403, set(), id="viewer"),
    ],
)
def test_the_browser_gets_what_its_person_may_see(
    answered: Session, application: Flask, email: str, status: int, accounts: set[str]
) -> None:
    people = add_people(answered)
    answered.execute(sa.update(Study).values(owner_id=people[LEADER].id))
    answered.execute(sa.update(Account).where(Account.crm_id == "A-2").values(csm_email=CSM.upper()))
    answered.commit()
    browser = sign_in(application, email)
    reply = browser.get("/studies/s/answers.csv", buffered=True)
    assert reply.status_code == status
    assert browser.get("/studies/nowhere/answers.csv").status_code == 404
    if status == 200:
        assert {row["account_id"] for row in rows_of(reply.text)} == accounts
        assert reply.headers["Content-Disposition"] == "attachment; filename=answers-s.csv"
        assert reply.headers["Cache-Control"] == "no-store"
