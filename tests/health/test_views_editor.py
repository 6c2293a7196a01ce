"""The scorecard's editor in the browser: begun, typed into by two people, previewed, published, compared."""

import re
from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.clock import today
from app.customers.models import Account, Outcome
from app.health.models import HealthComputation, ScorecardDraft, ScorecardVersion, Telemetry
from app.health.services import compute_health, load_scorecard
from tests.users.people import ADMIN, CSM, LEADER, VIEWER, add_people, changing, sign_in, token_in

CARD: dict[str, Any] = {
    "key": "default",
    "name": "Default",
    "measures": [
        {"key": "use", "name": "Use", "metric": "active_users", "points": [[0, 0], [100, 100]], "weight": 3},
        {"key": "odd", "name": "Odd", "metric": "odd", "points": [[0, 0], [100, 100]], "weight": 1},
    ],
}
VALUES = {"A": 90.0, "B": 60.0, "C": 20.0}


@pytest.fixture
def people(application: Flask) -> Flask:
    """A workspace with people, four accounts (one without telemetry), a lost one, and a published scorecard."""
    with changing(application) as session:
        add_people(session)
        add_accounts(session)
        version = load_scorecard(session, document=CARD)
        compute_health(session, version=version, as_of=today())
    return application


def add_accounts(session: Session) -> None:
    for crm_id in (*VALUES, "D"):
        session.add(Account(crm_id=crm_id, name=f"Account {crm_id}"))
    session.flush()
    ids = {row.crm_id: row.id for row in session.scalars(select(Account))}
    for crm_id, value in VALUES.items():
        for back in (0, 130):
            day = today() - timedelta(days=back)
            session.add(Telemetry(account_id=ids[crm_id], metric="active_users", period_end=day, value=value))
    lost = Outcome(account_id=ids["C"], outcome="churned", outcome_date=today() - timedelta(days=10))
    session.add(lost)


def begun(application: Flask, email: str = LEADER) -> FlaskClient:
    browser = sign_in(application, email)
    send(browser, "/scorecards/default/draft", page="/scorecards")
    return browser


def send(browser: FlaskClient, address: str, page: str, **fields: Any) -> Any:
    token = token_in(browser.get(page).text)
    return browser.post(address, data={"csrf_token": token, **fields}, follow_redirects=True)


def typed_into(page: str) -> dict[str, Any]:
    """What the editor's form would send as it stands."""
    form = page.split('<form class="form" id="part"')[1].split("</form>", maxsplit=1)[0]
    fields: dict[str, Any] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        said = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        fields.setdefault(said["name"], []).append(unescape(said["value"]))
    for name, options in re.findall(r'<select[^>]* name="(\w+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.findall(r'value="([^"]*)" selected', options) or re.findall(r'value="([^"]*)"', options)[:1]
        fields.setdefault(name, []).append(chosen[0])
    return fields


def save(browser: FlaskClient, place: str, **changes: Any) -> Any:
    address = "/scorecards/default/edit"
    fields = typed_into(browser.get(f"{address}?at={place}").text) | changes
    return browser.post(address, data=fields, follow_redirects=True)


def sheet(application: Flask) -> Any:
    with changing(application) as session:
        return session.scalars(select(ScorecardDraft)).one().definition


def test_the_next_version_starts_as_the_newest(people: Flask) -> None:
    page = begun(people).get("/scorecards/default/edit").text
    assert "Use" in page
    assert re.search(r'data-share="measure.use">75', page)
    assert "No account changes colour" in page


def test_a_weight_moves_shares_and_accounts(people: Flask) -> None:
    browser = begun(people)
    page = save(browser, "about", green_from="50", amber_from="10").text
    assert "2 accounts change colour" in page
    preview = browser.get("/scorecards/default/preview").text
    assert "Account B" in preview
    assert "the limits of the bands" in preview
    assert "Account D" in preview  # It has too little signal, and is said to.


def test_another_curve_names_the_measure_that_moved_it(people: Flask) -> None:
    browser = begun(people)
    save(browser, "measure.use", point_value=["0", "70"], point_worth=["0", "100"])
    preview = browser.get("/scorecards/default/preview").text
    assert "1 account changes colour" in preview
    assert re.search(r"Account B.*60 → 86.*Use \+25\.7", preview, re.DOTALL)


@pytest.mark.parametrize(
    ("place", "changes", "words"),
    [
        pytest.param(
            "measure.use", {"point_value": ["9", "2"], "point_worth": ["0", "9"]}, "goes back", id="goes-back"
        ),
        pytest.param("measure.use", {"weight": "0"}, "above 0", id="weight-of-zero"),
        pytest.param("measure.use", {"weight": "much"}, "above 0", id="no-number"),
        pytest.param("measure.use", {"metric": ""}, "no metric yet", id="no-metric"),
        pytest.param("about", {"amber_from": "80"}, "below green", id="bands"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_kept(people: Flask, place: str, changes: Any, words: str) -> None:
    browser = begun(people)
    page = save(browser, place, **changes, name="Kept").text
    assert words in page
    assert 'value="Kept"' in page
    refused = send(browser, "/scorecards/default/publish", "/scorecards/default/publish", revision="2")
    assert refused.status_code == 400
    with changing(people) as session:
        assert session.scalars(select(ScorecardVersion.version)).all() == [1]


def test_an_unknown_metric_is_too_little_signal(people: Flask) -> None:
    page = save(begun(people), "measure.use", metric="never_heard_of").text
    assert "No account has this metric so far" in page
    assert "4 accounts have too little signal" in page


def test_two_people_at_one_part_see_both(people: Flask) -> None:
    alice, admin = begun(people), sign_in(people, ADMIN)
    page = admin.get("/scorecards/default/edit?at=about").text
    save(alice, "about", name="By Alice")
    reply = admin.post("/scorecards/default/edit", data=typed_into(page) | {"name": "By the admin"})
    assert reply.status_code == 409
    assert "By Alice" in reply.text
    assert "By the admin" in reply.text
    assert sheet(people)["name"] == "By Alice"


def test_two_people_at_different_parts_do_not_meet(people: Flask) -> None:
    alice, admin = begun(people), sign_in(people, ADMIN)
    page = admin.get("/scorecards/default/edit?at=about").text
    save(alice, "measure.use", weight="9")
    assert admin.post("/scorecards/default/edit", data=typed_into(page) | {"name": "Both"}).status_code == 303
    assert (sheet(people)["name"], sheet(people)["measures"][0]["weight"]) == ("Both", "9")


def test_a_script_is_told_the_same(people: Flask) -> None:
    browser = begun(people)
    page = browser.get("/scorecards/default/edit?at=measure.use").text
    fields = typed_into(page) | {"point_value": ["9", "2"], "point_worth": ["0", "9"]}
    reply = browser.post("/scorecards/default/edit", data=fields, headers={"Accept": "application/json"})
    assert reply.status_code == 200
    assert reply.json is not None
    assert "goes back" in reply.json["faults"]["points"]
    again = browser.post("/scorecards/default/edit", data=fields, headers={"Accept": "application/json"})
    assert again.json is not None
    assert again.json["basis"] == reply.json["basis"]


def test_history_says_how_the_lost_looked(people: Flask) -> None:
    page = begun(people).get("/scorecards/default/history").text
    assert "1 of 1 lost account was red 90 days before" in page
    assert page.count('<td class="nowrap">') == 6


def test_publishing_tells_what_changes_and_the_versions_compare(people: Flask) -> None:
    browser = begun(people)
    save(browser, "measure.use", weight="5")
    save(browser, "about", green_from="60")
    assert "Use: weight 3 → 5" in browser.get("/scorecards/default/publish").text
    page = send(
        browser, "/scorecards/default/publish", "/scorecards/default/publish", revision="3", note="Usage counts"
    )
    assert "version 2, is published" in page.text
    assert "1 account changes colour from version 1 to version 2" in page.text
    assert "Usage counts" in page.text
    with changing(people) as session:
        assert session.scalars(select(ScorecardDraft)).all() == []
        assert len(session.scalars(select(HealthComputation)).all()) == 2
    earlier = browser.get(f"/scorecards/default/compare?on={date(2020, 1, 1)}").text
    assert "No account changes colour" in earlier


def test_a_draft_that_says_the_same_is_not_published(people: Flask) -> None:
    browser = begun(people)
    assert "Nothing has changed since version 1" in browser.get("/scorecards/default/publish").text
    reply = send(browser, "/scorecards/default/publish", "/scorecards/default/publish", revision="1")
    assert (reply.status_code, "there is nothing to publish" in reply.text) == (400, True)


@pytest.mark.parametrize("template", ["adoption", "categories_360", "commercial", "happy_path", "starter"])
def test_every_template_begins_a_draft(people: Flask, template: str) -> None:
    browser = sign_in(people, LEADER)
    page = send(browser, "/scorecards/new", "/scorecards/new", name="New one", **{"from": template, "form_key": "f"})
    assert page.status_code == 200
    assert "New one" in page.text
    again = send(browser, "/scorecards/new", "/scorecards/new", name="New one", **{"from": template, "form_key": "f"})
    assert again.status_code == 200
    with changing(people) as session:
        assert len(session.scalars(select(ScorecardDraft)).all()) == 1


def test_a_slot_without_a_metric_stays_in_the_draft_and_out_of_publishing(people: Flask) -> None:
    browser = sign_in(people, LEADER)
    send(browser, "/scorecards/new", "/scorecards/new", name="Path", **{"from": "happy_path", "form_key": "f"})
    page = browser.get("/scorecards/path/publish").text
    assert "8 things stand in the way" in page
    assert "take the slot out" in page


def test_groups_measures_and_exceptions_are_added_moved_and_taken_out(people: Flask) -> None:
    browser = begun(people)
    save(browser, "weights", do="down:use")
    assert [m["key"] for m in sheet(people)["measures"]] == ["odd", "use"]
    save(browser, "weights", do="add_measure")
    save(browser, "measure.measure_1", do="delete:measure_1")
    save(browser, "weights", do="add_group")
    save(browser, "exceptions", do="add_exception")
    page = save(browser, "exceptions", exception_of="group:group_1").text
    assert 'value="group:group_1" selected' in page
    save(browser, "weights", do="drop_group:group_1")
    assert (sheet(people)["groups"], sheet(people)["exceptions"]) == ([], [])


def test_a_discarded_draft_is_gone_and_the_version_stays(people: Flask) -> None:
    browser = begun(people)
    page = send(browser, "/scorecards/default/discard", "/scorecards/default/publish", revision="1").text
    assert "is gone" in page
    assert "version 1 since" in page


@pytest.mark.parametrize("email", [CSM, VIEWER])
@pytest.mark.parametrize("page", ["edit", "preview", "history", "publish", "compare"])
def test_others_may_not(people: Flask, email: str, page: str) -> None:
    begun(people)
    assert sign_in(people, email).get(f"/scorecards/default/{page}").status_code == 403


@pytest.mark.parametrize(("email", "sees"), [(LEADER, True), (CSM, False)])
def test_the_hub_leads_where_one_may_go(people: Flask, email: str, sees: bool) -> None:
    page = sign_in(people, email).get("/health").text
    assert ("/scorecards" in page.split("<main")[1]) is sees
