"""The pages of types: who may, what holds, what is refused, two who save at once, and what each rule would give."""

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict

from app.relationships.models import RelationshipType, RollUpChoice
from app.users.models import AuditEvent
from tests.conftest import Fill
from tests.customer360.related import add_related
from tests.customer360.workspace import add_workspace
from tests.users.people import ADMIN, CSM, LEADER, STRANGER, VIEWER, changing, sign_in, token_in

PRODUCT = "/relationships/types/product"


@pytest.fixture
def filled(application: Flask, fill: Fill) -> Flask:
    """The workspace with relationships."""
    fill(add_related)
    return application


def typed(do: str, *fields: str, seen: int = 1, **more: str) -> MultiDict[str, str]:
    """Return a form of a type with fields, each `key=label`."""
    form = MultiDict([("do", do), ("seen", str(seen)), ("scorecard", "default"), ("survey", "")])
    for each in fields:
        key, _, label = each.partition("=")
        form.add("key", key)
        form.add("label", label)
    for name, value in more.items():
        form[name] = value
    return form


def send(browser: FlaskClient, form: MultiDict[str, str], address: str = PRODUCT) -> Any:
    """Send a form."""
    form["csrf_token"] = token_in(browser.get("/relationships").text)
    return browser.post(address, data=form)


@pytest.mark.parametrize(("person", "status"), [(ADMIN, 200), (LEADER, 200), (CSM, 403), (VIEWER, 403)])
def test_who_may_say_what_types_bring(filled: Flask, person: str, status: int) -> None:
    browser = sign_in(filled, person)
    for address in ("/relationships", PRODUCT):
        assert browser.get(address).status_code == status
    assert ("Types of relationships" in browser.get("/accounts").text) is (status == 200)


def test_every_type_in_use_stands_there_with_what_it_brings(filled: Flask) -> None:
    leader = sign_in(filled, LEADER)
    page = leader.get("/relationships").text
    for words in (
        "Two types of relationships",
        "Four relationships",
        "Edition and Live since",
        "/layouts/type/product",
    ):
        assert words in page
    assert 'href="/relationships/types/service"' in page
    assert 'href="/relationships"' in leader.get("/layouts").text
    assert (
        leader.get("/relationships/types?name=Big+One").headers["Location"].endswith("/relationships/types/big%20one")
    )
    assert leader.get("/relationships/types/big%20one").status_code == 200
    assert leader.get(f"/relationships/types/{'x' * 81}").status_code == 404


def test_fields_come_move_and_go_before_anything_is_stored(filled: Flask) -> None:
    leader = sign_in(filled, LEADER)
    page = send(leader, typed("add", "edition=Edition", add="  Go-live  date ")).text
    assert 'name="key" value="go_live_date"' in page
    assert 'value="Go-live date"' in page
    page = send(leader, typed("up:b", "a=First", "b=Second")).text
    assert page.index('value="b"') < page.index('value="a"')
    assert 'value="a"' not in send(leader, typed("out:a", "a=First", "b=Second")).text
    for name, words in (("Edition", "There is a field “edition” already."), ("!!", "letters or figures")):
        reply = send(leader, typed("add", "edition=Mine", add=name))
        assert reply.status_code == 400
        assert words in reply.text
        assert 'value="Mine"' in reply.text
    many = [f"f{n}=F{n}" for n in range(12)]
    assert "at most 12 fields" in send(leader, typed("add", *many, add="More")).text
    with changing(filled) as session:
        assert session.scalar(sa.select(sa.func.max(RelationshipType.revision))) == 1


def test_a_type_holds_once_it_is_saved(filled: Flask) -> None:
    leader = sign_in(filled, LEADER)
    form = typed("save", "live_since=Went live", "owner_team=Team", survey="value_realisation")
    known = leader.get(PRODUCT).text.split('name="survey"')[1].split("</select>")[0]
    form["survey"] = known.split('<option value="')[2].split('"')[0]
    assert send(leader, form).status_code == 303
    page = leader.get("/accounts/A4/relationships/R-2").text
    for words in ("Went live", "Team", "plan a study with it", f"/studies/new?questionnaire={form['survey']}"):
        assert words in page
    assert f'value="{form["survey"]}" selected' in leader.get(f"/studies/new?questionnaire={form['survey']}").text
    assert leader.get("/studies/new?questionnaire=nothing").status_code == 200
    reply = send(leader, typed("save", seen=2, scorecard="nowhere"))
    assert reply.status_code == 400
    assert "no published scorecard “nowhere”" in reply.text


def test_two_who_save_one_type_see_both_and_lose_nothing(filled: Flask) -> None:
    alice, lars = sign_in(filled, LEADER), sign_in(filled, STRANGER)
    assert send(alice, typed("save", "edition=Alices")).status_code == 303
    reply = send(lars, typed("save", "edition=Larses", "more=More"))
    assert reply.status_code == 409
    for words in ("Alice Owner saved this type", "What Alice Owner saved", "Alices", "Larses and More"):
        assert words in reply.text
    assert 'value="Larses"' in reply.text
    assert send(lars, typed("save", "edition=Larses", seen=2)).status_code == 303
    assert "Lars Stranger saved it" in lars.get(PRODUCT).text


def test_the_rule_is_chosen_by_what_each_would_give(filled: Flask) -> None:
    leader = sign_in(filled, LEADER)
    page = leader.get("/relationships").text
    for words in (
        "Account 4 has",
        "rolled up by the rule “Worst”",
        "Nobody chose a rule yet",
        "</span>40</span>",
        "70<",
    ):
        assert words in page
    form: MultiDict[str, str] = MultiDict([("rule", "mean")])
    assert send(leader, form, "/relationships").status_code == 303
    page = leader.get("/relationships").text
    assert "rolled up by the rule “Mean”" in page
    assert "Alice Owner chose “Mean”" in page
    reply = send(leader, MultiDict([("rule", "best")]), "/relationships")
    assert reply.status_code == 400
    assert "Choose one of the rules" in reply.text
    with changing(filled) as session:
        assert session.scalars(sa.select(RollUpChoice.rule)).all() == ["mean"]
        told = session.scalars(sa.select(AuditEvent.action).where(AuditEvent.action.like("relationships.roll%"))).all()
        assert told == ["relationships.roll_up"]


def test_without_any_relationship_the_page_says_what_comes_first(application: Flask, fill: Fill) -> None:
    fill(add_workspace)
    page = sign_in(application, LEADER).get("/relationships").text
    for words in ("No type of relationships yet", "flask import relationships", "Say an account has a large product"):
        assert words in page


def test_a_form_in_pieces_is_answered_calmly(filled: Flask) -> None:
    leader = sign_in(filled, LEADER)
    for form in (
        MultiDict([("do", "save"), ("key", "a"), ("key", "a")]),
        MultiDict([("do", "up:"), ("label", "x")]),
        MultiDict([("do", "save"), ("key", "name"), ("label", "x"), ("seen", "-1")]),
        MultiDict([("do", "add"), ("add", "x" * 5000)]),
        MultiDict([("seen", "99999999999")]),
    ):
        assert send(leader, form).status_code in {200, 303, 400, 409}
