"""Who says which topic a measure is held against, what becomes of it, and what hostile senders get."""

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from app.responses.models import ResponseChange
from app.scoring.models import MeasureDimensions
from app.scoring.tasks import score
from app.users.models import AuditEvent
from tests.conftest import Fill
from tests.reports.studies import add_alices_study
from tests.users.people import ADMIN, CSM, LEADER, VIEWER, changing, sign_in, token_in

PAGE = "/scorecards/default/dimensions"


@pytest.fixture
def scored(application: Flask, fill: Fill) -> Flask:
    """A workspace with everyone and a scored study whose scorecard has the one measure “use”."""
    fill(add_alices_study)
    return application


def send(application: Flask, email: str, path: str = PAGE, **chosen: str) -> TestResponse:
    browser = sign_in(application, email)
    return browser.post(path, data={"csrf_token": token_in(browser.get("/password").text), **chosen})


def stored(application: Flask) -> dict[str, str] | None:
    with changing(application) as session:
        return session.scalar(select(MeasureDimensions.chosen))


@pytest.mark.parametrize(("email", "status"), [(ADMIN, 303), (LEADER, 303), (CSM, 403), (VIEWER, 403)])
def test_who_runs_studies_chooses(scored: Flask, email: str, status: int) -> None:
    assert send(scored, email, use="support").status_code == status
    assert stored(scored) == ({"use": "support"} if status == 303 else None)


def test_a_choice_is_shown_audited_and_scored_again(scored: Flask) -> None:
    before = sign_in(scored, LEADER).get("/studies/q1/gaps/dimensions").text
    assert "No topic has both telemetry and voice yet" in before
    send(scored, LEADER, use="support")
    assert '<option value="support" selected>' in sign_in(scored, LEADER).get(PAGE).text
    with changing(scored) as session:
        event = session.scalars(select(AuditEvent).where(AuditEvent.action == "scorecard.match")).one()
        assert event.object_id == "default"
        assert session.scalar(select(func.count()).select_from(ResponseChange)) == 1
    with scored.app_context():
        assert score() == ["q1"]
    after = sign_in(scored, LEADER).get("/studies/q1/gaps/dimensions").text
    assert "Too few accounts have both" in after
    assert "How both stand" in after


def test_going_back_to_names_leaves_nothing_and_the_same_again_is_no_change(scored: Flask) -> None:
    send(scored, LEADER, use="support")
    send(scored, LEADER, use="support")
    send(scored, LEADER, use="")
    assert stored(scored) is None
    with changing(scored) as session:
        events = session.scalar(
            select(func.count()).select_from(AuditEvent).where(AuditEvent.action == "scorecard.match")
        )
    assert events == 2


@pytest.mark.parametrize(
    "chosen", [{"use": "commercial"}, {"use": "<script>"}, {"other": "support"}, {"use": "support", "id": "1"}]
)
def test_what_is_not_on_the_list_is_refused(scored: Flask, chosen: dict[str, str]) -> None:
    answer = send(scored, LEADER, **chosen)
    assert answer.status_code == 400
    assert "Choose a topic from the list" in answer.text
    assert "<script>" not in answer.text.split("<main")[1]
    assert stored(scored) is None


def test_an_unknown_scorecard_is_not_there(scored: Flask) -> None:
    assert sign_in(scored, LEADER).get("/scorecards/none/dimensions").status_code == 404
    assert send(scored, LEADER, "/scorecards/none/dimensions", use="support").status_code == 404
