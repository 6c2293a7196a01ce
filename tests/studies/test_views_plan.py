"""Planning, seeing, drawing, proving and closing a study on the web, as owner, admin, colleague and stranger."""

import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.studies.models import SampledAccount, Study
from app.users.models import AuditEvent
from tests.conftest import Fill
from tests.studies.portfolio import FORM, add_last_wave, add_ready, plan, send
from tests.users.people import ADMIN, CSM, LEADER, STRANGER, VIEWER, add_people, changing, populate, sign_in


@pytest.fixture
def workspace(application: Flask, fill: Fill) -> Flask:
    """A workspace with people and a portfolio, and no study."""
    fill(add_ready)
    return application


def the_study(application: Flask, key: str = "spring-look") -> dict[str, Any]:
    with changing(application) as session:
        study = session.scalars(select(Study).where(Study.key == key)).one()
        return {"plan": study.plan, "owner": study.owner_id, "drawn": study.drawn_at, "closed": study.closed_at}


def test_new_offers_what_the_workspace_has(workspace: Flask) -> None:
    page = sign_in(workspace, LEADER).get("/studies/new").text
    assert "2 values: Small, Large" in page
    assert re.search(r'value="champion"[^>]*>\s*<span class="hint">19 contacts', page)
    assert re.search(r'value="user"[^>]*>\s*<span class="hint">19 contacts', page)
    assert "no contact has it yet" in page
    assert '<option value="interview-360">' in page
    assert re.search(r'name="seed" type="text"|id="seed"', page)


def test_new_stores_the_plan_and_shows_what_it_gives(workspace: Flask) -> None:
    browser = sign_in(workspace, LEADER)
    assert plan(browser) == "/studies/spring-look"
    page = browser.get("/studies/spring-look").text
    assert "8 of 20 accounts would enter" in page
    assert "Draw these 8 accounts" in page
    assert "± " in page
    study = the_study(workspace)
    assert study["plan"]["roles"] == {"champion": 0.6, "admin": 0.4}
    assert study["drawn"] is None
    with changing(workspace) as session:
        assert session.scalar(select(func.count()).select_from(SampledAccount)) == 0


def test_new_gives_a_taken_name_another_key_and_refuses_a_taken_key(workspace: Flask) -> None:
    browser = sign_in(workspace, LEADER)
    plan(browser)
    assert plan(browser) == "/studies/spring-look-2"
    reply = send(browser, "/studies/new", FORM | {"key": "spring-look"})
    assert reply.status_code == 400
    assert "There is a study “spring-look” already" in reply.text


WRONG: dict[str, tuple[dict[str, Any], str, str]] = {
    "no name": ({"name": ""}, "name", "Name is missing."),
    "size in words": ({"size": "many"}, "size", "Size must be a number, not “many”."),
    "endless number": ({"size": "9" * 5000}, "size", "Size must be a number"),
    "ends before it begins": ({"closes_on": "2026-04-01"}, "closes_on", "lies before"),
    "no date": ({"opens_on": "x"}, "opens_on", "write a date as YYYY-MM-DD"),
    "unknown mode": ({"mode": "fax"}, "mode", "use one of"),
    "questionnaire": ({"questionnaire": "none"}, "questionnaire", "no questionnaire “none”"),
    "scorecard": ({"scorecard": "none"}, "scorecard", "no scorecard “none”"),
    "unknown stratum": ({"strata": ["nope"]}, "strata", "“nope” in “strata”"),
    "role twice": ({"role": ["champion", "champion"], "weight": ["1", "2"]}, "roles", "one weight"),
    "weight in words": ({"weight": ["heavy", "1", ""]}, "roles", "“champion” must be a number"),
    "no roles": ({"weight": ["", "", ""]}, "roles", "Roles must name 1 to 100 roles"),
    "filter without field": ({"filter_values": ["France", "", ""]}, "filter", "Choose the field"),
    "no values": ({"filter_field": ["country", "", ""]}, "filter", "“country” must be a list"),
    "key of the form": ({"key": "new"}, "key", "address of its own"),
    "nul": ({"name": "a\0b"}, "name", "cannot be stored"),
    "seed": ({"seed": "-"}, "seed", "Seed must be a number"),
    "account twice": ({"accounts": "A; A"}, "accounts", "twice"),
}


def test_new_says_at_its_field_what_is_wrong_and_keeps_what_was_typed(workspace: Flask) -> None:
    browser = sign_in(workspace, LEADER)
    for name, (changes, place, words) in WRONG.items():
        reply = send(browser, "/studies/new", FORM | {"wave": "my wave"} | changes)
        assert reply.status_code == 400, name
        error = re.search(f'id="{place}-error">([^<]+)<', reply.text)
        assert error, name
        assert words in error[1].replace("&#39;", "'"), name
        assert 'value="my wave"' in reply.text, name
    with changing(workspace) as session:
        assert session.scalar(select(func.count()).select_from(Study)) == 0


def test_new_takes_nothing_from_an_empty_form_and_answers_in_words(workspace: Flask) -> None:
    reply = send(sign_in(workspace, LEADER), "/studies/new", {})
    assert reply.status_code == 400
    assert "Nothing is stored yet" in reply.text


def test_new_works_before_anything_was_imported(application: Flask) -> None:
    with changing(application) as session:
        add_people(session)
    page = sign_in(application, ADMIN).get("/studies/new")
    assert page.status_code == 200
    assert "No scorecard is published yet" in page.text
    assert "No field of your accounts" in page.text


@pytest.mark.parametrize(
    ("email", "shown", "run"),
    [
        pytest.param(ADMIN, 200, 200, id="admin"),
        pytest.param(LEADER, 200, 200, id="owner"),
        pytest.param(STRANGER, 404, 404, id="stranger"),
        pytest.param(CSM, 404, 403, id="csm"),
        pytest.param(VIEWER, 200, 403, id="viewer"),
    ],
)
def test_a_planned_study_is_run_by_its_owner_and_admins(workspace: Flask, email: str, shown: int, run: int) -> None:
    plan(sign_in(workspace, LEADER))
    browser = sign_in(workspace, email)
    page = browser.get("/studies/spring-look")
    assert page.status_code == shown
    assert ("Draw these" in page.text) is (run == 200)
    assert browser.get("/studies/spring-look/edit").status_code == run
    assert browser.get("/studies/spring-look/close").status_code == (302 if run == 200 else run)
    for act in ("draw", "score", "close"):
        reply = send(browser, f"/studies/spring-look/{act}", form="/password")
        assert reply.status_code == (302 if run == 200 else run), act


def test_another_size_is_shown_and_not_stored(workspace: Flask) -> None:
    browser = sign_in(workspace, LEADER)
    plan(browser)
    page = browser.get("/studies/spring-look?size=12").text
    assert "12 of 20 accounts would enter" in page
    assert "on trial" in page
    assert "Draw these" not in page
    assert 'href="/studies/spring-look/edit?size=12"' in page
    assert the_study(workspace)["plan"]["size"] == 8
    assert 'value="12"' in browser.get("/studies/spring-look/edit?size=12").text


def test_a_size_that_cannot_be_is_said_beside_the_plan(workspace: Flask) -> None:
    browser = sign_in(workspace, LEADER)
    plan(browser)
    for size in ("x", "0", "-3", "²", "9" * 400, "21", "1"):
        reply = browser.get("/studies/spring-look", query_string={"size": size})
        assert reply.status_code == 200, size
        assert 'id="size-error"' in reply.text, size
        assert "8 of 20 accounts would enter" in reply.text, size


def test_the_preview_says_who_cannot_be_asked(workspace: Flask) -> None:
    browser = sign_in(workspace, LEADER)
    plan(browser, method="census", mode="interview")
    page = browser.get("/studies/spring-look").text
    assert "All 20 accounts would enter" in page
    # Eighteen accounts of two people in a role; A00 refuses, at A01 nobody has a role.
    assert "0 by survey, 36 by interview; 2 more never invited" in page
    assert ">36</dd>" in page
    assert "2 entering accounts have nobody to ask" in page
    assert re.search(r"Without a contact in a role of this study:</b> Account 01\.", page)
    assert re.search(r"Where the consent of everyone is no:</b> Account 00\.", page)


def test_a_plan_that_cannot_be_drawn_says_why(workspace: Flask) -> None:
    browser = sign_in(workspace, LEADER)
    plan(browser, size="500")
    page = browser.get("/studies/spring-look").text
    assert "cannot be drawn as planned" in page
    assert "more than the 20 accounts in the frame" in page
    reply = send(browser, "/studies/spring-look/draw", form="/studies/spring-look/edit")
    assert reply.status_code == 400
    assert the_study(workspace)["drawn"] is None


def test_edit_fills_the_form_and_stores_another_plan(workspace: Flask) -> None:
    browser = sign_in(workspace, LEADER)
    plan(browser, filter_field=["segment", "", ""], filter_values=["Small; (none)", "", ""])
    page = browser.get("/studies/spring-look/edit").text
    assert 'value="Small; (none)"' in page
    assert 'name="key"' not in page
    reply = send(browser, "/studies/spring-look/edit", FORM | {"key": "other", "size": "6", "method": "pps"})
    assert reply.location == "/studies/spring-look"
    assert the_study(workspace)["plan"]["size"] == 6
    assert the_study(workspace)["plan"]["method"] == "pps"
    bad = send(browser, "/studies/spring-look/edit", FORM | {"size": "none"})
    assert bad.status_code == 400
    assert "Size must be a number" in bad.text


def test_a_draw_gives_the_accounts_that_were_shown_and_is_made_once(workspace: Flask) -> None:
    browser = sign_in(workspace, LEADER)
    plan(browser)
    shown = set(re.findall(r'<span class="sub">(A\d\d)</span>', browser.get("/studies/spring-look").text))
    assert send(browser, "/studies/spring-look/draw", form="/studies/spring-look").location == "/studies/spring-look"
    page = browser.get("/studies/spring-look").text
    assert "None of 8 accounts has answered yet" in page
    assert set(re.findall(r'<span class="sub">(A\d\d)</span>', page)) == shown
    again = send(browser, "/studies/spring-look/draw", form="/password")
    assert again.location == "/studies/spring-look"
    assert "a draw is made once" in browser.get("/studies/spring-look").text
    assert browser.get("/studies/spring-look/edit").location == "/studies/spring-look"
    owner = the_study(workspace)["owner"]
    with changing(workspace) as session:
        events = session.scalars(select(AuditEvent).where(AuditEvent.action == "study.draw")).all()
        assert [event.actor_id for event in events] == [owner]


@pytest.mark.parametrize("method", ["neyman", "pps"])
def test_any_method_draws_the_accounts_that_were_shown(workspace: Flask, method: str) -> None:
    with changing(workspace) as session:
        add_last_wave(session)
    browser = sign_in(workspace, LEADER)
    plan(browser, method=method)
    page = browser.get("/studies/spring-look").text
    assert ("Neyman goes by the scores" in page) == (method == "neyman")
    shown = set(re.findall(r'<span class="sub">(A\d\d)</span>', page))
    send(browser, "/studies/spring-look/draw", form="/studies/spring-look")
    drawn = browser.get("/studies/spring-look").text
    assert set(re.findall(r'<span class="sub">(A\d\d)</span>', drawn)) == shown
    assert "The draw recomputes exactly" in browser.get("/studies/spring-look/audit?recompute=1").text


def test_audit_shows_the_seed_and_recomputes(workspace: Flask) -> None:
    browser = sign_in(workspace, LEADER)
    plan(browser)
    send(browser, "/studies/spring-look/draw", form="/studies/spring-look")
    page = browser.get("/studies/spring-look/audit").text
    assert "8 of 20 accounts were drawn by seed 360" in page
    assert "by Alice Owner" in page
    assert "The draw recomputes exactly" in browser.get("/studies/spring-look/audit?recompute=1").text
    with changing(workspace) as session:
        session.scalars(select(SampledAccount).limit(1)).one().weight = 99.0
    assert "1 thing does not recompute" in browser.get("/studies/spring-look/audit?recompute=1").text


def test_close_says_what_ends_and_then_closes_for_good(workspace: Flask) -> None:
    browser = sign_in(workspace, LEADER)
    plan(browser)
    send(browser, "/studies/spring-look/draw", form="/studies/spring-look")
    asked = browser.get("/studies/spring-look/close").text
    assert "with 0 of 8 accounts heard?" in asked
    assert the_study(workspace)["closed"] is None
    assert send(browser, "/studies/spring-look/close").location == "/studies/spring-look"
    page = browser.get("/studies/spring-look").text
    assert "None of 8 accounts answered" in page
    assert "Closed since" in page
    assert the_study(workspace)["closed"] is not None
    assert browser.get("/studies/spring-look/close").location == "/studies/spring-look"


def test_closing_another_ones_study_is_not_even_asked(application: Flask, fill: Fill) -> None:
    fill(populate)
    for email, status in ((STRANGER, 404), (CSM, 403), (VIEWER, 403)):
        assert send(sign_in(application, email), "/studies/alices/close", form="/password").status_code == status
    assert the_study(application, "alices")["closed"] is None


def test_names_are_text_and_never_markup(workspace: Flask) -> None:
    browser = sign_in(workspace, LEADER)
    reply = send(browser, "/studies/new", FORM | {"name": '"><script>x()</script>', "size": "z"})
    assert "<script>x" not in reply.text
    location = plan(browser, name='"><script>x()</script>')
    assert "<script>x" not in browser.get(location).text
