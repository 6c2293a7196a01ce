"""The page of one response: its answers, what stood there before, and who may know whose it is."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from app.responses.models import Answer, Remark, Response, Submission
from app.users.models import User
from tests.conftest import Fill
from tests.customer360.workspace import HOSTILE, add_workspace
from tests.factories.answers import question_ids
from tests.users.people import ADMIN, CSM, LEADER, STRANGER, VIEWER, changing, sign_in

ADDRESS = "/studies/q1/responses/R-A4-champion"
NOON = datetime(2026, 3, 15, 12, tzinfo=UTC)


def add_told(session: Session) -> None:
    """The workspace with a response that was changed by its interviewer, sent twice and opened again in between."""
    add_workspace(session)
    response = session.scalars(sa.select(Response).where(Response.external_id == "R-A4-champion")).one()
    carl = session.scalars(sa.select(User).where(User.email == CSM)).one()
    ids = question_ids(session)
    session.add(
        Answer(
            response_id=response.id,
            question_id=ids["recommend"],
            value_number=9,
            recorded_at=NOON,
            recorded_by=carl.id,
            superseded_at=NOON + timedelta(hours=1),
        )
    )
    session.add_all(
        Remark(
            response_id=response.id,
            question_id=ids["recommend"],
            revision=revision,
            note=f"Note {revision} {HOSTILE}",
            quote="Take it back." if revision == 1 else "As I said.",
            quote_permission="internal",
            absence=None if revision == 1 else "dont_know",
            probes=["And then?"],
            recorded_at=NOON,
            recorded_by=carl.id,
            superseded_at=NOON + timedelta(hours=1) if revision == 1 else None,
        )
        for revision in (1, 2)
    )
    session.add_all(
        Submission(
            response_id=response.id,
            form_key=key,
            content_sha256=key,
            submitted_at=NOON + timedelta(hours=hours),
            submitted_by=carl.id,
            reopened_at=NOON + timedelta(hours=hours + 1) if key == "first" else None,
            reopened_by=carl.id if key == "first" else None,
            reason=f"A slip {HOSTILE}" if key == "first" else None,
        )
        for key, hours in (("first", 0), ("second", 3))
    )


@pytest.fixture
def told(application: Flask, fill: Fill) -> Flask:
    """The workspace with a response that was changed by its interviewer, sent twice and opened again in between."""
    fill(add_told)
    return application


@pytest.mark.parametrize(("person", "names"), [(ADMIN, True), (LEADER, True), (CSM, True), (VIEWER, False)])
def test_readers_see_the_history_and_viewers_no_name(told: Flask, person: str, names: bool) -> None:
    page = sign_in(told, person).get(ADDRESS).text
    assert ("Person 4 champion" in page) is names
    assert ("Note 2" in page) is names
    assert "hampion at Account 4 answered" in page
    assert "2 earlier versions" in page
    for words in ("9 of 10", "by Carl Colleague", "Take it back.", "Opened again", "A slip", "Did not know"):
        assert words in page, words
    assert page.index("2 of 10") < page.index("9 of 10"), "the current answer stands first"
    assert HOSTILE not in page
    assert "&lt;script&gt;" in page
    assert " style=" not in page


def test_it_is_not_there_for_those_who_may_not_see_it(told: Flask) -> None:
    assert sign_in(told, STRANGER).get(ADDRESS).status_code == 404
    assert told.test_client().get(ADDRESS).status_code == 302
    browser = sign_in(told, CSM)
    assert browser.get("/studies/q1/responses/R-A3-champion").status_code == 404
    for hostile in ("none", "x" * 5000, "a/b//c", "%ED%A0%80", "'%20--"):
        assert browser.get(f"/studies/q1/responses/{hostile}").status_code == 404
    assert browser.get("/studies/none/responses/R-A4-champion").status_code == 404


def test_words_of_those_who_do_not_want_to_be_quoted_stay_with_those_who_know_them(told: Flask) -> None:
    with changing(told) as session:
        response = session.scalars(sa.select(Response.id).where(Response.external_id == "R-A4-champion")).one()
        session.add(
            Answer(response_id=response, question_id=question_ids(session)["quote_permission"], value_text="none")
        )
    viewer, owner = sign_in(told, VIEWER).get(ADDRESS).text, sign_in(told, LEADER).get(ADDRESS).text
    assert "They promised two days" not in viewer
    assert "As I said." not in viewer
    assert "The words are withheld" in viewer
    assert "They promised two days" in owner
    assert "Do not quote" in owner
