"""The pages of subscriptions and the way out of a mail, as owner, colleague, leader, viewer and stranger."""

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.studies.rules.links import page_token, stop_token
from app.subscriptions.models import PageSubscription
from app.surveys.leaving import FIELD, ONE_CLICK
from app.users.models import User
from tests.conftest import Fill
from tests.customer360.workspace import add_workspace
from tests.reports.delivered import order as order_report
from tests.subscriptions.delivered import account_of, order, person
from tests.users.people import ADMIN, CSM, LEADER, STRANGER, VIEWER, changing, sign_in, token_in

PAGE = "/accounts/A4/subscribe"


@pytest.fixture
def filled(application: Flask, fill: Fill) -> Flask:
    """The workspace of the accounts' tests; of its accounts A2 and A4 are Carl's."""
    fill(add_workspace)
    return application


def post(browser: FlaskClient, address: str = PAGE, **fields: str) -> tuple[int, str]:
    token = token_in(browser.get(PAGE).text)
    reply = browser.post(address, data={"csrf_token": token, **fields}, follow_redirects=True)
    return reply.status_code, reply.text.replace("\u00a0", " ")


def number_of(application: Flask, email: str) -> str:
    with changing(application) as session:
        return str(person(session, email).id)


def living(session: Session) -> list[tuple[str, str, int | None, bool]]:
    kept = PageSubscription
    rows = session.execute(
        sa.select(User.email, kept.rhythm, kept.day, kept.paused_at)
        .join(kept, kept.user_id == User.id)
        .where(kept.ended_at.is_(None))
        .order_by(User.email)
    )
    return [(email, rhythm, day, paused is not None) for email, rhythm, day, paused in rows]


@pytest.mark.parametrize("email", [ADMIN, LEADER, CSM, VIEWER, STRANGER])
def test_whoever_sees_the_account_has_its_page_sent_pauses_and_ends_it(filled: Flask, email: str) -> None:
    browser = sign_in(filled, email)
    assert PAGE in browser.get("/accounts/A4").text
    assert "Account 4 can come to you by mail" in browser.get(PAGE).text
    status, page = post(browser, rhythm="monthly", weekday="0", month_day="31")
    assert status == 200
    assert "comes to you on the last day of each month" in page
    assert "Next on" in page
    assert 'value="monthly" checked' in page
    assert "Account 4</a>, on the last day of each month. Next on" in browser.get("/subscriptions").text
    status, page = post(browser, f"{PAGE}/pause")
    assert "The page of Account 4 rests" in page
    with changing(filled) as session:
        assert living(session) == [(email, "monthly", 31, True)]
    status, page = post(browser, f"{PAGE}/go-on")
    assert "comes to you on the last day of each month" in page
    status, page = post(browser, f"{PAGE}/{number_of(filled, email)}/end")
    assert "The page is not sent any more." in page
    with changing(filled) as session:
        assert living(session) == []


def test_what_is_refused_keeps_what_was_typed(filled: Flask) -> None:
    status, page = post(sign_in(filled, CSM), rhythm="weekly", weekday="9", month_day="12")
    assert status == 400
    assert "Choose a day of the week." in page
    assert '<option value="12" selected' in page


def test_before_a_renewal_without_a_day_it_says_so(filled: Flask) -> None:
    with changing(filled) as session:
        account_of(session, "A4").renewal_date = None
    _, page = post(sign_in(filled, CSM), rhythm="renewal")
    assert "No such day is to come: no renewal date is known." in page


def test_another_csms_account_is_missing(filled: Flask) -> None:
    browser = sign_in(filled, CSM)
    assert browser.get("/accounts/A3/subscribe").status_code == 404
    for address in ("", "/pause", "/go-on", "/1/end"):
        assert post(browser, f"/accounts/A3/subscribe{address}", rhythm="renewal")[0] == 404


def test_a_leader_subscribes_a_colleague_who_sees_the_account_and_nobody_else_may(filled: Flask) -> None:
    carl, alice = (number_of(filled, email) for email in (CSM, LEADER))
    browser = sign_in(filled, LEADER)
    _, page = post(browser, person=carl, rhythm="weekly", weekday="2")
    assert "One colleague gets the page" in page
    assert "every Wednesday" in page
    assert "asked for it" in sign_in(filled, CSM).get(PAGE).text
    assert post(browser, person="99999", rhythm="renewal")[0] == 400
    for outsider in (CSM, VIEWER):
        assert post(sign_in(filled, outsider), person=alice, rhythm="renewal")[0] == 404
        assert "colleague" not in sign_in(filled, outsider).get(PAGE).text
    assert post(sign_in(filled, VIEWER), f"{PAGE}/{carl}/end")[0] == 404
    assert post(browser, f"{PAGE}/{carl}/end")[0] == 200
    with changing(filled) as session:
        assert living(session) == []


def test_an_alert_is_chosen_where_the_page_is(filled: Flask) -> None:
    browser = sign_in(filled, CSM)
    fields = {"extent": "account", "account": "A4", "from": "account", "falls": "1", "points": "7"}
    status, page = post(browser, "/health/alerts", **fields)
    assert status == 200
    assert "You are told when its health moves" in page
    assert "falls by seven points or more within a week" in page
    with changing(filled) as session:
        order(session, CSM)
        order_report(session, CSM)
    everything = browser.get("/subscriptions").text
    assert "Three things come to you by mail" in everything
    assert "First quarter" in everything


def test_the_link_of_a_mail_ends_it_without_signing_in(filled: Flask) -> None:
    with changing(filled) as session:
        order(session, CSM)
        order(session, LEADER)
        kept = session.scalars(sa.select(PageSubscription).order_by(PageSubscription.id)).first()
        assert kept is not None
        secret = str(filled.secret_key)
        token = page_token(secret, subscription_id=kept.id, nonce=kept.nonce)
        other = stop_token(secret, subscription_id=kept.id, nonce=kept.nonce)
        number = kept.id
    address = f"/p/{number}/{token}"
    programme = filled.test_client()
    assert "End the mails with the page of Account 4?" in programme.get(address).text
    with changing(filled) as session:
        assert len(living(session)) == 2, "looking ends nothing"
    assert programme.post(address, data={"x": "1"}).status_code == 400
    for wrong in (f"/p/{number}/{other}", f"/p/{number + 1}/{token}", f"/d/{number}/{token}", f"/p/9999/{token}"):
        assert programme.post(wrong, data={FIELD: ONE_CLICK}).status_code == 404
    for _ in range(2):
        reply = programme.post(address, data={FIELD: ONE_CLICK})
        assert reply.status_code == 200
        assert "is not sent to you any more" in reply.text
    with changing(filled) as session:
        assert [email for email, *_ in living(session)] == [LEADER]


def test_what_one_does_not_see_any_more_is_ended_in_the_list_and_only_ones_own(filled: Flask) -> None:
    with changing(filled) as session:
        order(session, CSM)
        number = session.scalars(sa.select(PageSubscription.id)).one()
        account_of(session, "A4").csm_email = ADMIN
    carl = sign_in(filled, CSM)
    listed = carl.get("/subscriptions").text
    assert "An account that you do not see any more" in listed
    assert "Account 4" not in listed
    stop = f"/subscriptions/{number}/end"
    alice = sign_in(filled, LEADER)
    assert post(alice, stop)[0] == 404
    assert carl.post(stop, data={"csrf_token": token_in(listed)}).status_code == 303
    with changing(filled) as session:
        assert living(session) == []
