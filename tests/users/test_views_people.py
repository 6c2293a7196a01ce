"""The page of people, as an admin sees and uses it."""

import re
import threading

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.core.errors import Refusal
from app.users.models import AuditEvent, RequiredFactor, User
from app.users.services import change_role, disable_user, enable_user
from tests.conftest import Fill
from tests.users.people import (
    ADMIN,
    CSM,
    LEADER,
    PASSWORD,
    PEOPLE,
    VIEWER,
    add_logins,
    changing,
    sign_in,
    token_in,
)

NEW = {"name": "Nele New", "email": "nele@parallax.test", "role": "csm", "password": PASSWORD}


@pytest.fixture
def people(application: Flask, fill: Fill) -> Flask:
    """A workspace with a login of each kind."""
    fill(add_logins)
    return application


@pytest.fixture
def ada(people: Flask) -> FlaskClient:
    """The admin's browser."""
    return sign_in(people, ADMIN)


def number_of(application: Flask, email: str) -> int:
    with changing(application) as session:
        return session.scalars(sa.select(User.id).where(User.email == email)).one()


def send(browser: FlaskClient, address: str, **fields: str) -> TestResponse:
    return browser.post(address, data={"csrf_token": token_in(browser.get("/users").text), **fields})


def act(application: Flask, browser: FlaskClient, email: str, what: str, **fields: str) -> TestResponse:
    return send(browser, f"/users/{number_of(application, email)}/{what}", **fields)


def test_people_lists_everybody(ada: FlaskClient) -> None:
    page = ada.get("/users").text
    assert "5 people can sign in" in page
    for email, (_role, name) in PEOPLE.items():
        assert email in page
        assert name in page
    assert page.count(">never<") == 4


def test_a_person_is_created_and_signs_in(people: Flask, ada: FlaskClient) -> None:
    assert send(ada, "/users/new", **NEW).location == "/users"
    assert "Nele New can sign in now" in ada.get("/users").text
    assert sign_in(people, NEW["email"]).get("/users").status_code == 403


def test_a_made_up_password_is_shown_once_and_works(people: Flask, ada: FlaskClient) -> None:
    page = send(ada, "/users/new", **NEW | {"password": ""}).text
    found = re.search(r"<code>([^<]+)</code>", page)
    assert found
    assert sign_in(people, NEW["email"], found[1]).get("/studies").status_code == 200
    assert found[1] not in ada.get("/users").text


@pytest.mark.parametrize(
    ("change", "words"),
    [
        pytest.param({"password": "short"}, "12 to 128", id="weak"),
        pytest.param({"email": "nothing"}, "not an e-mail address", id="no-address"),
        pytest.param({"email": CSM.upper()}, "already", id="taken"),
        pytest.param({"role": "boss"}, "There is no role", id="no-role"),
        pytest.param({"name": ""}, "Enter a name", id="no-name"),
        pytest.param({"name": "N\0"}, "can be seen", id="nul-name"),
        pytest.param({"email": "a\0@parallax.test"}, "not an e-mail address", id="nul-address"),
        pytest.param({"password": "x" * 100_000}, "12 to 128", id="endless"),
    ],
)
def test_a_person_is_refused_in_words(ada: FlaskClient, change: dict[str, str], words: str) -> None:
    reply = send(ada, "/users/new", **NEW | change)
    assert reply.status_code == 400
    assert words in reply.text
    assert 'class="error"' in reply.text
    assert f'value="{NEW["name"]}"' in reply.text or "name" in change


def test_a_role_is_changed_and_its_person_signed_out(people: Flask, ada: FlaskClient) -> None:
    carl = sign_in(people, CSM)
    assert act(people, ada, CSM, "role", role="leader").location == "/users"
    assert "Carl Colleague is leader now" in ada.get("/users").text
    assert carl.get("/studies").status_code == 302


def test_somebody_is_disabled_and_enabled_again(people: Flask, ada: FlaskClient) -> None:
    carl = sign_in(people, CSM)
    assert act(people, ada, CSM, "disable").location == "/users"
    assert carl.get("/studies").status_code == 302
    page = ada.get("/users").text
    assert "4 people can sign in" in page
    assert "Enable again" in page
    assert act(people, ada, CSM, "enable").location == "/users"
    assert sign_in(people, CSM).get("/studies").status_code == 200
    with changing(people) as session:
        actions = session.scalars(sa.select(AuditEvent.action).order_by(AuditEvent.id)).all()
    assert [action for action in actions if action in {"user.disabled", "user.enabled"}] == [
        "user.disabled",
        "user.enabled",
    ]


@pytest.mark.parametrize(
    ("what", "fields", "words"),
    [
        pytest.param("disable", {}, "cannot disable yourself", id="oneself"),
        pytest.param("role", {"role": "viewer"}, "last admin", id="the-last-admin"),
        pytest.param("role", {"role": "boss"}, "There is no role", id="no-role"),
        pytest.param("role", {}, "There is no role", id="nothing"),
    ],
)
def test_the_last_admin_stays(people: Flask, ada: FlaskClient, what: str, fields: dict[str, str], words: str) -> None:
    reply = act(people, ada, ADMIN, what, **fields)
    assert reply.status_code == 400
    assert words in reply.text
    assert ada.get("/users").status_code == 200


def test_by_command_too_the_last_admin_stays(people: Flask) -> None:
    with changing(people) as session, pytest.raises(Refusal, match="last admin"):
        disable_user(session, email=ADMIN)


def test_of_two_admins_who_disable_each_other_one_stays(people: Flask) -> None:
    with changing(people) as session:
        change_role(session, email=LEADER, role="admin")
    ids = {email: number_of(people, email) for email in (ADMIN, LEADER)}
    start, refusals = threading.Barrier(2), []

    def disable(email: str, by: str) -> None:
        start.wait()
        try:
            with changing(people) as session:
                disable_user(session, email=email, actor_id=ids[by])
        except Refusal as refusal:
            refusals.append(refusal.sentence)

    threads = [threading.Thread(target=disable, args=pair) for pair in ((ADMIN, LEADER), (LEADER, ADMIN))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with changing(people) as session:
        active = session.scalars(sa.select(User.active).where(User.email.in_(ids))).all()
    assert sorted(active) == [False, True]
    assert len(refusals) == 1


def test_enabled_twice_changes_nothing(people: Flask) -> None:
    with changing(people) as session:
        enable_user(session, email=CSM)
        assert session.scalars(sa.select(AuditEvent)).all() == []


def test_nobody_else_is_there(ada: FlaskClient) -> None:
    for number in ("999", "99999999999999999999"):
        assert send(ada, f"/users/{number}/disable").status_code == 404


def test_a_second_factor_is_required_per_role(people: Flask, ada: FlaskClient) -> None:
    assert send(ada, "/users/second-factor", role="viewer", is_required="yes").location == "/users"
    assert "1 of 4 roles must have a second factor" in ada.get("/users").text
    assert sign_in(people, VIEWER).get("/studies").location.startswith("/second-factor")
    assert send(ada, "/users/second-factor", role="viewer", is_required="no").location == "/users"
    for fields in ({"role": "boss", "is_required": "yes"}, {"role": "viewer", "is_required": "maybe"}, {}):
        assert send(ada, "/users/second-factor", **fields).status_code == 400
    with changing(people) as session:
        assert session.scalars(sa.select(RequiredFactor)).all() == []


@pytest.mark.parametrize("email", [LEADER, CSM, VIEWER])
def test_others_change_nobody(people: Flask, email: str) -> None:
    browser = sign_in(people, email)
    token = token_in(browser.get("/studies").text)
    for address in ("/users/new", "/users/1/role", "/users/1/disable", "/users/1/enable", "/users/second-factor"):
        assert browser.post(address, data={"csrf_token": token, **NEW}).status_code == 403
