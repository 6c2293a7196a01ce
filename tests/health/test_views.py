"""The scorecards in the browser: published by those who run studies, refused in words, kept as typed."""

import json
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.customers.models import Account
from app.health.models import HealthComputation, ScorecardVersion, Telemetry
from app.health.rules.scorecard import parse_scorecard
from app.health.rules.starter import Measured, starter_scorecard
from tests.users.people import CSM, LEADER, VIEWER, add_people, changing, sign_in, token_in

CARD = {"key": "default", "measures": [{"key": "use", "metric": "use", "points": [[0, 0], [9, 100]], "weight": 1}]}


@pytest.fixture
def people(application: Flask) -> Flask:
    """A workspace with people, one account and its telemetry."""
    with changing(application) as session:
        add_people(session)
        account = Account(crm_id="A", name="A")
        session.add(account)
        session.flush()
        for day, value in ((1, 2.5), (2, 7.0)):
            session.add(Telemetry(account_id=account.id, metric="log ins", period_end=date(2026, 1, day), value=value))
    return application


def publish(application: Flask, email: str, text: str) -> tuple[int, str]:
    browser = sign_in(application, email)
    token = token_in(browser.get("/scorecards").text)
    reply = browser.post("/scorecards", data={"csrf_token": token, "document": text}, follow_redirects=True)
    return reply.status_code, reply.text


def test_the_page_starts_from_what_was_measured(people: Flask) -> None:
    page = sign_in(people, LEADER).get("/scorecards").text
    assert "No scorecard yet" in page
    assert "2.5 to 7" in page
    assert "&#34;metric&#34;: &#34;log ins&#34;" in page


def test_publishing_computes_todays_health(people: Flask) -> None:
    status, page = publish(people, LEADER, json.dumps(CARD))
    assert (status, "default, version 1" in page) == (200, True)
    with changing(people) as session:
        version = session.scalars(select(ScorecardVersion)).one()
        assert (version.key, version.version) == ("default", 1)
        assert session.scalar(select(func.count()).select_from(HealthComputation)) == 1


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("{", "is not JSON", id="no-json"),
        pytest.param("[]", "must hold one JSON object", id="no-object"),
        pytest.param("", "is not JSON", id="nothing"),
        pytest.param("[" * 50_000, "nests lists or objects too deeply", id="deep"),
        pytest.param('{"key": "default", "measures": []}', "measures", id="no-measures"),
        pytest.param('{"key": "a\\u0000b"}', "NUL", id="nul"),
    ],
)
def test_what_is_no_scorecard_is_refused_and_kept(people: Flask, text: str, words: str) -> None:
    status, page = publish(people, LEADER, text)
    assert status == 400
    assert words in page
    with changing(people) as session:
        assert session.scalar(select(func.count()).select_from(ScorecardVersion)) == 0


@pytest.mark.parametrize("email", [CSM, VIEWER])
def test_others_may_not(people: Flask, email: str) -> None:
    assert sign_in(people, email).get("/scorecards").status_code == 403


@pytest.mark.parametrize(
    "measured",
    [
        pytest.param([], id="nothing-measured"),
        pytest.param([Measured("flat", 9, 1.0, 1.0)], id="nothing-varies"),
        pytest.param([Measured("Log-ins / Woche", 9, 0.0, 3.0), Measured("9 lives", 8, -1.0, 3.0)], id="odd-names"),
    ],
)
def test_the_starter_is_a_scorecard(measured: list[Measured]) -> None:
    assert parse_scorecard(starter_scorecard(measured)).key == "default"
