"""Cookies and tokens whose signatures were checked before: what holds for the first holds for every one after it."""

from datetime import timedelta

import pytest
from flask import Flask, session
from flask.testing import FlaskClient

from app.core import cookies, forgery
from app.users.policy import public
from tests.users.people import token_in

NAME = "parallax"


@public
def shown() -> str:
    return str(session.get("csrf_token", ""))


@public
def changed() -> str:
    session.setdefault("list", []).append("more")
    return str(len(session["list"]))


@pytest.fixture
def browser(application: Flask) -> FlaskClient:
    """A browser with a session, and a view that shows a secret of it."""
    application.add_url_rule("/shown", view_func=shown, methods=["GET", "POST"])
    application.add_url_rule("/changed", view_func=changed)
    return application.test_client()


def cookie_of(browser: FlaskClient) -> str:
    found = browser.get_cookie(NAME)
    assert found
    return found.value


def test_a_cookie_opens_the_same_session_again(browser: FlaskClient) -> None:
    browser.get("/first-admin")
    first = browser.get("/shown").text
    assert first
    assert [browser.get("/shown").text for _ in range(3)] == [first] * 3


def test_a_session_that_is_changed_changes_no_other_request(browser: FlaskClient) -> None:
    browser.get("/first-admin")
    assert [browser.get("/changed").text for _ in range(3)] == ["1", "2", "2"], (
        "only the new list was marked as changed"
    )


def test_a_cookie_that_was_good_is_refused_when_it_is_too_old(application: Flask, browser: FlaskClient) -> None:
    browser.get("/first-admin")
    assert browser.get("/shown").text
    application.permanent_session_lifetime = timedelta(seconds=-1)
    assert not browser.get("/shown").text


def other_than(character: str) -> str:
    """Another character of base64 with another first bit: of six bits, a signature's last character counts four."""
    return "A" if character in "ghijklmnopqrstuvwxyz0123456789-_" else "g"


@pytest.mark.parametrize("place", [0, 20, -1], ids=["first", "inside", "last"])
def test_a_cookie_that_was_altered_opens_nothing(browser: FlaskClient, place: int) -> None:
    browser.get("/first-admin")
    good = cookie_of(browser)
    assert browser.get("/shown").text
    altered = list(good)
    altered[place] = other_than(good[place])
    browser.set_cookie(NAME, "".join(altered))
    assert not browser.get("/shown").text


@pytest.mark.usefixtures("browser")
def test_few_cookies_and_tokens_are_kept(application: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cookies, "MOST_KEPT", 2)
    monkeypatch.setattr(forgery, "MOST_KEPT", 2)
    for _ in range(5):
        each = application.test_client()
        token = token_in(each.get("/first-admin").text)
        assert each.post("/shown", headers={"X-CSRFToken": token}).status_code == 200
        assert each.post("/shown", headers={"X-CSRFToken": token}).status_code == 200


def test_a_token_that_was_good_is_no_other_sessions(application: Flask, browser: FlaskClient) -> None:
    token = token_in(browser.get("/first-admin").text)
    for _ in range(2):
        assert browser.post("/shown", headers={"X-CSRFToken": token}).status_code == 200
    other = application.test_client()
    other.get("/first-admin")
    assert other.post("/shown", headers={"X-CSRFToken": token}).status_code == 400
    assert application.test_client().post("/shown", headers={"X-CSRFToken": token}).status_code == 400


def test_a_good_field_makes_no_header_good(browser: FlaskClient) -> None:
    token = token_in(browser.get("/first-admin").text)
    made_up = {"X-CSRFToken": "made up"}
    assert browser.post("/shown", data={"csrf_token": token}, headers=made_up).status_code == 200
    assert browser.post("/shown", headers=made_up).status_code == 400
