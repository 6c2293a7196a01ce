"""The pages of personal data: admins alone see what there is of a person, take a copy, and erase them."""

import json
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app.core.clock import now
from app.core.workspace import the_workspace
from app.customers.models import Contact
from app.responses.models import Response
from tests.conftest import Fill
from tests.subjects.marked import EMAIL, MARK, NAME, add_marked, dumped
from tests.users.people import ADMIN, CSM, LEADER, VIEWER, changing, sign_in, token_in

HOME = "/settings/personal-data"


def send(browser: FlaskClient, address: str, **fields: str) -> Any:
    token = token_in(browser.get("/password").text)
    return browser.post(address, data={"csrf_token": token, **fields})


@pytest.fixture
def ada(application: Flask, fill: Fill) -> FlaskClient:
    """The admin's browser, in a workspace with the marked person."""
    fill(add_marked)
    return sign_in(application, ADMIN)


def test_an_admin_sees_what_there_is_takes_a_copy_and_erases(application: Flask, ada: FlaskClient) -> None:
    page = send(ada, f"{HOME}/person", email=f" {EMAIL.upper()} ")
    assert page.status_code == 200
    assert EMAIL.upper() in page.text
    assert "Answers in their own words" in page.text
    copy = send(ada, f"{HOME}/copy.json", email=EMAIL)
    assert copy.headers["Content-Disposition"] == 'attachment; filename="personal-data.json"'
    assert json.loads(copy.text)["contacts"][0]["name"] == NAME
    erased = send(ada, f"{HOME}/erase", email=EMAIL, again=EMAIL.lower())
    assert "The person is erased" in erased.text
    assert MARK not in erased.text.lower()
    assert MARK not in dumped(application)
    assert send(ada, f"{HOME}/person", email=EMAIL).status_code == 404
    assert "Erased person" in ada.get("/accounts/A1?show=all").text
    assert "The words were removed on" in ada.get("/studies/q1/responses/R-A1-champion").text


def test_another_address_typed_the_second_time_erases_nothing(application: Flask, ada: FlaskClient) -> None:
    before = dumped(application)
    reply = send(ada, f"{HOME}/erase", email=EMAIL, again="somebody@else.test")
    assert reply.status_code == 400
    assert "This is another address" in reply.text
    assert dumped(application).count(MARK) == before.count(MARK)


@pytest.mark.parametrize("path", ["person", "copy.json", "erase"])
@pytest.mark.parametrize("address", ["", "nobody@acme.test", "a\0b", "<script>alert(1)</script>", "%", "x" * 5_000])
def test_who_is_not_on_record_is_not_found(ada: FlaskClient, path: str, address: str) -> None:
    reply = send(ada, f"{HOME}/{path}", email=address, again=address)
    assert reply.status_code == 404
    assert "<script>alert" not in reply.text


@pytest.mark.parametrize("email", [LEADER, CSM, VIEWER])
def test_nobody_else_may(application: Flask, ada: FlaskClient, email: str) -> None:
    browser = sign_in(application, email)
    assert browser.get(HOME).status_code == 403
    for path in ("person", "copy.json", "erase"):
        assert send(browser, f"{HOME}/{path}", email=EMAIL, again=EMAIL).status_code == 403
    assert ada.get(HOME).status_code == 200
    assert MARK in dumped(application)


def test_without_its_token_nothing_is_erased(application: Flask, ada: FlaskClient) -> None:
    assert ada.post(f"{HOME}/erase", data={"email": EMAIL, "again": EMAIL}).status_code == 400
    assert MARK in dumped(application)


def test_the_page_says_what_goes_next_and_when_it_last_ran(application: Flask, ada: FlaskClient) -> None:
    page = ada.get(HOME).text
    assert "kept for 24 months" in page
    assert "Nothing would go at the next run." in page
    assert "Last run: never" in page
    with changing(application) as session:
        session.execute(sa.update(Response).values(changed_at=now() - timedelta(days=900)))
        the_workspace(session).expired_at = now()
    page = ada.get(HOME).text
    assert '<dt>Responses that lose their words</dt><dd class="num">9</dd>' in page
    assert "Last run: never" not in page


@pytest.mark.parametrize(("typed", "months"), [("36", 36), (" 1 ", 1), ("", None), ("240", 240)])
def test_the_period_is_changed(application: Flask, ada: FlaskClient, typed: str, months: int | None) -> None:
    assert send(ada, HOME, retention_months=typed).status_code == 302
    with changing(application) as session:
        assert the_workspace(session).retention_months == months
    assert ("kept for ever" in ada.get(HOME).text) == (months is None)


@pytest.mark.parametrize("typed", ["0", "-1", "241", "1.5", "two", "٢٤", "9" * 5_000, "1\0"])
def test_a_period_that_is_none_is_refused(application: Flask, ada: FlaskClient, typed: str) -> None:
    reply = send(ada, HOME, retention_months=typed)
    assert reply.status_code == 400
    assert "from 1 to 240" in reply.text
    with changing(application) as session:
        assert the_workspace(session).retention_months == 24


def test_hostile_names_are_text(application: Flask, ada: FlaskClient) -> None:
    address = "<b>@acme.test"
    with changing(application) as session:
        contact = session.scalars(sa.select(Contact).where(Contact.crm_id == "A2-champion")).one()
        contact.email, contact.name = address, "<script>alert(1)</script>"
    page = send(ada, f"{HOME}/person", email=address)
    assert page.status_code == 200
    assert "<b>@acme" not in page.text
    assert json.loads(send(ada, f"{HOME}/copy.json", email=address).text)["contacts"][0]["name"].startswith("<script>")
