"""What each person sees of effort and may say, and what hostile senders get."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from app.customers.models import Account
from app.effort.models import Effort
from tests.conftest import Fill
from tests.effort.world import add_accounts, say
from tests.interviews.talks import BEN
from tests.users.people import ADMIN, CSM, LEADER, VIEWER, changing, sign_in, token_in

HOSTILE = '"><script>alert(1)</script>'


@pytest.fixture
def ids(fill: Fill) -> dict[str, int]:
    found: dict[str, int] = fill(add_accounts)
    return found


def send(browser: FlaskClient, **fields: object) -> TestResponse:
    token = token_in(browser.get("/password").text)
    return browser.post("/effort/week", data={"csrf_token": token, "form_key": "k", **fields})


def stored(application: Flask) -> int:
    with changing(application) as session:
        return session.scalar(select(func.count()).select_from(Effort)) or 0


@pytest.mark.parametrize(("email", "status"), [(ADMIN, 200), (LEADER, 200), (CSM, 200), (BEN, 200), (VIEWER, 403)])
def test_only_who_works_with_accounts_reads_effort(
    application: Flask, ids: dict[str, int], email: str, status: int
) -> None:
    assert ids
    browser = sign_in(application, email)
    for path in ("/effort?by=csm", "/effort?by=complexity", "/effort?by=x", "/effort/week"):
        assert browser.get(path).status_code == status
    for path in ("/effort", "/effort.csv"):
        reply = browser.get(path)
        assert reply.status_code == status
        assert ("Elm" in reply.text, "Aldermoor" in reply.text) == (
            email in {ADMIN, LEADER, BEN},
            email in {ADMIN, LEADER, CSM},
        )
    whose = 404 if email == BEN else status
    assert browser.get("/accounts/Aldermoor/effort").status_code == whose


def test_a_week_is_typed_stored_and_reported(application: Flask, ids: dict[str, int]) -> None:
    browser = sign_in(application, CSM)
    page = browser.get("/effort/week").text
    assert "What do your four accounts take of your week?" in page
    assert "Elm" not in page
    first, second = ids["Aldermoor"], ids["Brack"]
    fields = {
        f"share-{first}": "90",
        f"complexity-{first}": "5",
        f"share-{second}": "20,5",
        f"complexity-{second}": "na",
    }
    assert send(browser, **fields).status_code == 303
    assert send(browser, **fields).status_code == 303
    assert stored(application) == 2
    page = browser.get("/effort/week").text
    assert "That is 10.5\u00a0% more than a week has" in page
    report = browser.get("/effort").text
    assert "Two accounts take a tenth of a week or more" in report
    assert "Demanding and hard: 1" in report
    assert "Demanding, and nothing moves: 0" in report
    assert "outcomes are not agreed with one account" in report
    assert "more than a week" in sign_in(application, LEADER).get("/effort?by=csm").text
    lines = browser.get("/effort.csv").text.splitlines()
    assert lines[1].startswith(f"Aldermoor,Aldermoor,{CSM.title()},90.0,extremely high,5,yes,")
    assert lines[3] == f"Cobble,Cobble,{CSM.title()},,,,,,no,no,"
    assert "Aldermoor takes 90\u00a0% of a week" in browser.get("/accounts/Aldermoor/effort").text


def test_a_refused_week_keeps_all_that_was_typed(application: Flask, ids: dict[str, int]) -> None:
    browser, first, second = sign_in(application, CSM), ids["Aldermoor"], ids["Brack"]
    reply = send(browser, **{f"share-{first}": HOSTILE, f"share-{second}": "7", f"complexity-{second}": "3"})
    assert reply.status_code == 400
    assert HOSTILE not in reply.text
    assert "Nothing was stored yet: one field cannot be read." in reply.text
    assert f'name="share-{second}" inputmode="decimal" maxlength="8" value="7"' in reply.text
    assert '<option value="3" selected>' in reply.text
    assert stored(application) == 0


def test_nobody_says_anything_about_accounts_of_others(application: Flask, ids: dict[str, int]) -> None:
    for email, status in ((BEN, 303), (LEADER, 303), (VIEWER, 403)):
        reply = send(sign_in(application, email), **{f"share-{ids['Aldermoor']}": "5"})
        assert reply.status_code == status
    assert stored(application) == 0


def test_odd_forms_and_names_do_no_harm(application: Flask, ids: dict[str, int]) -> None:
    browser = sign_in(application, CSM)
    odd = {"share-99999999999": "5", "share-x": "5", f"share-{ids['Cobble']}": "", f"seen-{ids['Cobble']}": "9" * 30}
    assert send(browser, **odd).status_code == 303
    assert browser.get("/effort/week?page=99999999999").status_code == 200
    with changing(application) as session:
        session.add(Account(crm_id="=1+1", name=f"=cmd{HOSTILE}", csm_email=CSM))
    with changing(application) as session:
        say(session, CSM, "more", Aldermoor=("5", "1"))
    assert HOSTILE not in browser.get("/effort").text
    assert "\n'=1+1," in browser.get("/effort.csv").text


def test_who_has_no_account_learns_what_stands_here(application: Flask, ids: dict[str, int]) -> None:
    assert ids
    assert "No account is assigned to you" in sign_in(application, LEADER).get("/effort/week").text
