"""Planning, starting and following a study that starts by itself, as owner, admin, colleague and stranger."""

import re
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from app.core.clock import now, today
from app.studies.models import AccountOccasion, Study
from app.studies.queries import study_named
from app.surveys.services.occasions import run_round
from tests.conftest import Fill
from tests.studies.portfolio import FORM, send
from tests.surveys.mailed import PLACE
from tests.surveys.triggered import add_account, add_case, add_workspace, plan, ran, started
from tests.users.people import ADMIN, CSM, LEADER, STRANGER, VIEWER, add_people, changing, sign_in

TRIGGER: dict[str, Any] = FORM | {
    "name": "Ahead", "key": "ahead", "mode": "survey", "method": "trigger", "top_arr": "0", "seed": "7",
    "opens_on": "2026-05-01", "closes_on": "2199-05-28", "trigger_event": "renewal", "trigger_days": "",
    "trigger_within": "14", "trigger_field": "start_date",
}  # fmt: skip


def add_renewals(session: Session) -> None:
    """People, and accounts that renew in so many days; one of them is Carl's."""
    add_people(session)
    add_workspace(session)
    for days in (104, 110, 121, 140, 151):
        custom = {"go_live_date": (today() - timedelta(days=days - 80)).isoformat()}
        add_account(session, f"R{days}", renews_in=days, csm_email=CSM if days == 140 else None, custom=custom)
    add_account(session, "lonely", renews_in=118, people=0, csm_email=CSM)


def add_running(session: Session) -> None:
    """A study that Alice has started, held back by another at one account; one occasion has passed."""
    add_renewals(session)
    other = started(session, plan(key="other", owner=LEADER, trigger={"days": 110, "within": 0}))
    ran(session, other)
    study = started(session, plan(owner=LEADER))
    add_account(session, "passed", renews_in=119, people=0)
    ran(session, study)
    session.execute(
        sa.update(AccountOccasion)
        .where(AccountOccasion.due_on == today() - timedelta(days=1))
        .values(last_on=today() - timedelta(days=1))
    )


@pytest.fixture
def workspace(application: Flask, fill: Fill) -> Flask:
    fill(add_renewals)
    return application


@pytest.fixture
def running(application: Flask, fill: Fill) -> Flask:
    fill(add_running)
    return application


def stored(application: Flask) -> dict[str, Any]:
    with changing(application) as session:
        return session.scalars(sa.select(Study.plan).where(Study.key == "ahead")).one()


def test_new_offers_occasions_and_dates_of_ones_own(workspace: Flask) -> None:
    page = sign_in(workspace, LEADER).get("/studies/new").text
    assert "When something happens there" in page
    assert re.search(r'name="trigger_event" value="renewal" checked', page)
    assert '<option value="go_live_date">' in page
    assert '<option value="segment">Segment' not in page


def test_new_stores_a_trigger_and_nothing_of_a_draw(workspace: Flask) -> None:
    browser = sign_in(workspace, LEADER)
    assert send(browser, "/studies/new", TRIGGER).location == "/studies/ahead"
    found = stored(workspace)
    assert found["trigger"] == {"event": "renewal", "days": 120, "within": 14}
    assert not {"size", "method", "certainty", "minimum_per_stratum"} & set(found)
    page = browser.get("/studies/ahead/edit").text
    assert re.search(r'name="method" value="trigger" checked', page)
    assert re.search(r'id="trigger_days"[^>]*|value="120"', page)
    changes = {"trigger_event": "go_live", "trigger_days": "45", "trigger_field": "go_live_date"}
    assert send(browser, "/studies/ahead/edit", TRIGGER | changes).status_code == 302
    go_live = {"event": "go_live", "days": 45, "within": 14, "field": "go_live_date"}
    assert stored(workspace)["trigger"] == go_live
    drawn = {"method": "proportional", "size": "3", "strata": []}
    assert send(browser, "/studies/ahead/edit", TRIGGER | drawn).status_code == 302
    assert "trigger" not in stored(workspace)


WRONG: dict[str, tuple[dict[str, Any], str, str]] = {
    "days in words": ({"trigger_days": "many"}, "trigger_days", "Days must be a number, not “many”"),
    "days before": ({"trigger_days": "-3"}, "trigger_days", "Days must be a whole number from 0"),
    "grace": ({"trigger_within": "91"}, "trigger_within", "Days of grace must be a whole number from 0 to 90"),
    "no such event": ({"trigger_event": "birthday"}, "trigger_event", "use one of: go_live"),
    "no event": ({"trigger_event": ""}, "trigger_event", "use one of: go_live"),
    "no such date": (
        {"trigger_event": "go_live", "trigger_field": "nope"}, "trigger_field", "“nope” is neither start_date"
    ),
    "quotes": ({"trigger_event": "go_live", "trigger_field": 'a"b'}, "trigger_field", "quotation marks"),
    "nul": ({"trigger_field": "a\0b"}, "trigger_field", "cannot be stored"),
    "by interview": ({"mode": "interview"}, "mode", "must be survey"),
    "accounts for certain": ({"accounts": "R110"}, "", "does not go with a trigger"),
}  # fmt: skip


def test_new_says_at_its_field_what_is_wrong_with_a_trigger(workspace: Flask) -> None:
    browser = sign_in(workspace, LEADER)
    for name, (changes, place, words) in WRONG.items():
        reply = send(browser, "/studies/new", TRIGGER | changes)
        assert reply.status_code == 400, name
        assert words in reply.text.replace("&#39;", "'").replace("&#34;", '"'), name
        assert not place or f'id="{place}-error"' in reply.text, name


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
def test_before_the_start_it_says_whom_it_would_ask(workspace: Flask, email: str, shown: int, run: int) -> None:
    send(sign_in(workspace, LEADER), "/studies/new", TRIGGER)
    browser = sign_in(workspace, email)
    page = browser.get("/studies/ahead")
    assert page.status_code == shown
    assert ("In the next 30 days 4 accounts would be asked" in page.text) is (shown == 200)
    assert set(re.findall(r'<span class="sub">(R\d+|lonely)</span>', page.text)) == (
        {"R110", "R121", "R140", "lonely"} if shown == 200 else set()
    )
    assert ("Start the study" in page.text) is (run == 200)
    reply = send(browser, "/studies/ahead/draw", form="/password")
    assert reply.status_code == (302 if run == 200 else run)


def test_a_study_that_opens_later_tells_of_its_first_days(workspace: Flask) -> None:
    browser = sign_in(workspace, LEADER)
    opens = today() + timedelta(days=25)
    send(browser, "/studies/new", TRIGGER | {"opens_on": opens.isoformat()})
    page = browser.get("/studies/ahead").text
    assert re.search(r"From [^<]+ to [^<]+ 2 accounts would be asked", page)
    assert "R140" in page
    assert "R151" in page


def test_a_study_that_ended_unstarted_says_so(workspace: Flask) -> None:
    browser = sign_in(workspace, LEADER)
    send(browser, "/studies/new", TRIGGER | {"closes_on": "2026-05-02"})
    page = browser.get("/studies/ahead").text
    assert "has ended before it was started" in page
    assert "Start the study" not in page


def test_a_start_is_a_start_and_no_draw(workspace: Flask) -> None:
    browser = sign_in(workspace, LEADER)
    send(browser, "/studies/new", TRIGGER)
    assert "Not started yet" in browser.get("/studies").text
    assert send(browser, "/studies/ahead/draw", form="/studies/ahead").location == "/studies/ahead"
    page = browser.get("/studies/ahead").text
    assert "Started: no account has joined yet" in page
    assert "Starts by itself: 120 days before renewal." in page
    assert "4 accounts join by" in page
    again = send(browser, "/studies/ahead/draw", form="/password")
    assert again.location == "/studies/ahead"
    assert "already been started" in browser.get("/studies/ahead").text
    record = browser.get("/studies/ahead/audit").text
    assert "No account has joined since the start" in record
    assert "by Alice Owner" in record
    assert "Who joined is who was to join" in browser.get("/studies/ahead/audit?recompute=1").text


@pytest.mark.parametrize(
    ("email", "coming", "held"),
    [
        pytest.param(ADMIN, {"R121", "R140"}, {"R110", "lonely"}, id="admin"),
        pytest.param(LEADER, {"R121", "R140"}, {"R110", "lonely"}, id="owner"),
        pytest.param(VIEWER, {"R121", "R140"}, {"R110", "lonely"}, id="viewer"),
        pytest.param(CSM, {"R140"}, {"lonely"}, id="csm"),
    ],
)
def test_a_running_study_tells_who_comes_and_who_is_held_back(
    running: Flask, email: str, coming: set[str], held: set[str]
) -> None:
    page = sign_in(running, email).get("/studies/ahead").text
    parts = re.split(r'<section class="sect"[^>]*aria-labelledby="(\w+)">', page)
    sections = dict(zip(parts[1::2], parts[2::2], strict=True))
    assert set(re.findall(r'/accounts/([\w-]+)"', sections["coming"])) == coming
    assert set(re.findall(r'/accounts/([\w-]+)"', sections["held"])) == held
    assert ("2 of 2: Another study asked them" in sections["held"]) is ("R110" in held)
    assert "Nobody there is in a role of the study." in sections["held"]
    assert ("passed" in sections) is (email != CSM)
    if "passed" in sections:
        assert set(re.findall(r'/accounts/([\w-]+)"', sections["passed"])) == {"passed"}
    assert "Person R110" not in sections["held"]


def test_a_running_study_is_missing_for_strangers(running: Flask) -> None:
    browser = sign_in(running, STRANGER)
    for page in ("", "/audit", "/edit", "/close"):
        assert browser.get(f"/studies/ahead{page}").status_code == 404


def test_who_broke_the_record_is_found_on_the_page(running: Flask) -> None:
    browser = sign_in(running, LEADER)
    assert "1 thing does not hold" in browser.get("/studies/ahead/audit?recompute=1").text
    with changing(running) as session:
        session.execute(sa.text("UPDATE sampled_account SET weight = 3"))
    assert "2 things do not hold" in browser.get("/studies/ahead/audit?recompute=1").text


def test_a_closed_study_lets_nobody_join(running: Flask) -> None:
    browser = sign_in(running, LEADER)
    assert "No account joins any more" in browser.get("/studies/ahead/close").text
    send(browser, "/studies/ahead/close")
    page = browser.get("/studies/ahead").text
    assert 'id="coming"' not in page
    assert 'id="held"' not in page
    assert 'id="passed"' in page


def test_invitations_are_looked_at_and_queued_by_hand_as_well(running: Flask) -> None:
    browser = sign_in(running, LEADER)
    page = browser.get("/studies/ahead/invitations").text
    assert "Whoever joins is invited by itself, once an hour." in page
    assert "Another study asked them within the last 90 days." in page


def test_cases_to_come_are_said_to_be_unknown(workspace: Flask) -> None:
    with changing(workspace) as session:
        add_case(session, add_account(session, "C1"), "case", 0)
    browser = sign_in(workspace, LEADER)
    send(browser, "/studies/new", TRIGGER | {"trigger_event": "case_closed"})
    page = browser.get("/studies/ahead").text
    assert "About 1 account a month would be asked" in page
    assert "1 account would be asked by" in page
    assert "cases that are closed from now on come on top" in page
    send(browser, "/studies/ahead/draw", form="/studies/ahead")
    assert "1 account joins by" in browser.get("/studies/ahead").text
    with changing(workspace) as session:
        study = study_named(session, "ahead")
        assert run_round(session, study=study, at=now() + timedelta(days=1), place=PLACE).accounts == 1
    assert "None of 1 account has answered yet" in browser.get("/studies/ahead").text


def test_names_are_text_and_never_markup(workspace: Flask) -> None:
    bad = '<script>x("")</script>'
    with changing(workspace) as session:
        add_account(session, "bad", renews_in=119).name = bad
        add_account(session, "worse", renews_in=119, people=0).name = bad
    browser = sign_in(workspace, LEADER)
    send(browser, "/studies/new", TRIGGER | {"name": bad})
    assert "<script>x" not in browser.get("/studies/ahead").text
    send(browser, "/studies/ahead/draw", form="/studies/ahead")
    with changing(workspace) as session:
        run_round(session, study=study_named(session, "ahead"), at=now(), place=PLACE)
    assert "<script>x" not in browser.get("/studies/ahead").text
