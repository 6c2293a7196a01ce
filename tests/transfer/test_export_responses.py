"""Responses go out one row each: as CSV, workbook and SPSS file, with a codebook that explains the columns."""

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
from openpyxl import load_workbook
from sqlalchemy.orm import Session

from app.questionnaires.models import Question, QuestionnaireVersion, VersionQuestion
from app.responses.models import Answer, Response, Submission
from app.studies.models import Study
from app.transfer.rules.codebook import Version, variables_of
from app.transfer.services import export_answers, export_responses
from tests.users.people import ADMIN, CSM, LEADER, STRANGER, VIEWER, add_people, sign_in

HEADER = "response_id,account_id,contact_id,submitted_at,question,value,mode\n"
FILE = (
    f"{HEADER}"
    "R-2,A-2,C-2,2026-01-31T10:00:00Z,recommend,10,interview\n"
    "R-1,A-1,C-1,2026-01-30,reason,=1+1,survey\n"
    "R-1,A-1,C-1,2026-01-30,contact_again,yes,survey\n"
    "R-1,A-1,C-1,2026-01-30,effort,7,survey\n"
)


@pytest.fixture
def answered(world: Session, run: Callable[..., Any]) -> Session:
    """The small world after its answers came in."""
    assert run("responses", FILE).status == 0
    return world


def the_study(session: Session) -> Study:
    return session.scalars(sa.select(Study)).one()


def response_named(session: Session, name: str) -> Response:
    return session.scalars(sa.select(Response).where(Response.external_id == name)).one()


def add_answer(session: Session, name: str, question: str, **values: Any) -> None:
    question_id = session.scalars(sa.select(Question.id).where(Question.key == question)).one()
    session.add(Answer(response_id=response_named(session, name).id, question_id=question_id, **values))
    session.flush()


def wide(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"), newline="")))


def test_a_response_is_a_row(answered: Session, runner: FlaskCliRunner, tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    answered.commit()
    done = runner.invoke(args=["export", "responses", "s", str(path), "--wide", "--json"])
    assert json.loads(done.stdout) == {"study": "s", "responses": 2, "file": str(path)}
    first, second = wide(path)
    assert (first["response_id"], first["effort"], first["contact_again"], first["reason"]) == (
        "R-1",
        "7",
        "yes",
        "'=1+1",
    )
    assert (first["recommend"], second["recommend"], second["effort"]) == ("", "10", "")
    assert (first["stratum_size"], first["weight"], first["role"], second["mode"]) == (
        "2",
        "1.0",
        "champion",
        "interview",
    )
    names = list(first)
    asked = ["recommend", "satisfaction", "effort", "value_promised", "value_delivered", "renewal_intent"]
    assert [name for name in names if name in asked] == sorted(asked, key=names.index)
    assert names.index("flag_machine") < names.index("recommend")


def test_a_codebook_lies_beside(answered: Session, tmp_path: Path) -> None:
    export_responses(answered, study=the_study(answered), path=tmp_path / "out.csv")
    rows = {row["variable"]: row for row in wide(tmp_path / "out.codebook.csv")}
    assert rows["effort"]["dimension"] == "support"
    assert rows["effort"]["answered"] == "1"
    assert "7 = " in rows["effort"]["values"]
    assert rows["effort"]["missing"] == "not_applicable; dont_know; refused"
    assert rows["effort"]["missing_in_sav"].startswith("Not applicable = -97")
    assert rows["contact_again"]["values"] == "0 = No; 0.5 = Partly; 1 = Yes"
    assert rows["recommend"]["versions"] == "relationship 1"
    assert rows["reason"]["missing_in_sav"] == ""
    assert set(wide(tmp_path / "out.csv")[0]) == set(rows)


def test_absences_are_kept_apart_and_what_does_not_count_is_left_out(answered: Session, tmp_path: Path) -> None:
    add_answer(answered, "R-1", "satisfaction", absence="dont_know")
    add_answer(answered, "R-1", "recommend", value_number=3, is_counted=False)
    answered.add(
        Submission(response_id=response_named(answered, "R-1").id, form_key="f", content_sha256="0", seconds=65)
    )
    answered.flush()
    study = the_study(answered)
    export_responses(answered, study=study, path=tmp_path / "out.csv")
    first = wide(tmp_path / "out.csv")[0]
    assert (first["satisfaction"], first["recommend"], first["seconds"]) == ("dont_know", "", "65")
    export_answers(answered, study=study, path=tmp_path / "long.csv")
    rows = {row["question"]: row for row in wide(tmp_path / "long.csv") if row["response_id"] == "R-1"}
    assert (rows["recommend"]["value"], rows["recommend"]["counted"]) == ("3", "no")
    assert (rows["satisfaction"]["value"], rows["satisfaction"]["absence"]) == ("", "dont_know")
    assert rows["effort"]["counted"] == "yes"


def test_a_looped_question_has_a_column_for_each_relationship(answered: Session, tmp_path: Path) -> None:
    add_answer(answered, "R-1", "satisfaction", value_number=2, item="P-9")
    add_answer(answered, "R-1", "satisfaction", value_number=5, item="P-1")
    add_answer(answered, "R-2", "satisfaction", value_number=4, item="P-7")
    export_responses(answered, study=the_study(answered), path=tmp_path / "out.csv")
    first, second = wide(tmp_path / "out.csv")
    assert [first[name] for name in ("item_1", "item_2", "satisfaction_1", "satisfaction_2")] == [
        "P-1",
        "P-9",
        "5",
        "2",
    ]
    assert [second[name] for name in ("item_1", "item_2", "satisfaction_1", "satisfaction_2")] == ["P-7", "", "4", ""]
    assert "satisfaction" not in first


def test_a_workbook_holds_responses_and_codebook_and_runs_no_formula(answered: Session, tmp_path: Path) -> None:
    path = tmp_path / "out.xlsx"
    assert export_responses(answered, study=the_study(answered), path=path) == 2
    book = load_workbook(path)
    assert book.sheetnames == ["Responses", "Codebook"]
    rows = list(book["Responses"].iter_rows(values_only=True))
    first = dict(zip(rows[0], rows[1], strict=True))
    assert (first["effort"], first["reason"], first["recommend"]) == (7, "'=1+1", None)
    assert all(cell.data_type != "f" for row in book["Responses"].iter_rows() for cell in row)
    assert export_answers(answered, study=the_study(answered), path=path) == 4
    assert load_workbook(path).sheetnames == ["Answers"]


def test_an_spss_file_has_labels_and_missing_values(answered: Session, tmp_path: Path) -> None:
    import pyreadstat

    add_answer(answered, "R-1", "satisfaction", absence="not_applicable")
    path = tmp_path / "out.sav"
    assert export_responses(answered, study=the_study(answered), path=path) == 2
    frame, meta = pyreadstat.read_sav(path, user_missing=True)
    assert frame["effort"].tolist()[0] == 7
    assert frame["effort"].isna().tolist() == [False, True]
    assert frame["contact_again"].tolist()[0] == 1
    assert frame["satisfaction"].tolist()[0] == -97
    assert meta.column_names_to_labels["effort"].startswith("The last time")
    assert meta.variable_value_labels["contact_again"][1.0] == "Yes"
    assert meta.variable_value_labels["satisfaction"][-97.0] == "Not applicable"
    assert {each["lo"] for each in meta.missing_ranges["satisfaction"]} == {-97.0, -98.0, -99.0}
    assert frame["reason"].tolist()[0] == "=1+1"
    plain, _ = pyreadstat.read_sav(path)
    assert plain["satisfaction"].isna().all()
    assert export_answers(answered, study=the_study(answered), path=path) == 5
    assert pyreadstat.read_sav(path)[0]["question"].tolist().count("effort") == 1


@pytest.mark.parametrize("name", ["none.csv", "none.xlsx", "none.sav"])
def test_nobody_has_answered(world: Session, tmp_path: Path, name: str) -> None:
    assert export_responses(world, study=the_study(world), path=tmp_path / name) == 0


def test_all_versions_stand_side_by_side(answered: Session, tmp_path: Path) -> None:
    old = answered.scalars(sa.select(QuestionnaireVersion).where(QuestionnaireVersion.key == "relationship")).one()
    more = {"key": "later", "kind": "single_choice", "text": "Later?", "section": old.definition["sections"][0]["key"]}
    more["options"] = [{"key": "a-b", "label": "A or B"}, {"key": "c", "label": "C"}]
    definition = old.definition | {"questions": [*old.definition["questions"], more]}
    new = QuestionnaireVersion(key=old.key, version=2, name=old.name, definition=definition, content_sha256="2")
    question = Question(key="later")
    answered.add_all([new, question])
    answered.flush()
    answered.add(VersionQuestion(version_id=new.id, question_id=question.id, position=99))
    response_named(answered, "R-2").version_id = new.id
    add_answer(answered, "R-2", "later", value_text="c")
    export_responses(answered, study=the_study(answered), path=tmp_path / "out.csv")
    first, second = wide(tmp_path / "out.csv")
    assert [(row["version"], row["later"], row["recommend"]) for row in (first, second)] == [
        ("1", "", ""),
        ("2", "c", "10"),
    ]
    book = {row["variable"]: row for row in wide(tmp_path / "out.codebook.csv")}
    assert book["recommend"]["versions"] == "relationship 1; relationship 2"
    assert (book["later"]["versions"], book["later"]["values"]) == ("relationship 2", "1 = A or B; 2 = C")


def test_names_are_such_that_spss_takes_them(answered: Session) -> None:
    version = answered.scalars(sa.select(QuestionnaireVersion).where(QuestionnaireVersion.key == "relationship")).one()
    keys = ["role", "_x", "a-b", "a_b", "Effort", "effort", "with", "x" * 64]
    document = version.definition | {
        "questions": [version.definition["questions"][0] | {"key": key, "about": None} for key in keys],
        "translations": {},
    }
    for question in document["questions"]:
        question.pop("about")
    from app.questionnaires.rules.reading import parse_definition

    found = variables_of([Version("k", 1, parse_definition(document))], answered={}, looped=(), items=0)
    names = [variable.name for variable in found if variable.question]
    assert names[:7] == ["q_role", "q__x", "a_b", "q_a_b", "Effort", "q_effort", "q_with"]
    assert len({variable.name.casefold() for variable in found}) == len(found)
    assert all(len(name) <= 64 for name in names)


@pytest.mark.parametrize(
    ("email", "status"),
    [
        pytest.param(ADMIN, 200, id="admin"),
        pytest.param(LEADER, 200, id="owner"),
        pytest.param(STRANGER, 404, id="stranger"),
        pytest.param(CSM, 404, id="csm-without-an-account"),
        pytest.param(VIEWER, 403, id="viewer"),
    ],
)
def test_the_browser_downloads_for_those_who_may_see_contacts(
    answered: Session, application: Flask, email: str, status: int
) -> None:
    people = add_people(answered)
    answered.execute(sa.update(Study).values(owner_id=people[LEADER].id))
    answered.commit()
    browser = sign_in(application, email)
    for name in ("responses.csv", "responses.xlsx", "responses.sav", "codebook.csv"):
        reply = browser.get(f"/studies/s/{name}", buffered=True)
        assert reply.status_code == status, name
        if status == 200:
            plain = name.replace(".", "-s.")
            assert reply.headers["Content-Disposition"] == f"attachment; filename={plain}"
    assert browser.get("/studies/s/responses.exe").status_code == 404
