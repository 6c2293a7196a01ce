"""Signing in and out as a person sees it, and what becomes of the cookie."""

import re
import threading
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.core.clock import now
from app.users.models import RoleRow, SignIn, SignInAttempt, User
from app.users.services import change_password as give_password
from app.users.services import change_role, disable_user
from tests.conftest import Fill
from tests.users.people import ADMIN, CSM, LEADER, PASSWORD, changing, populate, sign_in, token_in


@pytest.fixture
def people(application: Flask, fill: Fill) -> Flask:
    """A workspace with people and two studies."""
    fill(populate)
    return application


def send(browser: FlaskClient, address: str, page: str | None = None, **fields: Any) -> TestResponse:
    """Open a form, fill it in and send it."""
    environ = fields.pop("environ", {})
    token = token_in(browser.get(page or address, environ_base=environ).text)
    return browser.post(address, data={"csrf_token": token, **fields}, environ_base=environ)


def try_password(browser: FlaskClient, email: str, password: str, **environ: str) -> TestResponse:
    return send(browser, "/sign-in", email=email, password=password, environ=environ)


def in_database(application: Flask, statement: Any) -> list[Any]:
    with changing(application) as session:
        return list(session.scalars(statement).all())


def move_sign_ins(application: Flask, **back: timedelta) -> None:
    """Make every sign-in as old as said."""
    with changing(application) as session:
        session.execute(update(SignIn).values({name: now() - age for name, age in back.items()}))


def test_a_person_signs_in_and_out(people: Flask) -> None:
    browser = sign_in(people, LEADER)
    page = browser.get("/studies")
    assert page.status_code == 200
    assert "Alice Owner" in page.text
    assert send(browser, "/sign-out", page="/studies").location == "/sign-in"
    assert browser.get("/studies").location == "/sign-in?next=/studies"


@pytest.mark.parametrize("email", ["  ALICE@Parallax.test ", LEADER], ids=["other-case", "as-stored"])
def test_the_case_of_an_address_does_not_matter(people: Flask, email: str) -> None:
    assert try_password(people.test_client(), email, PASSWORD).status_code == 302


def test_an_unknown_address_and_a_wrong_password_look_the_same(people: Flask) -> None:
    pages = [
        re.sub(r'value="[^"]*"', "", try_password(people.test_client(), email, "wrong password!").text)
        for email in (LEADER, "nobody@parallax.test")
    ]
    assert pages[0] == pages[1]
    assert "do not belong together" in pages[0]


def test_somebody_disabled_cannot_sign_in(people: Flask) -> None:
    with changing(people) as session:
        disable_user(session, email=LEADER)
    assert try_password(people.test_client(), LEADER, PASSWORD).status_code == 400


@pytest.mark.parametrize(
    ("email", "password"),
    [
        pytest.param("", PASSWORD, id="no-address"),
        pytest.param(LEADER, "", id="no-password"),
        pytest.param("a\0@parallax.test", PASSWORD, id="nul-in-address"),
        pytest.param(LEADER, "x" * 100_000, id="endless-password"),
        pytest.param("x" * 300 + "@parallax.test", PASSWORD, id="endless-address"),
        pytest.param("\ud7ff\uffff", "\0", id="odd-characters"),
    ],
)
def test_odd_input_is_refused_in_words(people: Flask, email: str, password: str) -> None:
    reply = try_password(people.test_client(), email, password)
    assert reply.status_code == 400
    assert 'class="error"' in reply.text or "do not belong together" in reply.text


@pytest.mark.parametrize(
    ("wanted", "lands"),
    [
        pytest.param("/studies?x=1", "/studies?x=1", id="local"),
        pytest.param("https://evil.example/", "/", id="other-site"),
        pytest.param("//evil.example/", "/", id="no-scheme"),
        pytest.param("/\\evil.example", "/", id="backslash"),
    ],
)
def test_signing_in_leads_back_and_never_away(people: Flask, wanted: str, lands: str) -> None:
    browser = people.test_client()
    token = token_in(browser.get("/sign-in", query_string={"next": wanted}).text)
    form = {"csrf_token": token, "email": LEADER, "password": PASSWORD, "next": wanted}
    assert browser.post("/sign-in", query_string={"next": wanted}, data=form).location == lands
    assert browser.get("/sign-in", query_string={"next": wanted}).location == lands


def test_the_session_is_new_after_signing_in(people: Flask) -> None:
    browser = people.test_client()
    browser.get("/sign-in")
    before = browser.get_cookie("parallax")
    try_password(browser, LEADER, PASSWORD)
    after = browser.get_cookie("parallax")
    assert before is not None
    assert after is not None
    assert before.value != after.value
    with browser.session_transaction() as session:
        assert len(session["sign_in"]) >= 43


def test_cookies_are_kept_from_scripts_and_other_sites(people: Flask) -> None:
    reply = try_password(people.test_client(), LEADER, PASSWORD)
    cookie = reply.headers["Set-Cookie"]
    assert cookie.startswith("parallax=")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Domain" not in cookie


def test_an_old_cookie_is_dead_after_signing_out(people: Flask) -> None:
    browser = sign_in(people, LEADER)
    cookie = browser.get_cookie("parallax")
    assert cookie is not None
    send(browser, "/sign-out", page="/studies")
    thief = people.test_client()
    thief.set_cookie("parallax", cookie.value)
    assert thief.get("/studies").status_code == 302


def test_signing_out_by_get_does_nothing(people: Flask) -> None:
    browser = sign_in(people, LEADER)
    assert browser.get("/sign-out").status_code == 405
    assert browser.get("/studies").status_code == 200


def test_signing_out_twice_is_no_fault(people: Flask) -> None:
    browser = people.test_client()
    assert send(browser, "/sign-out", page="/sign-in").location == "/sign-in"


@pytest.mark.parametrize(
    ("back", "is_in"),
    [
        pytest.param({"seen_at": timedelta(minutes=59)}, True, id="59-minutes-idle"),
        pytest.param({"seen_at": timedelta(minutes=61)}, False, id="61-minutes-idle"),
        pytest.param({"created_at": timedelta(hours=11, minutes=59)}, True, id="almost-12-hours"),
        pytest.param({"created_at": timedelta(hours=12, minutes=1)}, False, id="over-12-hours"),
        pytest.param({"ended_at": timedelta(0)}, False, id="ended"),
    ],
)
def test_a_sign_in_times_out(people: Flask, back: dict[str, timedelta], is_in: bool) -> None:
    browser = sign_in(people, LEADER)
    move_sign_ins(people, **back)
    assert (browser.get("/studies").status_code == 200) is is_in


def disable(session: Session) -> None:
    disable_user(session, email=LEADER)


def demote(session: Session) -> None:
    change_role(session, email=LEADER, role="viewer")


def replace_password(session: Session) -> None:
    give_password(session, email=LEADER, password="another quiet otter swims")


@pytest.mark.parametrize("change", [disable, demote, replace_password])
def test_a_change_signs_out_at_the_next_request(people: Flask, change: Any) -> None:
    browser = sign_in(people, LEADER)
    with changing(people) as session:
        change(session)
    assert browser.get("/studies").status_code == 302


def seen_at(application: Flask) -> datetime:
    found: datetime = in_database(application, select(SignIn.seen_at))[0]
    return found


def test_seen_is_written_once_a_minute(people: Flask) -> None:
    browser = sign_in(people, LEADER)
    move_sign_ins(people, seen_at=timedelta(seconds=50))
    before = seen_at(people)
    browser.get("/studies")
    assert seen_at(people) == before
    move_sign_ins(people, seen_at=timedelta(minutes=2))
    browser.get("/studies")
    assert now() - seen_at(people) < timedelta(seconds=30)


def test_a_form_keeps_a_sign_in_alive_too(people: Flask) -> None:
    browser = sign_in(people, LEADER)
    token = token_in(browser.get("/password").text)
    move_sign_ins(people, seen_at=timedelta(minutes=2))
    new = "another quiet otter swims"
    browser.post("/password", data={"csrf_token": token, "current": PASSWORD, "password": new})
    assert now() - max(in_database(people, select(SignIn.seen_at))) < timedelta(seconds=30)


def test_reading_does_not_wait_for_a_writer(people: Flask) -> None:
    browser = sign_in(people, LEADER)
    move_sign_ins(people, seen_at=timedelta(minutes=2))
    with changing(people) as session:
        session.execute(update(SignIn).values(seen_at=SignIn.seen_at))
        started = now()
        assert browser_in_other_context(people, browser).status_code == 200
        assert now() - started < timedelta(seconds=3)


def browser_in_other_context(application: Flask, browser: FlaskClient) -> TestResponse:
    """Send a request while this thread's application context holds a transaction open."""
    replies: list[TestResponse] = []
    thread = threading.Thread(target=lambda: replies.append(browser.get("/studies")))
    thread.start()
    thread.join()
    assert application.testing
    return replies[0]


def test_the_eleventh_attempt_waits_and_the_owner_gets_in_from_elsewhere(people: Flask) -> None:
    browser = people.test_client()
    replies = [try_password(browser, LEADER, "wrong password!").status_code for _ in range(11)]
    assert replies == [400] * 10 + [429]
    late = try_password(browser, LEADER, PASSWORD)
    assert late.status_code == 429
    assert 0 < int(late.headers["Retry-After"]) <= 15 * 60
    assert "Try again in 15 minutes" in late.text
    assert try_password(browser, CSM, PASSWORD).status_code == 302
    assert try_password(people.test_client(), LEADER, PASSWORD, REMOTE_ADDR="10.9.8.7").status_code == 302


def test_attempts_sent_at_the_same_time_are_all_counted(people: Flask) -> None:
    browsers = [people.test_client() for _ in range(16)]
    tokens = [token_in(browser.get("/sign-in").text) for browser in browsers]
    start = threading.Barrier(16)
    replies: list[int] = []

    def attempt(browser: FlaskClient, token: str) -> None:
        form = {"csrf_token": token, "email": LEADER, "password": "wrong password!"}
        start.wait()
        replies.append(browser.post("/sign-in", data=form).status_code)

    threads = [threading.Thread(target=attempt, args=pair) for pair in zip(browsers, tokens, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(replies) == 16
    assert set(replies) <= {400, 429}
    assert replies.count(400) <= 10


def test_forwarded_addresses_are_not_believed(people: Flask) -> None:
    browser = people.test_client()
    for number in range(11):
        token = token_in(browser.get("/sign-in").text)
        reply = browser.post(
            "/sign-in",
            data={"csrf_token": token, "email": LEADER, "password": "wrong password!"},
            headers={"X-Forwarded-For": f"10.0.0.{number}", "Forwarded": f"for=10.0.0.{number}"},
        )
    assert reply.status_code == 429


def test_attempts_are_forgotten_after_the_window(people: Flask) -> None:
    browser = people.test_client()
    for _ in range(11):
        try_password(browser, LEADER, "wrong password!")
    with changing(people) as session:
        session.execute(update(SignInAttempt).values(at=now() - timedelta(minutes=15, seconds=1)))
    assert try_password(browser, LEADER, PASSWORD).status_code == 302
    assert in_database(people, select(SignInAttempt.id)) == []


def test_one_address_cannot_try_everybody(people: Flask) -> None:
    with changing(people) as session:
        from app.users.rules.sign_ins import limits_of

        place = list(limits_of("x", "127.0.0.1", str(people.secret_key)))[1]
        session.add_all([SignInAttempt(bucket_sha256=place, at=now()) for _ in range(100)])
    assert try_password(people.test_client(), LEADER, PASSWORD).status_code == 429


def test_attempts_name_nobody(people: Flask) -> None:
    try_password(people.test_client(), LEADER, "wrong password!")
    names = in_database(people, select(SignInAttempt.bucket_sha256))
    assert len(names) == 2
    assert all(re.fullmatch(r"[0-9a-f]{64}", name) for name in names)


def test_a_page_left_open_asks_for_the_password_again(people: Flask) -> None:
    reply = people.test_client().post("/sign-in", data={"email": LEADER, "password": PASSWORD})
    assert reply.status_code == 400
    assert "open for a long time" in reply.text
    assert LEADER in reply.text
    assert PASSWORD not in reply.text


def test_the_first_admin_is_made_once(application: Flask) -> None:
    browser = application.test_client()
    assert browser.get("/sign-in").location == "/first-admin"
    weak = send(browser, "/first-admin", name="Ada", email=ADMIN, password="password1234")
    assert weak.status_code == 400
    assert "attackers try" in weak.text
    assert send(browser, "/first-admin", name="Ada", email=ADMIN, password=PASSWORD).location == "/imports"
    assert browser.get("/studies").status_code == 200
    assert browser.get("/first-admin").status_code == 404
    assert in_database(application, select(RoleRow.name).join(User.roles)) == ["admin"]


def test_a_password_is_changed_and_other_devices_signed_out(people: Flask) -> None:
    here, there = sign_in(people, LEADER), sign_in(people, LEADER)
    new = "another quiet otter swims"
    assert send(here, "/password", current=PASSWORD, password=new).location == "/"
    assert "Every other device is signed out" in here.get("/studies").text
    assert there.get("/studies").status_code == 302
    assert try_password(people.test_client(), LEADER, PASSWORD).status_code == 400
    assert try_password(people.test_client(), LEADER, new).status_code == 302


@pytest.mark.parametrize(
    ("current", "password", "words"),
    [
        pytest.param("not this one", "another quiet otter swims", "not your present password", id="wrong-present-one"),
        pytest.param(PASSWORD, "short", "12 to 128 characters", id="weak-new-one"),
        pytest.param(PASSWORD, "", "Enter the new password", id="no-new-one"),
    ],
)
def test_a_password_change_is_refused(people: Flask, current: str, password: str, words: str) -> None:
    browser = sign_in(people, LEADER)
    reply = send(browser, "/password", current=current, password=password)
    assert reply.status_code == 400
    assert words in reply.text
    assert browser.get("/studies").status_code == 200


def test_pages_ask_people_who_are_signed_out_to_sign_in(people: Flask) -> None:
    browser = people.test_client()
    assert browser.get("/").location == "/sign-in"
    assert browser.get("/studies?x=%2F").location == "/sign-in?next=/studies?x%3D%252F"


def test_typed_text_survives_a_session_that_ended(people: Flask) -> None:
    browser = sign_in(people, LEADER)
    token = token_in(browser.get("/password").text)
    move_sign_ins(people, ended_at=timedelta(0))
    reply = browser.post("/password", data={"csrf_token": token, "note": "Typed for an hour", "password": "secret!"})
    assert reply.status_code == 401
    assert "Typed for an hour" in reply.text
    assert "secret!" not in reply.text


def test_a_stolen_cookie_signed_with_another_key_is_nobody(people: Flask) -> None:
    browser = people.test_client()
    browser.set_cookie("parallax", "eyJzaWduX2luIjoieCJ9.aaaaaa.bbbbbbbbbbbbbbbbbbbbbbbbbbb")
    assert browser.get("/studies").status_code == 302


def test_deeply_nested_json_is_a_bad_request_and_not_a_fault(client: FlaskClient) -> None:
    deep = "[" * 50_000 + "]" * 50_000
    assert client.post("/sign-in", data=deep, content_type="application/json").status_code == 400
