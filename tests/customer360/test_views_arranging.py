"""Arranging the page of accounts: who may, what holds, what is refused, and two who arrange at once."""

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from app.core.clock import now
from app.customer360.models import PageLayout
from app.customer360.queries.layouts import newest_layout, own_fields
from app.customer360.rules.layout import USUAL, Extent, layout_document
from app.customer360.services import Stale, save_layout
from app.customers.models import Account, Relationship
from app.users.models import AuditEvent, User
from tests.conftest import Fill
from tests.customer360.workspace import SLASHED, add_workspace
from tests.users.people import ADMIN, CSM, LEADER, STRANGER, VIEWER, changing, sign_in, token_in

CSMS = "/layouts/role/csm"
SIX = ("status", "industry", "arr", "start_date", "renewal_date", "lifetime")


@pytest.fixture
def filled(application: Flask, fill: Fill) -> Flask:
    """The workspace of the accounts' tests."""
    fill(add_workspace)
    return application


def typed(do: str, fields: tuple[str, ...] = SIX, seen: int = 0, **more: Any) -> MultiDict[str, Any]:
    """Return a form with these fields; widgets and sections are the usual ones, or what `more` says."""
    usual = layout_document(USUAL)
    form: MultiDict[str, Any] = MultiDict([("do", do), ("seen", str(seen))])
    for key in fields:
        name, _, label = key.partition("=")
        place, _, label = label.partition("@") if "@" in label else ("account", "", label)
        for field, value in (("field", name), ("label", label), ("shows", place)):
            form.add(field, value)
    for word in ("widget", "section"):
        keys = more.pop(f"{word}s", [each["key"] for each in usual[f"{word}s"]])
        hidden = more.pop(f"hidden_{word}s", ())
        for key in keys:
            form.add(word, key)
            if key not in hidden:
                form.add(f"{word}-shown", key)
    form.update(more)
    return form


def send(browser: FlaskClient, form: MultiDict[str, Any], address: str = CSMS) -> Any:
    """Send the form of an arrangement."""
    form["csrf_token"] = token_in(browser.get(address).text)
    return browser.post(address, data=form)


def test_what_a_leader_arranges_holds_for_the_role_alone(filled: Flask) -> None:
    leader = sign_in(filled, LEADER)
    form = typed(
        "save",
        ("renewal_date=both@Decides", "mrr", "segment=list@", "custom.region=account@Part"),
        sections=["studies", "voice", "quotes"],
        hidden_sections=("quotes",),
        hidden_widgets=("gap",),
    )
    reply = send(leader, form)
    assert reply.status_code == 303
    page = sign_in(filled, CSM).get("/accounts/A4").text
    assert page.index('id="studies"') < page.index('id="voice"')
    assert 'id="quotes"' not in page
    assert 'data-widget="gap"' not in page
    assert "Decides" in page
    assert "<dt>MRR</dt>" in page
    assert "Segment" not in page.split('class="acct-summary"')[1].split("</dl>")[0], "that is for the list"
    listed = sign_in(filled, CSM).get("/accounts").text
    assert "Segment: " in listed
    assert "Decides: " in listed
    assert "MRR: " not in listed
    other = leader.get("/accounts/A4").text
    assert "Original contract date" in other
    assert 'id="quotes"' in other
    history = leader.get(CSMS).text
    assert "Alice Owner" in history
    assert "Arranged by Alice Owner" in leader.get("/layouts").text


def test_the_seventh_field_is_refused_and_nothing_typed_is_lost(filled: Flask) -> None:
    leader = sign_in(filled, LEADER)
    reply = send(leader, typed("add", (*SIX[:5], "lifetime=account@How long"), add="mrr"))
    assert reply.status_code == 400
    assert "A summary has at most six fields. Take one out before you add “MRR”." in reply.text
    assert 'value="How long"' in reply.text
    reply = send(leader, typed("save", (*SIX, "mrr")))
    assert reply.status_code == 400
    assert "at most six fields" in reply.text
    with changing(filled) as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(PageLayout)) == 0


def test_without_script_rows_move_and_go_and_come_back(filled: Flask) -> None:
    leader = sign_in(filled, LEADER)
    page = send(leader, typed("up:summary:arr", ("status", "arr=account@Money"))).text
    assert page.index('value="arr"') < page.index('value="status"')
    assert 'value="Money"' in page
    page = send(leader, typed("out:summary:arr", ("status", "arr"))).text
    assert 'name="field" value="arr"' not in page
    assert 'name="field" value="custom.region"' in send(leader, typed("add", ("status",), add="custom.region")).text
    assert 'name="field" value="lifetime"' in send(leader, typed("usual", ("status",))).text


def test_two_who_arrange_one_page_see_both_and_lose_nothing(filled: Flask) -> None:
    alice, lars = sign_in(filled, LEADER), sign_in(filled, STRANGER)
    assert send(alice, typed("save", ("arr=account@Alices money",))).status_code == 303
    reply = send(lars, typed("save", ("tier=account@Larses tier",)))
    assert reply.status_code == 409
    for words in ("Somebody else arranged this page", "What Alice Owner saved", "Alices money", "Larses tier"):
        assert words in reply.text
    assert 'name="seen" value="1"' in reply.text
    assert send(lars, typed("save", ("tier=account@Larses tier",), seen=1)).status_code == 303
    assert "Larses tier" in lars.get(CSMS).text
    assert "Alices money" in lars.get(f"{CSMS}?revision=1").text, "what was there before can be had back"


def test_a_field_that_no_account_has_any_more_is_left_out_and_told(filled: Flask) -> None:
    leader = sign_in(filled, LEADER)
    send(leader, typed("save", ("custom.region", "arr")), "/layouts/role/leader")
    assert "<dt>Region</dt>" in leader.get("/accounts/A1").text, "others have it, so here it is none"
    with changing(filled) as session:
        session.scalars(sa.select(Account).where(Account.crm_id == SLASHED)).one().custom = {}
        newest = newest_layout(session, Extent.ROLE, "leader")
        assert newest is not None
        newest.definition = {**newest.definition, "widgets": [{"key": "weather", "shown": True}]}
    assert "<dt>Region</dt>" not in leader.get("/accounts/A1").text
    page = leader.get("/layouts/role/leader").text
    assert "No account has “Region” any more" in page
    assert "The widget “weather” is there no longer" in page


def test_a_type_of_relationships_has_a_page_of_its_own(filled: Flask) -> None:
    with changing(filled) as session:
        account = session.scalars(sa.select(Account.id).where(Account.crm_id == "A1")).one()
        session.add(Relationship(crm_id="r1", account_id=account, type="Product", name="Beacon"))
    leader = sign_in(filled, LEADER)
    assert 'href="/layouts/type/product"' in leader.get("/layouts").text
    send(leader, typed("save", ("tier=account@Only here",)), "/layouts/type/product")
    assert "Only here" not in leader.get("/accounts/A1").text
    assert "?type=product" in leader.get("/accounts/A1/section-relationships").text
    page = leader.get("/accounts/A1?type=Product").text
    assert "Only here" in page
    assert "Arranged for relationships of the type Product" in page
    assert "Arranged for" not in leader.get("/accounts/A1?type=nothing").text


@pytest.mark.parametrize(("person", "status"), [(ADMIN, 200), (LEADER, 200), (CSM, 403), (VIEWER, 403)])
def test_who_may_arrange(filled: Flask, person: str, status: int) -> None:
    browser = sign_in(filled, person)
    assert browser.get(CSMS).status_code == status
    assert ("Arrange this page" in browser.get("/accounts/A4").text) is (status == 200)


@pytest.mark.parametrize("address", ["/layouts/role/king", "/layouts/moon/csm", f"/layouts/type/{'x' * 81}"])
def test_nobody_arranges_what_there_is_not(filled: Flask, address: str) -> None:
    assert sign_in(filled, ADMIN).get(address).status_code == 404


def test_a_form_in_pieces_is_answered_calmly(filled: Flask) -> None:
    leader = sign_in(filled, LEADER)
    for form in (
        MultiDict([("do", "save"), ("field", "arr"), ("field", "<b>"), ("label", "x")]),
        MultiDict([("do", "up:summary"), ("widget", "nope"), ("section", "nope")]),
        MultiDict([("do", "add"), ("add", "custom.")]),
        MultiDict([("do", "save"), ("seen", "-1"), ("section", "voice")]),
    ):
        assert send(leader, form).status_code in {200, 303, 400, 409}
    assert leader.get(f"{CSMS}?revision=99999999999").status_code == 200


def test_the_same_again_is_no_revision_and_whoever_is_late_is_told(session: Session, fill: Fill) -> None:
    fill(add_workspace)
    by = session.scalars(sa.select(User.id).where(User.email == LEADER)).one()
    facts: Any = {"extent": Extent.ROLE, "name": "csm", "at": now(), "by": by}
    kept = save_layout(session, typed=layout_document(USUAL), seen=0, **facts)
    assert save_layout(session, typed=layout_document(USUAL), seen=0, **facts).id == kept.id
    with pytest.raises(Stale):
        save_layout(session, typed={**layout_document(USUAL), "summary": []}, seen=0, **facts)
    actions = session.scalars(sa.select(AuditEvent.action).where(AuditEvent.object_id == "role:csm")).all()
    assert actions == ["layout.arrange"]
    assert own_fields(session) == ["region"]
