"""What each person sees of education and missing skills and may do about them, and what hostile senders get."""

import re

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.actions.models import Action
from app.core.clock import today
from app.education.models import EducationRecord
from tests.conftest import Fill
from tests.education.world import World, add_world
from tests.interviews.talks import ANNA, BEN
from tests.users.people import ADMIN, CSM, LEADER, STRANGER, VIEWER, changing, sign_in, token_in

HOSTILE = "<script>alert(1)</script>"
PAGE = "/accounts/Lumen/education"


@pytest.fixture(autouse=True)
def world(fill: Fill) -> World:
    found: World = fill(add_world)
    return found


def send(browser: FlaskClient, path: str, **fields: object) -> TestResponse:
    """Send a form with a token of the browser's own session."""
    return browser.post(path, data={"csrf_token": token_in(browser.get("/password").text), **fields})


def stored(application: Flask, model: type[Action | EducationRecord]) -> int:
    with changing(application) as session:
        return session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


@pytest.mark.parametrize(
    ("email", "lumen", "brand", "has_button"),
    [
        (ADMIN, True, True, True),
        (LEADER, True, True, True),
        (CSM, True, False, True),
        (ANNA, False, True, True),
        (BEN, False, False, False),
        (STRANGER, False, False, False),
        (VIEWER, True, True, False),
    ],
)
def test_needs_are_read_by_who_may_read_the_answers(
    application: Flask, email: str, lumen: bool, brand: bool, has_button: bool
) -> None:
    page = sign_in(application, email).get("/education").text
    assert ("Skills 25 of 100" in page) is lumen
    assert ("Nobody builds reports alone" in page) is lumen
    assert (">Brand</a>" in page) is brand
    assert ("Make an action of it" in page) is has_button
    assert "Analysis" not in page, "Pia does not want to be quoted."
    for name in ("nora", "Nora", "omar", "pia"):
        assert name not in page


@pytest.mark.parametrize(
    ("email", "status"), [(ADMIN, 303), (LEADER, 303), (CSM, 303), (ANNA, 404), (STRANGER, 404), (VIEWER, 403)]
)
def test_one_click_makes_one_action_of_a_need(application: Flask, world: World, email: str, status: int) -> None:
    browser = sign_in(application, email)
    path = f"/education/{world.respondents['nora']}/action"
    assert [send(browser, path).status_code, send(browser, path).status_code] == [status, status]
    assert stored(application, Action) == (status == 303)
    if status == 303:
        page = browser.get("/education").text
        assert "Under way until" in page
        assert "Education for the champion: skills are missing" in browser.get("/actions?show=all").text
        assert "Under way until" in browser.get(PAGE).text
        assert "The action" not in sign_in(application, VIEWER).get("/education").text


def test_who_needs_nothing_and_who_does_not_exist_are_the_same(application: Flask, world: World) -> None:
    browser = sign_in(application, CSM)
    for key in (world.respondents["omar"], world.respondents["pia"], 0, 10**12):
        assert send(browser, f"/education/{key}/action").status_code == 404
    assert stored(application, Action) == 0


def test_an_action_that_is_done_is_said(application: Flask, world: World) -> None:
    browser = sign_in(application, CSM)
    address = send(browser, f"/education/{world.respondents['nora']}/action").location
    send(browser, f"{address}/done", note="Two sessions")
    assert "Done " in browser.get("/education").text


@pytest.mark.parametrize(
    ("email", "status"), [(ADMIN, 303), (LEADER, 303), (CSM, 303), (STRANGER, 303), (ANNA, 404), (VIEWER, 403)]
)
def test_education_is_noted_by_who_may_write_about_the_account(application: Flask, email: str, status: int) -> None:
    browser = sign_in(application, email)
    fields = {"included": "yes", "what": HOSTILE, "seats": "20", "taken_on": today().isoformat(), "people": "15"}
    assert send(browser, f"{PAGE}/edit", **fields, takers="The planners").status_code == status
    assert stored(application, EducationRecord) == (status == 303)
    if status == 303:
        page = browser.get(PAGE).text
        assert "Education of Lumen: taken" in page
        assert "15 people, 75\u00a0% of those meant to" in page
        assert "The planners" in page
        assert HOSTILE not in page
        viewed = sign_in(application, VIEWER).get(PAGE).text
        assert "15 people" in viewed
        assert "The planners" not in viewed


def test_a_share_that_people_and_seats_tell_follows_them(application: Flask) -> None:
    browser = sign_in(application, CSM)
    fields = {"included": "yes", "seats": "20", "taken_on": today().isoformat()}
    send(browser, f"{PAGE}/edit", **fields, people="10")
    assert re.search(r'name="share"[^>]* value=""', browser.get(f"{PAGE}/edit").text)
    send(browser, f"{PAGE}/edit", **fields, people="15")
    assert "15 people, 75\u00a0% of those meant to" in browser.get(PAGE).text
    send(browser, f"{PAGE}/edit", **fields, people="15", share="60")
    assert re.search(r'name="share"[^>]* value="60"', browser.get(f"{PAGE}/edit").text)


def test_what_was_bought_and_not_taken_is_counted_and_history_stays(application: Flask) -> None:
    browser = sign_in(application, CSM)
    assert "Unknown is not “not included”." in browser.get(PAGE).text
    send(browser, f"{PAGE}/edit", included="no")
    send(browser, f"{PAGE}/edit", included="yes", what="Two courses")
    page = browser.get(PAGE).text
    assert "Education of Lumen: included and not taken" in page
    assert "Not in the deal" in page
    listed = browser.get("/education").text
    assert "One account bought education and took none, one person in need of it" in listed
    assert "1 account: included and not taken" in listed
    assert "0 accounts: not included" in browser.get("/education?reading=not+included").text
    assert browser.get(f"/education?reading={HOSTILE}&page=-1&accounts=999").status_code == 200
    assert 'value="yes" selected' in browser.get(f"{PAGE}/edit").text


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"included": ""}, "Choose whether the deal included education."),
        ({"included": "yes", "taken_on": "2999-01-01"}, "is still to come"),
        ({"included": "yes", "share": "140", "taken_on": "2026-01-01"}, "from 0 to 100"),
    ],
)
def test_a_refused_note_keeps_what_was_typed(application: Flask, fields: dict[str, str], words: str) -> None:
    reply = send(sign_in(application, CSM), f"{PAGE}/edit", **fields, takers="The planners")
    assert reply.status_code == 400
    assert words in reply.text
    assert "The planners" in reply.text
    assert stored(application, EducationRecord) == 0


def test_the_account_leads_to_its_education(application: Flask) -> None:
    assert 'href="/accounts/Lumen/education"' in sign_in(application, CSM).get("/accounts/Lumen").text
    assert sign_in(application, ANNA).get(PAGE).status_code == 404
