"""The page of one account: who sees which part of it, and what stands there before anything is known."""

from datetime import date
from typing import Any
from urllib.parse import quote

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy import event
from sqlalchemy.orm import Session

from app.actions.models import Action
from app.core.database import db
from app.core.workspace import Workspace
from app.customers.models import Account, Contact, Opportunity, Promise, Relationship
from app.customers.services import note_searched
from app.health.models import HealthScore, JudgementSeal, ScorecardChoice, SupportCase, Telemetry
from app.responses.models import Answer, Remark, Response
from app.users.models import User
from tests.conftest import Fill
from tests.customer360.workspace import HOSTILE, SLASHED, add_workspace
from tests.factories.answers import question_ids
from tests.reports.studies import HOSTILE_WORDS
from tests.users.people import ADMIN, CSM, LEADER, NOON, STRANGER, VIEWER, changing, sign_in


@pytest.fixture
def filled(application: Flask, fill: Fill) -> Flask:
    """The workspace of the accounts' tests."""
    fill(add_workspace)
    return application


@pytest.mark.parametrize(
    ("person", "names", "voice"),
    [(ADMIN, True, True), (LEADER, True, True), (CSM, True, True), (VIEWER, False, True), (STRANGER, True, False)],
)
def test_each_sees_the_part_that_is_theirs(filled: Flask, person: str, names: bool, voice: bool) -> None:
    page = sign_in(filled, person).get("/accounts/A4?show=all").text
    assert ("Person 4 champion" in page) is names
    assert ("Who we heard:" in page) is voice
    assert ("/studies/q1/responses/" in page) is voice
    assert "health 80" in page
    assert " style=" not in page
    assert page.count("<h1") == 1


def test_a_csm_sees_no_account_of_others(filled: Flask) -> None:
    browser = sign_in(filled, CSM)
    assert browser.get("/accounts/A3").status_code == 404
    assert browser.get("/accounts/none").status_code == 404


def test_an_id_may_hold_anything(filled: Flask) -> None:
    browser = sign_in(filled, ADMIN)
    address = f"/accounts/{quote(SLASHED)}"
    assert address in browser.get("/accounts").text.replace("&#39;", "'")
    page = browser.get(address)
    assert page.status_code == 200
    assert "Øster Åkeri" in page.text
    for hostile in ("x" * 5000, "%2e%2e", "%ED%A0%80", "'%20OR%201=1", "%C3%B8/"):
        assert browser.get(f"/accounts/{hostile}").status_code == 404
    assert browser.get("/accounts/a%00b").status_code == 400


def test_nothing_hostile_becomes_markup(filled: Flask) -> None:
    browser = sign_in(filled, ADMIN)
    for address in (f"/accounts/{quote(SLASHED)}", "/accounts/A1"):
        page = browser.get(address).text
        assert HOSTILE not in page
        assert HOSTILE_WORDS not in page
        assert "<script>alert" not in page
    assert "They promised two days a month" in browser.get("/accounts/A1").text


def test_an_account_without_anything_says_so(filled: Flask) -> None:
    page = sign_in(filled, ADMIN).get("/accounts/A12").text
    assert "Twelve has no telemetry; nobody was asked yet" in page
    for words in ("No telemetry", "Not asked yet", "none", "flask import telemetry", "flask study draw"):
        assert words in page
    assert '<dd class="v">0' not in page


def test_health_is_explained_and_what_is_missing_is_named(filled: Flask) -> None:
    with changing(filled) as session:
        account = session.scalars(sa.select(Account.id).where(Account.crm_id == "A4")).one()
        health = session.scalars(sa.select(HealthScore).where(HealthScore.account_id == account)).one()
        health.missing = ["ghost_measure"]
    page = sign_in(filled, ADMIN).get("/accounts/A4").text
    assert "One measure makes health 80" in page
    assert "Ghost measure" in page
    assert "no telemetry measures this" in page


def test_words_are_quoted_only_as_allowed(filled: Flask) -> None:
    with changing(filled) as session:
        response = session.scalars(sa.select(Response.id).where(Response.external_id == "R-A5-champion")).one()
        ids = question_ids(session)
        asked, reason = ids["quote_permission"], ids["reason"]
        remark = {"response_id": response, "probes": []}
        session.add_all(
            [
                Remark(**remark, question_id=reason, revision=1, quote="Said in confidence.", quote_permission="none"),
                Remark(**remark, question_id=asked, revision=1, quote="Said openly.", quote_permission="with_name"),
            ]
        )
    browser = sign_in(filled, ADMIN)
    page = browser.get("/accounts/A5").text
    assert "Said in confidence." not in page
    assert "Said openly." in page
    assert "Quote with name" in page
    with changing(filled) as session:
        session.add(Answer(response_id=response, question_id=asked, value_text="none"))
    page = browser.get("/accounts/A5").text
    assert "Said openly." not in page
    assert "Words of A5-champion" not in page
    assert "Words of A5-power_user" in page


MOST_STATEMENTS = 12


def test_the_page_asks_a_dozen_times_however_much_there_is(filled: Flask) -> None:
    rules = [{"field": "segment", "values": ["Large"], "scorecard": "default"}]
    with changing(filled) as session:
        account = session.scalars(sa.select(Account).where(Account.crm_id == "A4")).one()
        session.add(ScorecardChoice(version=1, definition={"rules": rules, "default": "default"}, content_sha256="0"))
        fill_up(session, account.id)
    browser = sign_in(filled, LEADER)
    browser.get("/accounts/A4")
    with filled.app_context():
        engine = db.engine
    for address in ("/accounts/A4", "/accounts/A12", f"/accounts/{quote(SLASHED)}"):
        seen: list[object] = []

        def note(*facts: object, seen: list[object] = seen) -> None:
            seen.append(facts[2])

        event.listen(engine, "before_cursor_execute", note)
        assert browser.get(address).status_code == 200
        event.remove(engine, "before_cursor_execute", note)
        assert len(seen) <= MOST_STATEMENTS, seen


def fill_up(session: Session, account_id: int) -> None:
    """Add 400 people to an account, 40 cases, deals and promises, and a year of use."""
    of: dict[str, Any] = {"account_id": account_id}
    days = [date(2026, month, 28) for month in range(1, 11)]
    some = [(f"many-{n}", n) for n in range(40)]
    promised = of | {"source": "sales", "aspect": "economic", "text": "x", "amount": 10}
    session.add_all(
        [
            *(Contact(crm_id=f"many-{n}", name=f"Many {n:03d}", **of) for n in range(400)),
            *(SupportCase(crm_id=key, opened_at=NOON, priority="high" if n % 2 else None, **of) for key, n in some),
            *(Opportunity(crm_id=key, stage="Proposal", amount=1000, **of) for key, _ in some),
            *(Promise(crm_id=key, **promised) for key, _ in some),
            *(Relationship(crm_id=key, type="product", name=f"Product {n % 5}", **of) for key, n in some),
            *(Telemetry(metric="active_users", period_end=on, value=90, **of) for on in days),
        ]
    )


def test_four_hundred_contacts_stay_calm(filled: Flask) -> None:
    with changing(filled) as session:
        account = session.scalars(sa.select(Account).where(Account.crm_id == "A4")).one()
        account.seats = 100
        fill_up(session, account.id)
    browser = sign_in(filled, CSM)
    page = browser.get("/accounts/A4").text.replace("\N{NO-BREAK SPACE}", " ")
    assert "Many 399" not in page, "people are read when somebody comes to them"
    for words in ("90 %", "90 of 100 users", "€40 k in all", "0 of 40", "5 of 5"):
        assert words in page
    people = browser.get("/accounts/A4/section-contacts").text
    assert "Many 399" in people
    assert "more</summary>" in people
    assert "40 relationships with us" in browser.get("/accounts/A4/section-relationships").text


def test_each_account_keeps_its_own_currency(filled: Flask) -> None:
    with changing(filled) as session:
        session.merge(Workspace(id=1, currency="EUR"))
        dollars = session.scalars(sa.select(Account).where(Account.crm_id == SLASHED)).one()
        session.add(Opportunity(crm_id="d", account_id=dollars.id, stage="Proposal", amount=1000))
    browser = sign_in(filled, ADMIN)
    page = browser.get(f"/accounts/{quote(SLASHED)}").text
    assert "$900" in page
    assert "$1,000 in all" in page
    assert "€" not in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=acc&match=starts", "Account 2"),
        ("q=ACCOUNT+4", "Account 4"),
        ("q=count&match=starts", "No account starts with"),
        ("q=beacon&by=relationship", "Account 4"),
        ("q=beacon", "No account contains"),
        ("q=" + "x" * 5000, "No account contains"),
        ("q=%25", "No account contains"),
        ("q=", ""),
    ],
)
def test_a_search_answers_while_it_is_typed(filled: Flask, query: str, found: str) -> None:
    with changing(filled) as session:
        for crm_id in ("A4", "A3"):
            account = session.scalars(sa.select(Account.id).where(Account.crm_id == crm_id)).one()
            session.add(Relationship(crm_id=f"r-{crm_id}", account_id=account, type="product", name="Beacon"))
        session.flush()
        note_searched(session)
    reply = sign_in(filled, CSM).get(f"/find/accounts?{query}").text
    assert found in reply
    assert "Account 3" not in reply, "that is not Carl's"
    assert reply.count("<li>") <= 8
    assert "<html" not in reply


@pytest.mark.parametrize("key", ["voice", "quotes", "contacts", "actions", "stakeholders", "situations", "more"])
def test_a_section_alone_is_as_far_as_the_account(filled: Flask, key: str) -> None:
    browser = sign_in(filled, CSM)
    assert browser.get(f"/accounts/A4/section-{key}").status_code == 200
    assert browser.get(f"/accounts/A3/section-{key}").status_code == 404
    assert browser.get("/accounts/A4/section-nothing").status_code == 404
    assert "Person 4 champion" not in sign_in(filled, VIEWER).get(f"/accounts/A4/section-{key}").text


def test_actions_of_all_owners_are_counted_by_kind(filled: Flask) -> None:
    with changing(filled) as session:
        account = session.scalars(sa.select(Account.id).where(Account.crm_id == "A4")).one()
        by = session.scalars(sa.select(User.id).where(User.email == STRANGER)).one()
        for kind in ("task", "risk", "opportunity", "opportunity"):
            facts = {"account_id": account, "owner_id": by, "created_by": by, "due_on": date(2026, 1, 1)}
            session.add(Action(kind=kind, title=f"A {kind}", is_promised=False, **facts))
    page = sign_in(filled, CSM).get("/accounts/A4").text
    assert "4 late · of one owner" in page
    assert "One risk and two opportunities among them" in page
    leader = sign_in(filled, LEADER)
    assert "4 late" in leader.get("/accounts/A4").text
    section = leader.get("/accounts/A4/section-actions").text
    assert "A risk</a>" in section
    assert "Nothing is to be done" not in section
    assert 'data-widget="actions"' not in sign_in(filled, VIEWER).get("/accounts/A4").text


def test_judgement_that_is_sealed_is_not_called_none(filled: Flask) -> None:
    with changing(filled) as session:
        session.add(JudgementSeal(scorecard_key="default", sealed_at=NOON))
    assert 'data-widget="csm"' not in sign_in(filled, LEADER).get("/accounts/A4").text
    assert 'data-widget="csm"' in sign_in(filled, CSM).get("/accounts/A4").text


def test_timeline_and_ledger_stand_in_their_sections(filled: Flask) -> None:
    browser = sign_in(filled, CSM)
    assert "What happened last" in browser.get("/accounts/A4/section-timeline").text
    assert "No promise is on record" in browser.get("/accounts/A4/section-promises").text
    with changing(filled) as session:
        account = session.scalars(sa.select(Account.id).where(Account.crm_id == "A4")).one()
        fill_up(session, account)
    page = browser.get("/accounts/A4/section-promises").text
    assert "All 40 promises" in page
    assert "/accounts/A4/ledger" in page
