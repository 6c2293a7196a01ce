"""Which scorecard scores whom, in the browser: rules in order, what each catches, refused and published."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.customers.models import Account, Relationship
from app.health.models import ScorecardChoice
from app.health.services import load_scorecard
from tests.health.test_views_editor import CARD, send
from tests.users.people import LEADER, VIEWER, add_people, changing, sign_in

PAGE = "/scorecards/choice"
SEGMENTS = {"A": "Enterprise", "B": "enterprise", "C": "Small, local", "D": None}


@pytest.fixture
def people(application: Flask) -> Flask:
    """A workspace with people, two scorecards, and four accounts of which one has a relationship."""
    with changing(application) as session:
        add_people(session)
        for key in ("default", "large"):
            load_scorecard(session, document={**CARD, "key": key, "name": key.title()})
        for crm_id, segment in SEGMENTS.items():
            session.add(Account(crm_id=crm_id, name=crm_id, segment=segment))
        session.flush()
        account = session.scalars(select(Account.id).where(Account.crm_id == "D")).one()
        session.add(Relationship(crm_id="R", account_id=account, type="Partner"))
    return application


def sent(browser: FlaskClient, *rules: tuple[str, str, str], do: str = "look", default: str = "default") -> Any:
    fields = {
        name: [rule[place] for rule in rules]
        for place, name in enumerate(("rule_field", "rule_values", "rule_scorecard"))
    }
    return send(browser, PAGE, PAGE, **fields, do=do, default=default)


def test_without_rules_everybody_has_the_default(people: Flask) -> None:
    page = sign_in(people, LEADER).get(PAGE).text
    assert "One scorecard for everybody" in page
    assert "4 accounts" in page
    assert "Enterprise (1)" in page
    assert "Partner (1)" in page


def test_each_rule_says_what_it_catches(people: Flask) -> None:
    rules = (("segment", "Enterprise", "large"), ("segment", "Small, local\r\nNobody", "large"), ("tier", "1", "large"))
    page = sent(sign_in(people, LEADER), *rules).text
    assert "Catches 2 accounts" in page
    assert "Catches 1 account." in page
    assert page.count("This rule matches nothing") == 1
    with changing(people) as session:
        assert session.scalars(select(ScorecardChoice)).all() == []


def test_rules_move_and_are_taken_out(people: Flask) -> None:
    rules = (("segment", "Enterprise", "large"), ("relationship_type", "Partner", "large"))
    browser = sign_in(people, LEADER)
    page = sent(browser, *rules, do="up:1").text
    assert page.index("\nPartner</textarea>") < page.index("\nEnterprise</textarea>")
    assert "\nPartner</textarea>" not in sent(browser, *rules, do="drop:1").text


def test_published_rules_hold(people: Flask) -> None:
    browser = sign_in(people, LEADER)
    page = sent(browser, ("segment", "Enterprise", "large"), do="publish").text
    assert "version 1, holds from now on" in page
    assert "One rule says which scorecard scores whom" in page
    with changing(people) as session:
        published = session.scalars(select(ScorecardChoice)).one().definition
    assert published["rules"] == [{"field": "segment", "values": ["Enterprise"], "scorecard": "large"}]


@pytest.mark.parametrize(
    ("rule", "default", "words"),
    [
        pytest.param(("segment", "Enterprise", "gone"), "default", "There is no scorecard", id="unknown-scorecard"),
        pytest.param(("colour", "Enterprise", "large"), "default", "use one of", id="unknown-field"),
        pytest.param(("segment", "Enterprise", "large"), "gone", "There is no scorecard", id="unknown-default"),
    ],
)
def test_what_is_refused_stays_as_it_was_typed(people: Flask, rule: Any, default: str, words: str) -> None:
    reply = sent(sign_in(people, LEADER), rule, do="publish", default=default)
    assert reply.status_code == 400
    assert words in reply.text
    assert "\nEnterprise</textarea>" in reply.text


def test_viewers_may_not(people: Flask) -> None:
    assert sign_in(people, VIEWER).get(PAGE).status_code == 403
