"""What each person sees of plans and may write, and what hostile senders get."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from app.core.clock import today
from app.customers.models import Account
from app.plans.models import PlanBlocker, PlanOutcome, SuccessPlan
from tests.conftest import Fill
from tests.interviews.talks import BEN
from tests.plans.world import NORA, PAGE, add_accounts, fill_plan
from tests.users.people import ADMIN, CSM, LEADER, VIEWER, changing, sign_in, token_in

HOSTILE = "<script>alert(1)</script>"
SOON = (today() + timedelta(days=30)).isoformat()
PLAN = {"title": "Go live", "agreed_on": today().isoformat(), "due_on": SOON, "form_key": "p"}
OUTCOME = {"title": "First invoices", "due_on": SOON, "form_key": "o"}
BLOCKER = {"title": "No SSO", "opened_on": today().isoformat(), "form_key": "b"}
WRITES = {ADMIN: 303, LEADER: 303, CSM: 303, BEN: 404, VIEWER: 403}


def send(browser: FlaskClient, path: str, **fields: object) -> TestResponse:
    return browser.post(path, data={"csrf_token": token_in(browser.get("/password").text), **fields})


def stored(application: Flask, model: type[SuccessPlan | PlanOutcome | PlanBlocker]) -> int:
    with changing(application) as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


@pytest.mark.parametrize("email", WRITES)
def test_a_plan_is_written_by_who_may(application: Flask, fill: Fill, email: str) -> None:
    fill(add_accounts)
    browser, status = sign_in(application, email), WRITES[email]
    assert send(browser, f"{PAGE}/new", **PLAN).status_code == status
    assert send(browser, f"{PAGE}/outcomes/new", **OUTCOME).status_code == status
    assert send(browser, f"{PAGE}/blockers/new", **BLOCKER, is_critical="1").status_code == status
    is_done = status == 303
    assert [stored(application, model) for model in (SuccessPlan, PlanOutcome, PlanBlocker)] == [is_done] * 3
    if not is_done:
        return
    assert "Stuck: the critical blocker “No SSO”" in browser.get(PAGE).text
    for path in ("outcomes/1/done", "blockers/1/resolve"):
        assert send(browser, f"{PAGE}/{path}").status_code == 303
    assert "All is reached." in browser.get(PAGE).text
    assert send(browser, f"{PAGE}/close").status_code == 303
    assert "Earlier plans" in browser.get(PAGE).text


@pytest.mark.parametrize(
    ("email", "status", "has_name"),
    [(ADMIN, 200, True), (LEADER, 200, True), (CSM, 200, True), (VIEWER, 200, False), (BEN, 404, False)],
)
def test_each_reader_sees_what_their_role_allows(
    application: Flask, fill: Fill, email: str, status: int, *, has_name: bool
) -> None:
    fill(fill_plan)
    browser = sign_in(application, email)
    page = browser.get(PAGE)
    assert page.status_code == status
    assert (NORA in page.text) is has_name
    assert ("Add a blocker" in page.text) is has_name
    for path in ("/plans", "/plans.csv"):
        assert ("First invoices" in page.text, "Haskelby" in browser.get(path).text) == (status == 200, status == 200)
    expected = {VIEWER: 403, BEN: 404}.get(email, 200)
    for path in ("change", "outcomes/1", "blockers/1", "outcomes/new", "blockers/new"):
        assert browser.get(f"{PAGE}/{path}").status_code == expected
    for path in ("outcomes/1/done", "blockers/1/resolve", "close", "change"):
        assert send(browser, f"{PAGE}/{path}").status_code == {200: 303}.get(expected, expected) or path == "change"


def test_parts_of_another_plan_are_not_here(application: Flask, fill: Fill) -> None:
    fill(fill_plan)
    browser = sign_in(application, LEADER)
    assert send(browser, "/accounts/Ostrava/plan/new", **PLAN).status_code == 303
    for path in ("outcomes/1", "blockers/1", "outcomes/99999999999", "blockers/99999999999"):
        assert browser.get(f"/accounts/Ostrava/plan/{path}").status_code == 404
    for path in ("outcomes/1/done", "blockers/1/resolve"):
        assert send(browser, f"/accounts/Ostrava/plan/{path}").status_code == 404


def test_a_refused_form_keeps_what_was_typed(application: Flask, fill: Fill) -> None:
    fill(fill_plan)
    browser = sign_in(application, CSM)
    later = (today() + timedelta(days=31)).isoformat()
    for path, typed, sentence in (
        ("change", PLAN | {"due_on": "2199-01-01", "agreed_with": "x"}, "within ten years"),
        ("outcomes/new", OUTCOME | {"due_on": "soon"}, "Choose the day by which"),
        ("outcomes/1", OUTCOME | {"due_on": later}, "say in a few words why the date moves"),
        ("blockers/1", BLOCKER | {"owner": "99"}, "Choose from the list who removes it"),
    ):
        reply = send(browser, f"{PAGE}/{path}", **typed | {"title": HOSTILE})
        assert (reply.status_code, sentence in reply.text) == (400, True), path
        assert HOSTILE not in reply.text
        assert 'value="&lt;script&gt;alert(1)&lt;/script&gt;"' in reply.text


def test_a_moved_date_stands_on_the_page_with_its_reason(application: Flask, fill: Fill) -> None:
    fill(fill_plan)
    browser = sign_in(application, CSM)
    later = (today() + timedelta(days=45)).isoformat()
    moved = {"title": HOSTILE, "due_on": later, "reason": "Their release moved"}
    assert send(browser, f"{PAGE}/outcomes/1", **moved).status_code == 303
    page = browser.get(PAGE).text
    assert "Their release moved" in page
    assert "moved once" in page
    assert HOSTILE not in page
    assert HOSTILE not in browser.get("/plans").text
    form = browser.get(f"{PAGE}/outcomes/1").text
    assert f'value="{later}"' in form
    assert "100 a day" not in form


def test_the_portfolio_narrows_by_colour_date_and_owner(application: Flask, fill: Fill) -> None:
    fill(fill_plan)
    browser = sign_in(application, LEADER)
    page = browser.get("/plans").text
    assert "None of one plan is stuck" in page
    assert page.index("Haskelby") < page.index("Ostrava")
    for asked, names in (
        ("colour=yellow", {"Haskelby"}),
        ("colour=none", {"Ostrava"}),
        (f"owner={BEN}", {"Ostrava"}),
        ("due=soon", {"Haskelby"}),
        ("due=late", set()),
        ("colour=%00", None),
    ):
        reply = browser.get(f"/plans?{asked}")
        if names is None:
            assert reply.status_code == 400
        else:
            assert {name for name in ("Haskelby", "Ostrava") if f">{name}</a>" in reply.text} == names
    lines = browser.get("/plans.csv").text.splitlines()
    assert lines[1].startswith(f"Haskelby,Haskelby,{CSM},Go live,yellow,Blocked or late: the blocker “No SSO”")
    assert lines[2] == f"Ostrava,Ostrava,{BEN},,none,No plan is agreed.,,,,,,"


def test_an_account_leads_to_its_plan(application: Flask, fill: Fill) -> None:
    fill(add_accounts)
    with changing(application) as session:
        session.add(Account(crm_id="EU/7/plan", name="Slashed"))
    browser = sign_in(application, VIEWER)
    assert f'href="{PAGE}"' in browser.get("/accounts/Haskelby").text
    assert "/effort" not in browser.get("/accounts/Haskelby").text
    page = browser.get("/accounts/EU/7/plan/plan").text
    assert "No outcome is agreed with Slashed" in page
    assert "Its CSM or a leader can begin one." in page
    assert sign_in(application, LEADER).get("/accounts/EU/7/plan/plan/new").status_code == 200
