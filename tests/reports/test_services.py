"""The report of a study on a real database."""

import io
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from markupsafe import escape
from pypdf import PdfReader
from sqlalchemy.orm import Session

from app.core.errors import Refusal
from app.customers.models import Account
from app.reports.rendering import pdf_bytes, standalone_html, write_pdf
from app.reports.rules.report import report
from app.reports.services import gap_report
from app.responses.models import Answer, Response
from app.scoring.models import Scoring
from app.studies.models import Respondent, Study
from tests.conftest import Fill
from tests.factories.answers import question_ids
from tests.reports.studies import HOSTILE_NAME, HOSTILE_WORDS, add_scored, drawn_study

PASSED_ON = (
    "population",
    "sample",
    "voice",
    "value",
    "agreement",
    "crosstab",
    "hidden_strength",
    "arr_at_risk",
    "method",
)


@contextmanager
def counting(session: Session) -> Iterator[list[str]]:
    statements: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        statements.append(statement)

    engine = session.get_bind()
    sa.event.listen(engine, "before_cursor_execute", note)
    yield statements
    sa.event.remove(engine, "before_cursor_execute", note)


@pytest.fixture
def scored(session: Session, fill: Fill) -> Study:
    """A study with answers of everybody, scored."""
    return session.get_one(Study, fill(add_scored))


def flat(text: str) -> str:
    return re.sub(r"\s+", " ", text.replace("\u00a0", " "))


def test_the_document_passes_the_stored_figures_on(session: Session, scored: Study) -> None:
    figures = session.scalars(sa.select(Scoring)).one().figures
    document = gap_report(session, study=scored)
    assert {key: document[key] for key in PASSED_ON} == {key: figures[key] for key in PASSED_ON}
    assert document["hidden_risk"] | {"confirmed": 0, "probable": 0} == figures["hidden_risk"] | {
        "confirmed": 0,
        "probable": 0,
    }
    assert document["scorecard"]["key"] == "default"
    assert document["questionnaire"]["key"] == "relationship"
    assert len(document["draw"]["audit_sha256"]) == 64
    assert json.loads(json.dumps(document, allow_nan=False)) == document


def test_it_takes_a_handful_of_queries(session: Session, scored: Study) -> None:
    session.flush()
    with counting(session) as statements:
        gap_report(session, study=scored)
    assert len([s for s in statements if s.startswith("SELECT")]) <= 14


def test_an_unscored_study_is_refused_with_the_command(session: Session) -> None:
    with pytest.raises(Refusal, match="flask study score q1"):
        gap_report(session, study=drawn_study(session))


def test_evidence_names_current_answers_by_response_and_never_persons(session: Session, scored: Study) -> None:
    document = gap_report(session, study=scored)
    by_id = {account["account_id"]: account for account in document["accounts"]}
    evidence = by_id["A1"]["evidence"]
    assert {entry["response_id"] for entry in evidence} <= {
        f"R-A1-{r}" for r in ("decision_maker", "champion", "power_user")
    }
    assert [entry["question"] for entry in evidence if entry["text"]] == ["reason"] * 3
    assert min(entry["score"] for entry in evidence if entry["score"] is not None) == 0
    assert "value_promised" not in {entry["question"] for entry in evidence}
    text = json.dumps(document)
    assert "taken back" not in text
    assert "Person" not in text


def test_a_low_voice_is_never_shown_by_high_answers(session: Session, fill: Fill) -> None:
    study = session.get_one(Study, fill(add_scored))
    asked = question_ids(session)
    told = sa.select(Response.id).join(Respondent, Respondent.id == Response.respondent_id)
    of_first = told.join(Account, Account.id == Respondent.account_id).where(Account.crm_id == "A1")
    for key, value in (("recommend", 0), ("satisfaction", 4), ("effort", 6), ("value_delivered", 4)):
        of_key = sa.and_(Answer.response_id.in_(of_first), Answer.question_id == asked[key])
        session.execute(sa.update(Answer).where(of_key).values(value_number=value))
    (account,) = (each for each in gap_report(session, study=study)["accounts"] if each["account_id"] == "A1")
    assert account["p_low"] > account["p_high"]
    assert [each["score"] for each in account["evidence"] if each["score"] is not None] == [0, 0, 0]


def test_what_is_missing_is_null(session: Session, fill: Fill) -> None:
    document = gap_report(session, study=session.get_one(Study, fill(add_scored, accounts=4)))
    by_id = {account["account_id"]: account for account in document["accounts"]}
    assert (by_id["A5"]["voice"], by_id["A5"]["gap"], by_id["A5"]["evidence"]) == (None, None, [])
    assert by_id["A10"]["health"] is None
    assert len(by_id) == 10


def test_only_accounts_cuts_rows_evidence_and_marks_but_not_the_portfolio(session: Session, scored: Study) -> None:
    whole = gap_report(session, study=scored)
    mine = session.scalars(sa.select(Account.id).where(Account.crm_id.in_(["A1", "A3"]))).all()
    part = gap_report(session, study=scored, only_accounts=mine)
    assert {account["account_id"] for account in part["accounts"]} == {"A1", "A3"}
    assert {key: part[key] for key in PASSED_ON} == {key: whole[key] for key in PASSED_ON}
    assert part["hidden_risk"] == whole["hidden_risk"]
    text = json.dumps([part, [[c.wide, c.rows] for c in report(part).charts.values()]])
    assert "Account 2" not in text
    assert "R-A2" not in text
    assert gap_report(session, study=scored, only_accounts=[])["accounts"] == []


@pytest.mark.parametrize("people", [pytest.param(3, id="everyone"), pytest.param(1, id="one person each")])
def test_json_html_and_pdf_show_the_same_numbers(application: Flask, session: Session, fill: Fill, people: int) -> None:
    document = gap_report(session, study=session.get_one(Study, fill(add_scored, people=people)))
    made = report(document)
    html = standalone_html(document)
    reader = PdfReader(io.BytesIO(pdf_bytes(document)))
    shown = {"html": flat(html), "pdf": flat(" ".join(page.extract_text() for page in reader.pages))}
    printed = (
        [stat.value for stat in made.sums] + [row.value for row in made.workings] + [line.gap for line in made.calls]
    )
    assert len(printed) > 20
    for where, text in shown.items():
        missing = [value for value in printed if flat(value) not in text]
        assert not missing, f"{where} lacks {missing}"
    audit = document["draw"]["audit_sha256"]
    assert audit in shown["html"].replace(" ", "")
    assert audit in shown["pdf"].replace(" ", "")
    assert 6 <= len(reader.pages) <= 14
    assert application.config["SETTINGS"].home.joinpath("reports").is_dir()


def test_names_and_quotes_stay_text(session: Session, scored: Study) -> None:
    document = gap_report(session, study=scored)
    html = standalone_html(document)
    assert "<script" not in html
    assert "<img" not in html
    assert "</q><style>" not in html
    assert str(escape(HOSTILE_NAME)) in html
    pdf = flat(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf_bytes(document))).pages))
    assert "<script>alert" in pdf
    assert HOSTILE_WORDS[:20] in pdf


def test_the_file_stands_alone(session: Session, scored: Study) -> None:
    html = standalone_html(gap_report(session, study=scored))
    assert not re.search(r'(src|href)="', html)
    assert not re.search(r"url\((?!data:)", html)
    assert "@import" not in html
    assert "SAMPLE DATA" in html


def test_a_sample_is_marked_on_every_page(session: Session, scored: Study) -> None:
    reader = PdfReader(io.BytesIO(pdf_bytes(gap_report(session, study=scored))))
    assert all("SAMPLE DATA" in page.extract_text() for page in reader.pages)


def test_the_pdf_is_made_once_for_the_same_report(session: Session, scored: Study) -> None:
    first = write_pdf(gap_report(session, study=scored))
    made = {path.name: path.stat().st_mtime_ns for path in first.parent.glob("q1-*.pdf")}
    again = write_pdf(gap_report(session, study=scored))
    assert first == again
    assert first.is_absolute()
    assert {path.name: path.stat().st_mtime_ns for path in first.parent.glob("q1-*.pdf")} == made
    assert len(made) == 1
