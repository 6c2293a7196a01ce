"""The second factor as a person meets it: setting it up, signing in with it, being led to it, losing the phone."""

import html
import json
import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from app.core.clock import now
from app.users.models import PendingSignIn, SecondFactor, SignIn, SignInAttempt
from app.users.rules.sign_ins import CODES_PER_ACCOUNT, code_limits_of
from app.users.services import change_password, disable_user
from app.users.services.second_factors import require_factor, reset_factor
from tests.conftest import Fill
from tests.users.factors import KEY, code_of, give_factor, send_code, send_password, wrong_code
from tests.users.people import CSM, LEADER, PASSWORD, VIEWER, changing, populate, sign_in, token_in

NEXT_STEP = timedelta(seconds=30)


@pytest.fixture
def people(application: Flask, fill: Fill) -> Flask:
    """A workspace with people, of whom nobody has a second factor."""
    fill(populate)
    return application


@pytest.fixture
def guarded(people: Flask) -> Flask:
    """A workspace where Alice has a second factor."""
    give_factor(people)
    return people


def waiting(application: Flask) -> FlaskClient:
    browser = application.test_client()
    assert send_password(browser).location == "/sign-in/code?next=/studies"
    return browser


def offer_in(page: str) -> tuple[str, str]:
    """Return the sealed offer of a page, and the key that it shows as text."""
    offer = re.search(r'name="offer" value="([^"]+)"', page)
    key = re.search(r"<code>([A-Z2-7 ]+)</code>", page)
    assert offer, page
    assert key, page
    return offer[1], key[1].replace(" ", "")


def set_up(browser: FlaskClient, **change: Any) -> TestResponse:
    page = browser.get("/second-factor?next=/studies").text
    offer, key = offer_in(page)
    form = {
        "csrf_token": token_in(page),
        "offer": offer,
        "password": PASSWORD,
        "code": code_of(key),
        "next": "/studies",
    }
    return browser.post("/second-factor", data=form | change)


def press(browser: FlaskClient, address: str, password: str = PASSWORD) -> TestResponse:
    page = browser.get("/second-factor").text
    return browser.post(address, data={"csrf_token": token_in(page), "password": password})


def codes_in(page: str) -> list[str]:
    return re.findall(r"<li><code>([\d ]+)</code></li>", page)


def count_of(application: Flask, model: type[Any]) -> int:
    with changing(application) as session:
        return len(session.scalars(select(model)).all())


def require(application: Flask, role: str) -> None:
    with changing(application) as session:
        require_factor(session, role=role, is_required=True)


def test_a_person_sets_it_up_and_signs_in_with_it(people: Flask) -> None:
    browser, elsewhere = sign_in(people, LEADER), sign_in(people, LEADER)
    page = browser.get("/second-factor").text
    key = offer_in(page)[1]
    assert f"secret={key}&issuer=Parallax" in html.unescape(page)
    assert '<svg width="232"' in page
    done = set_up(browser)
    assert done.status_code == 200
    codes = codes_in(done.text)
    assert len(set(codes)) == 8
    assert 'href="/studies"' in done.text
    assert elsewhere.get("/studies").status_code == 302
    state = browser.get("/second-factor").text
    assert "8 of 8 recovery codes" in state
    assert not any(code in state for code in codes)
    assert send_code(waiting(people), codes[0]).location == "/studies"


def test_the_page_of_recovery_codes_signs_out_too(people: Flask) -> None:
    browser = sign_in(people, LEADER)
    page = set_up(browser).text
    assert browser.post("/sign-out", data={"csrf_token": token_in(page)}).location == "/sign-in"
    assert browser.get("/studies").status_code == 302


@pytest.mark.parametrize(
    ("change", "words"),
    [
        pytest.param({"password": "not this one"}, "This is not your password", id="wrong-password"),
        pytest.param({"password": ""}, "Enter your password", id="no-password"),
        pytest.param({"code": ""}, "Enter the code", id="no-code"),
        pytest.param({"code": "12"}, "does not fit", id="wrong-code"),
        pytest.param({"offer": ""}, "open for a long time", id="no-offer"),
        pytest.param({"offer": "gAAAAABnonsense"}, "open for a long time", id="forged-offer"),
    ],
)
def test_a_set_up_is_refused_in_words(people: Flask, change: dict[str, str], words: str) -> None:
    reply = set_up(sign_in(people, LEADER), **change)
    assert reply.status_code == 400
    assert words in reply.text
    assert count_of(people, SecondFactor) == 0
    assert 'value="/studies"' in reply.text


def test_a_refused_set_up_keeps_the_secret_that_was_scanned(people: Flask) -> None:
    browser = sign_in(people, LEADER)
    page = browser.get("/second-factor").text
    offer, key = offer_in(page)
    form = {"csrf_token": token_in(page), "offer": offer, "password": PASSWORD}
    again = browser.post("/second-factor", data={**form, "code": wrong_code(key)})
    assert offer_in(again.text) == (offer, key)
    assert browser.post("/second-factor", data={**form, "code": code_of(key)}).status_code == 200


def test_opening_the_page_stores_nothing(people: Flask) -> None:
    sign_in(people, LEADER).get("/second-factor")
    assert count_of(people, SecondFactor) == 0


def test_nobody_is_signed_in_before_the_code(guarded: Flask) -> None:
    browser = waiting(guarded)
    assert count_of(guarded, SignIn) == 0
    for address in ("/", "/studies", "/password", "/second-factor"):
        assert browser.get(address).location.startswith("/sign-in")
    assert browser.get("/studies/alices/gaps.json").status_code == 401
    with browser.session_transaction() as session:
        assert not {"_user_id", "sign_in", "fs_cc"} & set(session)
    assert send_code(browser, code_of(KEY)).location == "/studies"
    assert browser.get("/studies").status_code == 200
    assert count_of(guarded, PendingSignIn) == 0


def test_the_field_helps_small_phones(guarded: Flask) -> None:
    page = waiting(guarded).get("/sign-in/code").text
    assert 'inputmode="numeric" autocomplete="one-time-code"' in page


def test_a_wrong_code_is_refused_and_the_right_one_still_taken(guarded: Flask) -> None:
    browser = waiting(guarded)
    wrong = wrong_code(KEY)
    reply = send_code(browser, wrong)
    assert reply.status_code == 400
    assert "does not fit" in reply.text
    assert wrong not in reply.text
    assert browser.get("/studies").status_code == 302
    assert send_code(browser, code_of(KEY)).status_code == 302


def test_a_code_is_never_accepted_twice(guarded: Flask) -> None:
    code = code_of(KEY)
    assert send_code(waiting(guarded), code).status_code == 302
    thief = waiting(guarded)
    assert send_code(thief, code).status_code == 400
    assert thief.get("/studies").status_code == 302
    assert send_code(thief, code_of(KEY, NEXT_STEP)).status_code == 302


def test_a_recovery_code_is_accepted_once(people: Flask) -> None:
    code = give_factor(people)[3]
    assert send_code(waiting(people), code).status_code == 302
    assert send_code(waiting(people), code).status_code == 400


@pytest.mark.parametrize("age", [timedelta(minutes=4, seconds=50), timedelta(minutes=5)], ids=["in-time", "too-late"])
def test_a_password_waits_five_minutes(guarded: Flask, age: timedelta) -> None:
    browser = waiting(guarded)
    token = token_in(browser.get("/sign-in/code").text)
    with changing(guarded) as session:
        session.execute(update(PendingSignIn).values(created_at=now() - age))
    reply = browser.post("/sign-in/code", data={"csrf_token": token, "code": code_of(KEY), "next": "/studies"})
    if age < timedelta(minutes=5):
        assert reply.location == "/studies"
        return
    assert reply.status_code == 400
    assert "longer than five minutes" in reply.text
    assert 'value="/studies"' in reply.text
    assert browser.get("/studies").status_code == 302
    assert browser.get("/sign-in/code?next=/studies").location == "/sign-in?next=/studies"
    assert send_password(browser).status_code == 302
    assert count_of(guarded, PendingSignIn) == 1


def test_a_cookie_that_waited_is_dead_after_the_code(guarded: Flask) -> None:
    browser = waiting(guarded)
    cookie = browser.get_cookie("parallax")
    assert cookie is not None
    send_code(browser, code_of(KEY))
    thief = guarded.test_client()
    thief.set_cookie("parallax", cookie.value)
    assert thief.get("/sign-in/code").location == "/sign-in"
    assert thief.get("/studies").status_code == 302


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda session: disable_user(session, email=LEADER), id="disabled"),
        pytest.param(lambda session: reset_factor(session, email=LEADER), id="reset"),
        pytest.param(lambda session: change_password(session, email=LEADER, password=PASSWORD + "!"), id="password"),
    ],
)
def test_a_change_ends_the_waiting(guarded: Flask, change: Any) -> None:
    browser = waiting(guarded)
    with changing(guarded) as session:
        change(session)
    assert browser.get("/sign-in/code").location == "/sign-in"


def test_wrong_codes_are_limited_as_passwords_are(guarded: Flask) -> None:
    browser = waiting(guarded)
    wrong = wrong_code(KEY)
    assert [send_code(browser, wrong).status_code for _ in range(11)] == [400] * 10 + [429]
    late = send_code(browser, code_of(KEY))
    assert late.status_code == 429
    assert 0 < int(late.headers["Retry-After"]) <= 15 * 60
    assert browser.get("/studies").status_code == 302
    assert send_password(guarded.test_client()).status_code == 429
    elsewhere = guarded.test_client()
    assert send_password(elsewhere, REMOTE_ADDR="10.9.8.7").status_code == 302
    assert send_code(elsewhere, code_of(KEY), REMOTE_ADDR="10.9.8.7").status_code == 302


def test_many_machines_together_cannot_try_all_codes(guarded: Flask) -> None:
    everywhere = list(code_limits_of(LEADER, "10.0.0.1", str(guarded.secret_key)))[2]
    with changing(guarded) as session:
        session.add_all([SignInAttempt(bucket_sha256=everywhere, at=now()) for _ in range(CODES_PER_ACCOUNT)])
    assert send_code(waiting(guarded), code_of(KEY)).status_code == 429


def test_a_code_page_left_open_asks_for_the_password_again(guarded: Flask) -> None:
    reply = guarded.test_client().post("/sign-in/code", data={"code": "123456", "next": "/studies"})
    assert reply.status_code == 400
    assert "open for a long time" in reply.text
    assert "123456" not in reply.text


def test_a_code_leads_back_and_never_away(guarded: Flask) -> None:
    browser = waiting(guarded)
    token = token_in(browser.get("/sign-in/code").text)
    form = {"csrf_token": token, "code": code_of(KEY), "next": "//evil.example/"}
    assert browser.post("/sign-in/code", data=form).location == "/"


def test_a_required_role_is_led_to_the_set_up(people: Flask) -> None:
    browser = sign_in(people, LEADER)
    require(people, "leader")
    assert browser.get("/").location == "/second-factor"
    assert browser.get("/studies?x=1").location == "/second-factor?next=/studies?x%3D1"
    assert browser.get("/studies/alices/gaps.json").status_code == 403
    assert sign_in(people, CSM).get("/studies").status_code == 200
    assert "Your role needs a second factor" in browser.get("/second-factor").text
    assert set_up(browser).status_code == 200
    assert browser.get("/studies").status_code == 200


def test_typed_text_survives_being_led_to_the_set_up(people: Flask) -> None:
    browser = sign_in(people, LEADER)
    token = token_in(browser.get("/password").text)
    require(people, "leader")
    reply = browser.post("/password", data={"csrf_token": token, "note": "Typed for an hour", "password": "secret!"})
    assert reply.status_code == 403
    assert "Typed for an hour" in reply.text
    assert "secret!" not in reply.text


def test_who_is_led_to_the_set_up_can_sign_out(people: Flask) -> None:
    browser = sign_in(people, LEADER)
    require(people, "leader")
    token = token_in(browser.get("/second-factor").text)
    assert browser.post("/sign-out", data={"csrf_token": token}).location == "/sign-in"


def test_new_recovery_codes_are_shown_for_the_password(guarded: Flask) -> None:
    browser = waiting(guarded)
    send_code(browser, code_of(KEY))
    refused = press(browser, "/second-factor/recovery-codes", "not this one")
    assert (refused.status_code, codes_in(refused.text)) == (400, [])
    assert "This is not your password" in refused.text
    codes = codes_in(press(browser, "/second-factor/recovery-codes").text)
    assert len(codes) == 8
    assert send_code(waiting(guarded), codes[7]).status_code == 302


def test_it_is_removed_for_the_password(guarded: Flask) -> None:
    browser = waiting(guarded)
    send_code(browser, code_of(KEY))
    assert press(browser, "/second-factor/removal", "not this one").status_code == 400
    assert count_of(guarded, SecondFactor) == 1
    assert press(browser, "/second-factor/removal").location == "/"
    assert "Your second factor is off" in browser.get("/studies").text
    assert sign_in(guarded, LEADER).get("/studies").status_code == 200
    again = browser.post("/second-factor/removal", data={"csrf_token": token_in(browser.get("/studies").text)})
    assert again.location == "/second-factor"


def test_removal_is_refused_where_it_is_required(guarded: Flask) -> None:
    browser = waiting(guarded)
    send_code(browser, code_of(KEY))
    require(guarded, "leader")
    assert "/second-factor/removal" not in browser.get("/second-factor").text
    reply = press(browser, "/second-factor/removal")
    assert reply.status_code == 400
    assert "Your role needs a second factor" in reply.text
    assert count_of(guarded, SecondFactor) == 1


def test_everybody_finds_it_in_their_menu(people: Flask) -> None:
    assert 'href="/second-factor"' in sign_in(people, VIEWER).get("/studies").text


def test_a_lost_phone_is_reset_by_command(guarded: Flask, runner: FlaskCliRunner) -> None:
    browser = waiting(guarded)
    send_code(browser, code_of(KEY))
    done = runner.invoke(args=["user", "second-factor-reset", LEADER, "--json"])
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["email"] == LEADER
    assert browser.get("/studies").status_code == 302
    assert sign_in(guarded, LEADER).get("/studies").status_code == 200
    again = runner.invoke(args=["user", "second-factor-reset", LEADER])
    assert (again.exit_code, again.stdout) == (1, "")
    assert "has no second factor" in again.stderr


@pytest.mark.parametrize(
    ("args", "status"),
    [
        pytest.param(["boss", "--required"], 2, id="unknown-role"),
        pytest.param(["leader"], 2, id="neither"),
        pytest.param(["leader", "--required"], 0, id="required"),
    ],
)
def test_a_factor_is_required_by_command(people: Flask, runner: FlaskCliRunner, args: list[str], status: int) -> None:
    browser = sign_in(people, LEADER)
    done = runner.invoke(args=["policy", "second-factor", *args, "--json"])
    assert done.exit_code == status, done.output
    assert browser.get("/studies").status_code == (302 if status == 0 else 200)
    if status == 0:
        assert json.loads(done.stdout) == {"role": "leader", "required": True}
        assert runner.invoke(args=["policy", "second-factor", "leader", "--optional"]).exit_code == 0
        assert browser.get("/studies").status_code == 200
