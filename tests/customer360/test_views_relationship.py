"""The page of one relationship, and the section and widget of an account that lead to it: who sees what, and calm."""

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from app.actions.models import Action
from app.core.clock import today
from app.core.database import db
from app.customer360.rules.layout import Extent
from app.customer360.services import save_layout
from app.customers.models import Account, Relationship
from app.relationships.services import save_roll_up
from app.users.models import AuditEvent, User
from tests.conftest import Fill
from tests.customer360.related import BESIDE, BILLING, OF_A4, PLANNING, SUITE, add_related
from tests.users.people import ADMIN, CSM, LEADER, NOON, STRANGER, VIEWER, changing, sign_in, token_in

SECTION = "/accounts/A4/section-relationships"
MOST_STATEMENTS = 12


@pytest.fixture
def filled(application: Flask, fill: Fill) -> Flask:
    """The workspace with relationships."""
    fill(add_related)
    return application


def asked(application: Flask, browser: FlaskClient, address: str) -> tuple[str, int]:
    """Return a page, and how many statements it took."""
    seen: list[object] = []

    def note(*facts: object) -> None:
        seen.append(facts[2])

    with application.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    page = browser.get(address)
    event.remove(engine, "before_cursor_execute", note)
    assert page.status_code == 200
    return page.text, len(seen)


def store(browser: FlaskClient, address: str = OF_A4, **fields: str) -> tuple[int, str]:
    """Send the fields of a relationship."""
    form = {"csrf_token": token_in(browser.get("/accounts").text), **fields}
    reply = browser.post(address, data=form)
    return reply.status_code, reply.text


@pytest.mark.parametrize(
    ("person", "writes", "acts"),
    [(ADMIN, True, True), (LEADER, True, True), (STRANGER, True, True), (CSM, True, True), (VIEWER, False, False)],
)
def test_each_sees_the_part_that_is_theirs(filled: Flask, person: str, writes: bool, acts: bool) -> None:
    page = sign_in(filled, person).get(OF_A4).text
    for words in ("Suite has health 80", "Tom Quist", "two relationships below it", "<dt>Edition</dt>", "R/1 suite"):
        assert words in page
    assert ("Store the fields" in page) is writes
    assert ("Add an action about it" in page) is acts
    assert 'href="/accounts/A4"' in page
    assert page.count("<h1") == 1
    assert " style=" not in page
    assert "<b>Billing" not in page


def test_a_csm_sees_no_relationship_of_other_accounts(filled: Flask) -> None:
    browser = sign_in(filled, CSM)
    assert browser.get("/accounts/A3/relationships/R-9").status_code == 404
    assert browser.get("/accounts/A4/relationships/R-9").status_code == 404
    assert browser.get("/accounts/A4/relationships/none").status_code == 404
    assert store(browser, "/accounts/A3/relationships/R-9", **{"field-edition": "x"})[0] == 404
    assert browser.get("/accounts/A4/relationships/R-3%20%23%3F").status_code == 200
    assert store(sign_in(filled, VIEWER), **{"field-edition": "x"})[0] == 403


def test_health_opens_to_its_measures_and_moves(filled: Flask) -> None:
    page = sign_in(filled, CSM).get(OF_A4).text
    for words in (
        "One measure makes health 80",
        "version 1, as of",
        "Measure by measure",
        "+10 since",
        "Health day by",
    ):
        assert words in page


def test_with_nothing_known_each_part_says_the_next_step(filled: Flask) -> None:
    page = sign_in(filled, LEADER).get(f"/accounts/A4/relationships/{BESIDE}").text
    for words in (
        "How Service does is not known yet",
        "Service has no scorecard",
        "/relationships/types/service",
        "Nobody has said how Service does",
        "Nothing is to be done about it",
        "Nothing stands above or below it",
        "Its type has no fields of its own",
        "Its type has no survey",
    ):
        assert words in page
    page = sign_in(filled, LEADER).get("/accounts/A3/relationships/R-9").text
    assert "flask import telemetry" in page
    assert "/studies/new?questionnaire=relationship" in page


def test_what_stands_above_and_below_leads_there(filled: Flask) -> None:
    page = sign_in(filled, CSM).get(f"/accounts/A4/relationships/{PLANNING}").text
    part = page.split('id="relationships"')[1].split("</section>")[0]
    assert 'href="/accounts/A4/relationships/R/1%20suite"' in part
    assert 'href="/accounts/A4/relationships/R-3%20%23?' not in part
    assert "R-3%20%23%3F" in part
    assert "the worst of 2" in part
    assert 'aria-current="true"><span class="rel-what"><b class="strong">Planning' in part


def test_the_account_shows_them_as_a_tree_with_what_they_come_to(filled: Flask) -> None:
    leader, page = sign_in(filled, LEADER), sign_in(filled, CSM).get(SECTION).text
    assert "Four relationships with us" in page
    assert "the worst of 3; 1 has no score" in page
    assert '<dd class="v">40</dd>' in page
    assert page.index("Suite</a>") < page.index("Planning</a>") < page.index("Billing")
    assert 'class="rel-2"' in page
    assert "/relationships#rule" not in page
    assert "/relationships#rule" in leader.get(SECTION).text
    assert 'data-widget="relationships"' in leader.get("/accounts/A4").text
    assert 'data-widget="relationships"' not in leader.get("/accounts/A2").text, "it has none"
    with changing(filled) as session:
        save_roll_up(session, actor_id=None, rule="arr")
    page = leader.get(SECTION).text
    assert "the mean of 2, weighted by ARR; 1 has no score; 1 has no ARR" in page
    assert '<dd class="v">70</dd>' in page
    assert "weighted by ARR" in leader.get("/accounts/A4").text


def test_a_cycle_is_told_and_calm(filled: Flask) -> None:
    with changing(filled) as session:
        suite = session.scalars(sa.select(Relationship).where(Relationship.crm_id == SUITE)).one()
        suite.parent_crm_id = BILLING
    browser = sign_in(filled, CSM)
    for address in (SECTION, OF_A4):
        page = browser.get(address)
        assert page.status_code == 200
        assert "stand above each other: shown side by side" in page.text
    assert browser.get("/accounts/A4").status_code == 200


def test_four_hundred_relationships_stay_calm(filled: Flask) -> None:
    with changing(filled) as session:
        account = session.scalars(sa.select(Account.id).where(Account.crm_id == "A4")).one()
        rows = [
            Relationship(
                crm_id=f"M{n}", account_id=account, type="product", parent_crm_id=f"M{n - 1}", name=f"Part {n}"
            )
            for n in range(400)
        ]
        session.add_all(rows)
    browser = sign_in(filled, CSM)
    page, statements = asked(filled, browser, SECTION)
    assert "404 relationships with us" in page
    assert "392 more" in page
    assert "204 more, which a search" in page
    assert statements <= MOST_STATEMENTS
    page, statements = asked(filled, browser, "/accounts/A4/relationships/M0")
    assert "and 199 more below it" in page
    assert statements <= MOST_STATEMENTS


def test_fields_are_typed_in_and_nothing_typed_is_lost(filled: Flask) -> None:
    browser = sign_in(filled, CSM)
    new = {"field-edition": " Huge ", "was-edition": "Large", "field-live_since": "2024", "was-live_since": ""}
    assert store(browser, **new)[0] == 303
    page = browser.get(OF_A4).text
    assert 'value="Huge"' in page
    assert "kept" in page, "what files brought stays"
    status, page = store(browser, **{"field-edition": "x" * 501, "was-edition": "Huge", "field-live_since": "2025"})
    assert status == 400
    assert "Shorten it to 500 characters" in page
    assert 'value="2025"' in page
    status, page = store(browser, **{"field-edition": "Small", "was-edition": "Large"})
    assert status == 409
    assert "Somebody else changed “Edition” meanwhile: it says “Huge”" in page
    assert 'value="Small"' in page
    assert store(browser, **{"field-edition": "Small", "was-edition": "Huge", "field-name": "y"})[0] == 303
    with changing(filled) as session:
        row = session.scalars(sa.select(Relationship).where(Relationship.crm_id == SUITE)).one()
        assert row.custom == {"edition": "Small", "live_since": "2024", "legacy": "kept"}
        told = session.scalars(sa.select(AuditEvent.fields).where(AuditEvent.action == "relationships.fields")).all()
        assert told == [{"changed": ["edition", "live_since"]}, {"changed": ["edition"]}]


def test_the_layout_of_its_type_holds(filled: Flask) -> None:
    with changing(filled) as session:
        by = session.scalars(sa.select(User.id).where(User.email == LEADER)).one()
        typed = {
            "summary": [
                {"field": "custom.edition", "label": "Which one", "shows": "both"},
                {"field": "arr", "label": "", "shows": "list"},
                {"field": "custom.nowhere", "label": "", "shows": "account"},
                {"field": "industry", "label": "", "shows": "account"},
            ],
            "widgets": [{"key": "gap", "shown": True}, {"key": "health", "shown": False}],
            "sections": [
                {"key": "more", "shown": True},
                {"key": "health", "shown": True},
                {"key": "voice", "shown": False},
            ],
        }
        save_layout(session, extent=Extent.TYPE, name="product", typed=typed, seen=0, at=NOON, by=by)
    leader = sign_in(filled, LEADER)
    page = leader.get(OF_A4).text
    summary = page.split('class="acct-summary"')[1].split("</dl>")[0]
    assert summary.count("<dt>") == 2
    assert "Which one" in summary
    assert "of the account" in summary
    assert 'data-widget="health"' not in page
    assert 'data-widget="gap"' in page
    assert page.index('id="more"') < page.index('id="health"')
    assert 'id="voice"' not in page
    arranging = leader.get("/layouts/type/product").text
    assert "No account has" in arranging
    assert "Nowhere" in arranging
    assert "“Which one”" not in arranging, "the type declares it"


def test_an_action_may_be_about_a_relationship_of_its_account_alone(filled: Flask) -> None:
    browser = sign_in(filled, CSM)
    form = browser.get("/actions/new?account=A4&relationship=R-2").text
    assert '<option value="R-2" selected>' in form
    assert 'value="R-9"' not in form, "that is of another account"
    with changing(filled) as session:
        carl = session.scalars(sa.select(User.id).where(User.email == CSM)).one()
    wish = {"title": "Look", "owner": str(carl), "due_on": today().isoformat(), "kind": "risk", "form_key": "k"}
    send = {"csrf_token": token_in(form), **wish}
    reply = browser.post("/actions/new?account=A4", data={**send, "relationship": "R-9"})
    assert reply.status_code == 400
    assert "Choose from the list which relationship" in reply.text
    assert browser.post("/actions/new?account=A4", data={**send, "relationship": "R-2"}).status_code == 303
    for address in ("/actions", "/actions/board", "/accounts/A4/section-actions"):
        assert "Planning" in browser.get(address).text
    page = browser.get("/accounts/A4/relationships/R-2").text
    assert "One risk" in page or "one risk" in page
    assert "Look" in page
    assert "Look" not in browser.get(OF_A4).text
    with changing(filled) as session:
        action = session.scalars(sa.select(Action.id)).one()
    shown = browser.get(f"/actions/{action}").text
    assert 'href="/accounts/A4/relationships/R-2"' in shown
    changed = {**send, "relationship": ""}
    assert browser.post(f"/actions/{action}", data=changed).status_code == 303
    with changing(filled) as session:
        assert session.get_one(Action, action).relationship_id is None


def test_a_search_by_relationship_leads_to_its_page(filled: Flask) -> None:
    browser = sign_in(filled, CSM)
    found = browser.get("/find/accounts?by=relationship&q=plann").text
    assert 'href="/accounts/A4/relationships/R-2"' in found
    assert "R-9" not in found, "that is not Carl's"
    assert 'href="/accounts/A4/relationships/R-2"' in browser.get("/accounts?by=relationship&q=plann").text
    assert "/relationships/" not in browser.get("/accounts?q=account").text
