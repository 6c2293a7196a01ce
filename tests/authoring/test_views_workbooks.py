"""Questionnaires as files in the browser: an XLSForm becomes a draft, and what was published goes out as one."""

import io

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.questionnaires.models import QuestionnaireDraft
from app.questionnaires.services import read_xlsform
from tests.authoring.drafts import add_pulse
from tests.conftest import Fill
from tests.users.people import CSM, LEADER, sign_in, token_in

PAGE = "/questionnaires/xlsform"


@pytest.fixture
def people(application: Flask, fill: Fill) -> Flask:
    """A workspace with people and a published questionnaire."""
    fill(add_pulse)
    return application


def send(browser: FlaskClient, content: bytes, key: str = "copy", name: str = "form.csv") -> TestResponse:
    token = token_in(browser.get(PAGE).text)
    data = {"csrf_token": token, "key": key, "file": (io.BytesIO(content), name)}
    return browser.post(PAGE, data=data, content_type="multipart/form-data")


def drafts(session: Session) -> list[str]:
    session.rollback()
    return list(session.scalars(sa.select(QuestionnaireDraft.key).order_by(QuestionnaireDraft.key)))


def test_what_was_published_goes_out_and_comes_back_as_a_draft(people: Flask, session: Session) -> None:
    browser = sign_in(people, LEADER)
    file = browser.get("/questionnaires/pulse/questionnaire.xlsx")
    assert file.headers["Content-Disposition"].startswith('attachment; filename="pulse-')
    assert read_xlsform(file.data, "f.xlsx", key="pulse").document["questions"]
    reply = send(browser, file.data, name="form.xlsx")
    assert (reply.status_code, reply.headers["Location"]) == (302, "/questionnaires/copy/edit")
    assert "copy" in drafts(session)


def test_what_cannot_be_represented_is_named_and_nothing_is_stored(people: Flask, session: Session) -> None:
    before = drafts(session)
    rows = b'"survey",,,\n,"type","name","label"\n,"geopoint","where","Where?"\n,"audio","say","Say it"\n'
    reply = send(sign_in(people, LEADER), rows)
    assert reply.status_code == 400
    assert "geopoint" in reply.text
    assert "audio" in reply.text
    assert 'value="copy"' in reply.text
    assert drafts(session) == before


@pytest.mark.parametrize(
    ("content", "key", "words"),
    [
        (b"", "copy", ""),
        (b"no workbook", "copy", ""),
        (b"x", "", "A key is letters"),
        (b"x", "bank", "is taken"),
        (b"x", "a b", "A key is letters"),
    ],
)
def test_what_is_no_questionnaire_is_refused(
    people: Flask, session: Session, content: bytes, key: str, words: str
) -> None:
    before = drafts(session)
    reply = send(sign_in(people, LEADER), content, key, "form.xlsx")
    assert reply.status_code == 400
    assert 'class="error"' in reply.text
    assert words in reply.text
    assert drafts(session) == before


def test_who_runs_no_studies_gets_no_files(people: Flask) -> None:
    assert sign_in(people, CSM).get("/questionnaires/pulse/questionnaire.xlsx").status_code == 403
