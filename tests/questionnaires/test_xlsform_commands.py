"""`flask questionnaire import` and `export`."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask.testing import FlaskCliRunner
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.questionnaires.models import QuestionnaireVersion
from app.questionnaires.queries import newest_version
from app.questionnaires.services import publish_built_ins, publish_questionnaire
from tests.questionnaires.rich import RICH
from tests.questionnaires.xlsforms import workbook

SURVEY = [["type", "name", "label"], ["start", "s"], ["text", "q", "Why?"]]


@pytest.fixture
def form(tmp_path: Path) -> Path:
    """A small form with a row that is left out."""
    path = tmp_path / "form.xlsx"
    settings = [["form_title", "default_language"], ["My form", "English (en)"]]
    path.write_bytes(workbook(survey=SURVEY, settings=settings))
    return path


def run(runner: FlaskCliRunner, *args: str) -> Result:
    result = runner.invoke(args=["questionnaire", *args])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result


def said(result: Result) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(result.stdout)
    return document


def versions(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(QuestionnaireVersion)) or 0


def test_import_publishes_a_version(runner: FlaskCliRunner, session: Session, form: Path) -> None:
    report = said(run(runner, "import", str(form), "--key", "mine", "--json"))
    assert (report["key"], report["version"], report["questions"]) == ("mine", 1, 1)
    assert report["warnings"] == ["survey, row 2 “s”: records the device's clock; Parallax keeps its own times"]
    assert newest_version(session, "mine").name == "My form"


def test_the_same_form_again_is_the_same_version(runner: FlaskCliRunner, session: Session, form: Path) -> None:
    for _ in range(2):
        assert said(run(runner, "import", str(form), "--key", "mine", "--json"))["version"] == 1
    form.write_bytes(workbook(survey=[*SURVEY, ["text", "r", "What else?"]]))
    assert said(run(runner, "import", str(form), "--key", "mine", "--json"))["version"] == 2
    assert versions(session) == 2


def test_a_dry_run_stores_nothing(runner: FlaskCliRunner, session: Session, form: Path) -> None:
    result = run(runner, "import", str(form), "--key", "mine", "--dry-run")
    assert "mine, version 1, would be published (questions: 1)" in result.stdout
    assert "- survey, row 2 “s”" in result.stdout
    assert versions(session) == 0


def test_what_is_not_supported_is_listed_and_nothing_is_stored(
    runner: FlaskCliRunner, session: Session, form: Path
) -> None:
    form.write_bytes(workbook(survey=[*SURVEY, ["geopoint", "p", "Where?"], ["audio", "a", "Say!"]]))
    result = run(runner, "import", str(form), "--key", "mine", "--json")
    assert result.exit_code == 1
    assert [construct[:17] for construct in said(result)["unsupported"]] == ["survey, row 4 “p”", "survey, row 5 “a”"]
    assert "Nothing was imported" in result.stderr
    assert versions(session) == 0


@pytest.mark.parametrize("key", ["", "a b", "ä", "../x", "x" * 65])
def test_a_key_that_cannot_be_one_is_refused(runner: FlaskCliRunner, session: Session, form: Path, key: str) -> None:
    result = run(runner, "import", str(form), "--key", key)
    assert result.exit_code == 1
    assert "key" in result.stderr
    assert versions(session) == 0


def test_export_and_import_again_is_no_new_version(runner: FlaskCliRunner, session: Session, tmp_path: Path) -> None:
    publish_built_ins(session)
    publish_questionnaire(session, document=RICH)
    session.commit()
    for key in ("relationship", "interview-360", "interview-value", "rich"):
        path = tmp_path / f"{key}.xlsx"
        report = said(run(runner, "export", key, str(path), "--json"))
        assert report == {"key": key, "version": 1, "file": str(path)}
        assert said(run(runner, "import", str(path), "--key", key, "--json"))["version"] == 1


def test_export_of_what_is_not_there_is_refused(runner: FlaskCliRunner, tmp_path: Path) -> None:
    result = run(runner, "export", "nothing", str(tmp_path / "x.xlsx"))
    assert (result.exit_code, "“nothing”" in result.stderr) == (1, True)
    assert not (tmp_path / "x.xlsx").exists()


def test_export_to_a_place_that_cannot_be_written_is_refused(
    runner: FlaskCliRunner, session: Session, tmp_path: Path
) -> None:
    publish_questionnaire(session, document=RICH)
    session.commit()
    result = run(runner, "export", "rich", str(tmp_path / "no" / "x.xlsx"))
    assert (result.exit_code, "cannot be written" in result.stderr) == (1, True)
