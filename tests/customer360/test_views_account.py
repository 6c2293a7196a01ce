"""The page of one account: who sees which part of it, and what stands there before anything is known."""

from urllib.parse import quote

import pytest
import sqlalchemy as sa
from flask import Flask

from app.customers.models import Account
from app.health.models import HealthScore
from app.responses.models import Answer, Remark, Response
from tests.conftest import Fill
from tests.customer360.workspace import HOSTILE, SLASHED, add_workspace
from tests.factories.answers import question_ids
from tests.reports.studies import HOSTILE_WORDS
from tests.users.people import ADMIN, CSM, LEADER, STRANGER, VIEWER, changing, sign_in


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
    assert ("Who we heard" in page) is voice
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
