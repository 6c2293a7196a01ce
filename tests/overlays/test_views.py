"""What each person sees of overlays and may do with them, and what hostile senders get."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.core.clock import today
from app.overlays.models import Overlay, OverlayChange
from tests.conftest import Fill
from tests.overlays.world import add_pandemic, begin
from tests.users.people import ADMIN, CSM, LEADER, STRANGER, VIEWER, changing, sign_in, token_in

HOSTILE = "<script>alert(1)</script>"
PAGE, ACCOUNT = "/overlays/pandemic", "/accounts/O0/overlays"


@pytest.fixture(autouse=True)
def world(fill: Fill) -> None:
    fill(add_pandemic)


def send(browser: FlaskClient, path: str, **fields: object) -> TestResponse:
    """Send a form with a token of the browser's own session."""
    return browser.post(path, data={"csrf_token": token_in(browser.get("/password").text), **fields})


def stored(application: Flask, model: type[Overlay | OverlayChange]) -> int:
    with changing(application) as session:
        return session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


@pytest.mark.parametrize(
    ("email", "title", "others"),
    [
        (ADMIN, "Pandemic: two accounts severe, €3,000 a year", True),
        (LEADER, "Pandemic: two accounts severe, €3,000 a year", True),
        (VIEWER, "Pandemic: two accounts severe, €3,000 a year", True),
        (CSM, "Pandemic: one account severe, €1,000 a year", False),
    ],
)
def test_each_sees_the_accounts_that_are_theirs_to_see(
    application: Flask, email: str, title: str, others: bool
) -> None:
    page = sign_in(application, email).get(PAGE).text
    assert title in page
    assert "Company 0" in page
    assert ("Company 1" in page) is others
    assert "Gone" not in page
    assert ("You see your accounts." in page) is not others


def test_what_nobody_assessed_is_told_apart_from_what_is_not_affected(application: Flask) -> None:
    browser = sign_in(application, LEADER)
    page = browser.get(f"{PAGE}?level=not-assessed").text
    assert "3 accounts: not assessed" in page
    assert "Company 4" in page
    assert "One account without comparable ARR is not in the sums." in page
    assert "0 accounts: not affected" in browser.get(f"{PAGE}?level=none").text
    assert browser.get(f"{PAGE}?level={HOSTILE}&page=99999999").status_code == 200


@pytest.mark.parametrize(("email", "status"), [(ADMIN, 303), (LEADER, 303), (STRANGER, 303), (CSM, 403), (VIEWER, 403)])
def test_leaders_begin_and_judge_situations(application: Flask, email: str, status: int) -> None:
    browser = sign_in(application, email)
    reply = send(browser, "/overlays/new", name="Strike", description=HOSTILE, starts_on=today().isoformat())
    assert reply.status_code == status
    assert stored(application, Overlay) == 1 + (status == 303)
    judged = send(
        browser, f"{PAGE}/industries", industry=["Energy", "Retail"], level=["slight", "none"], words=["", ""]
    )
    assert judged.status_code == status
    assert ("slight" in sign_in(application, LEADER).get(PAGE).text.lower()) is (status == 303)
    assert HOSTILE not in browser.get("/overlays/strike").text


@pytest.mark.parametrize(
    ("email", "account", "status"),
    [
        (CSM, "O0", 303),
        (CSM, "O1", 404),
        (LEADER, "O1", 303),
        (VIEWER, "O0", 403),
        (CSM, "nobody", 404),
    ],
)
def test_a_csm_judges_their_own_accounts_alone(application: Flask, email: str, account: str, status: int) -> None:
    browser = sign_in(application, email)
    reply = send(browser, f"/accounts/{account}/overlays/pandemic", level="slight", reason=HOSTILE, amount="500")
    assert reply.status_code == status
    assert stored(application, OverlayChange) == (status == 303)
    if status == 303:
        page = browser.get(f"/accounts/{account}/overlays").text
        assert "Pandemic</a>: slight" in page
        assert "€500" in page
        assert HOSTILE not in page
        assert "&lt;script&gt;" in page


def test_the_account_says_in_one_line_what_it_is_under(application: Flask) -> None:
    browser = sign_in(application, CSM)
    assert "severe (as its industry: Shops closed)" in browser.get("/accounts/O0?show=all").text
    send(browser, f"{ACCOUNT}/pandemic", level="none", reason="They sell food")
    page = browser.get("/accounts/O0?show=all").text
    assert re.search(r"not affected \(by [^()]+: They sell food\)", page)
    assert "It is in no score." in page
    assert "Under “Pandemic”" in browser.get("/accounts/O2?show=all").text
    assert browser.get("/accounts/O1/overlays").status_code == 404


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"name": "Strike", "starts_on": "2026-03-03", "ends_on": "2026-03-01"}, "cannot end before it begins"),
        ({"name": "PANDEMIC", "starts_on": "2026-03-03"}, "There is an overlay “PANDEMIC” already"),
        ({"name": "", "starts_on": "2026-03-03"}, "Give it a name"),
        ({"name": "Strike", "starts_on": "soon"}, "Write the day as"),
    ],
)
def test_a_refused_situation_keeps_what_was_typed(application: Flask, fields: dict[str, str], words: str) -> None:
    reply = send(sign_in(application, LEADER), "/overlays/new", **fields, description="Everybody waits")
    assert reply.status_code == 400
    assert words in reply.text
    assert "Everybody waits" in reply.text
    assert stored(application, Overlay) == 1


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"level": "slight", "reason": ""}, "Write the reason"),
        ({"level": "worst", "reason": "So it is"}, "Choose a level from the list."),
        ({"level": "slight", "reason": "So it is", "amount": "500 USD"}, "Write the amount in EUR"),
    ],
)
def test_a_refused_judgement_keeps_what_was_typed(application: Flask, fields: dict[str, str], words: str) -> None:
    reply = send(sign_in(application, CSM), f"{ACCOUNT}/pandemic", **fields, billing="Paid monthly")
    assert reply.status_code == 400
    assert words in reply.text
    assert "Paid monthly" in reply.text
    assert stored(application, OverlayChange) == 0


def test_a_refused_industry_keeps_what_was_typed(application: Flask) -> None:
    browser = sign_in(application, LEADER)
    reply = send(browser, f"{PAGE}/industries", industry=["Energy"], level=[""], words=["Words alone"])
    assert reply.status_code == 400
    assert "Choose a level for Energy" in reply.text
    assert "Words alone" in reply.text
    assert send(browser, f"{PAGE}/industries", industry=["Piracy"], level=["severe"], words=[""]).status_code == 400


def test_what_is_planned_is_said_and_what_is_over_stays_readable(application: Flask) -> None:
    with changing(application) as session:
        begin(session, name="Next winter", since=-30, until=90)
        begin(session, name="Old strike", since=60, until=-20)
    browser = sign_in(application, LEADER)
    listed = browser.get("/overlays").text
    assert "One situation applies today" in listed
    assert f"begins {(today() + timedelta(days=30)).day}" in listed
    over = browser.get("/overlays/old-strike").text
    assert "It is over and applies to no account any longer." in over
    assert "Old strike: two accounts severe" in over
    account = browser.get("/accounts/O0?show=all").text
    assert "Under “Old strike”" not in account
    assert "Under “Next winter”" not in account
    csm = sign_in(application, CSM)
    assert "/accounts/O0/overlays/old-strike" not in csm.get(ACCOUNT).text
    refused = send(csm, f"{ACCOUNT}/old-strike", level="none", reason="Late")
    assert refused.status_code == 400
    assert "ended on" in refused.text


def test_an_overlay_without_an_end_asks_for_one(application: Flask) -> None:
    assert "It has no last day yet." in sign_in(application, CSM).get(PAGE).text
    browser = sign_in(application, LEADER)
    until = (today() + timedelta(days=5)).isoformat()
    first = (today() - timedelta(days=10)).isoformat()
    assert send(browser, f"{PAGE}/edit", name="Pandemic", starts_on=first, ends_on=until).status_code == 303
    assert "It has no last day yet." not in browser.get(PAGE).text


def test_the_plan_of_a_study_offers_the_overlay(application: Flask) -> None:
    page = sign_in(application, LEADER).get("/studies/new").text
    assert 'name="strata" value="overlay:pandemic"' in page
    assert '<option value="overlay:pandemic"' in page
    dates = page[page.index('name="trigger_field"') :]
    assert "overlay:" not in dates[: dates.index("</select>")]
