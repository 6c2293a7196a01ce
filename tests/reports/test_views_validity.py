"""The test of a scorecard in the browser: asked for, computed by the worker, read, and taken up by a person."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core.clock import today
from app.health.models import HealthComputation, ScorecardVersion
from app.health.services import load_scorecard
from app.scoring.models import Validation
from app.scoring.services.validating import ask_validation, store_validation
from app.scoring.tasks import validate
from tests.conftest import Fill
from tests.users.people import CSM, LEADER, STRANGER, VIEWER, add_people, changing, sign_in, token_in

PAGE = "/scorecards/default/validity"
HOSTILE = "<script>alert(1)</script>"
SCORECARD: dict[str, Any] = {
    "key": "default",
    "name": HOSTILE,
    "measures": [
        {"key": key, "name": name, "metric": key, "points": [[0, 0], [9, 100]], "weight": 50}
        for key, name in (("use", HOSTILE), ("pay", "Payments"))
    ],
}


def estimate(value: float | None, lo: float | None = None, hi: float | None = None) -> dict[str, Any]:
    return {"value": value, "lo": lo, "hi": hi, "level": 0.95, "n": 120, "warnings": [] if value else ["EMPTY"]}


def line(key: str, name: str, verdict: str) -> dict[str, Any]:
    return {
        "key": key,
        "name": name,
        "kind": "measure",
        "weight": 0.5,
        "n": 120,
        "renewals": 80,
        "losses": 40,
        "missing": 3,
        "missing_share": 3 / 123,
        "late": 2,
        "is_thin": False,
        "auc": estimate(0.8, 0.7, 0.9),
        "r": estimate(0.4, 0.2, 0.6),
        "bits": 0.2,
        "p_adjusted": 0.0001,
        "verdict": verdict,
    }


FIGURES: dict[str, Any] = {
    "scorecard": {"key": "default", "version": 1, "circular": False},
    "as_of": "2026-03-31",
    "lead_days": 90,
    "accounts": 123,
    "renewals": 82,
    "losses": 41,
    "floor": 10,
    "seed": 360,
    "is_refused": False,
    "health": estimate(0.75, 0.6, 0.9),
    "late": {"measures": 2, "voice": 0},
    "factors": [line("use", HOSTILE, "signal"), line("pay", "Payments", "unproven")],
    "suggestion": {
        "refused": None,
        "n": 120,
        "renewals": 80,
        "losses": 40,
        "c": 0.1,
        "trust": 40 / 90,
        "factors": ["use", "pay"],
        "coefficients": {"use": 0.9, "pay": 0.0},
        "left_out": [],
        "weights": {"use": 0.7, "pay": 0.3},
        "checked": {
            "auc": estimate(0.79, 0.7, 0.88),
            "brier": 0.15,
            "skill": 0.3,
            "base_rate": 2 / 3,
            "reliability": [{"predicted": 0.5, "observed": estimate(0.5, 0.3, 0.7)}],
            "folds": 5,
            "warnings": [],
        },
    },
    "happy_path": {"best": 3, "others": 40, "unheard": 1, "is_refused": True, "measures": []},
}


def add_tested(session: Session) -> None:
    """People, and a scorecard that was tested."""
    add_people(session)
    version = load_scorecard(session, document=SCORECARD)
    validation = ask_validation(session, version=version, as_of=today())
    store_validation(session, validation=validation, figures=FIGURES)


@pytest.fixture
def tested(application: Flask, fill: Fill) -> Flask:
    """A workspace with a scorecard that was tested."""
    fill(add_tested)
    return application


@pytest.mark.parametrize(("person", "status"), [(LEADER, 200), (STRANGER, 200), (CSM, 403), (VIEWER, 403)])
def test_who_may_read_it(tested: Flask, person: str, status: int) -> None:
    assert sign_in(tested, person).get(PAGE).status_code == status


def test_the_page_tells_the_finding_and_escapes_names(tested: Flask) -> None:
    page = sign_in(tested, LEADER).get(PAGE).text
    assert "The health score tells accounts that renewed from those that were lost" in page
    assert "In 75 of 100 pairs" in page
    assert "2 too late" in page
    assert "Publish these weights as version 2" in page
    assert HOSTILE not in page
    assert " style=" not in page
    assert page.count("<h1") == 1


def test_a_person_publishes_the_suggested_weights_once(tested: Flask) -> None:
    browser = sign_in(tested, LEADER)
    token = token_in(browser.get(PAGE).text)
    address = f"{PAGE}/1/weights"
    page = browser.post(address, data={"csrf_token": token}, follow_redirects=True).text
    assert "version 2, is published with the suggested weights" in page
    assert "The newest version is 2: test it again" in page
    again = browser.post(address, data={"csrf_token": token}, follow_redirects=True).text
    assert "These weights were published already." in again
    with changing(tested) as session:
        newest = session.scalars(select(ScorecardVersion).order_by(ScorecardVersion.id.desc())).first()
        assert newest is not None
        assert [measure["weight"] for measure in newest.definition["measures"]] == [70, 30]
        assert session.scalar(select(func.count()).select_from(HealthComputation)) == 1


@pytest.mark.parametrize("number", [2, 99_999_999])
def test_a_test_of_nothing_is_missing(tested: Flask, number: int) -> None:
    browser = sign_in(tested, LEADER)
    token = token_in(browser.get(PAGE).text)
    assert browser.post(f"{PAGE}/{number}/weights", data={"csrf_token": token}).status_code == 404


def add_untested(session: Session) -> None:
    """People, and a scorecard that nobody has tested."""
    add_people(session)
    load_scorecard(session, document=SCORECARD)


def test_a_test_is_asked_for_and_the_worker_says_why_it_refuses(application: Flask, fill: Fill) -> None:
    fill(add_untested)
    browser = sign_in(application, LEADER)
    page = browser.get(PAGE).text
    assert "It was not tested yet" in page
    page = browser.post(PAGE, data={"csrf_token": token_in(page)}, follow_redirects=True).text
    assert "A test is being computed" in page
    with application.app_context():
        validate()
    page = browser.get(PAGE).text
    assert "Too few outcomes to test this health score" in page
    assert "it takes 10 of each" in page
    with changing(application) as session:
        assert session.scalar(select(func.count()).select_from(Validation)) == 1
