"""The page of health alerts: everybody for themselves and for what they may see; and the way out of a mail."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app.alerts.models import AlertMail, AlertSubscription
from app.alerts.services.queueing import queue_alerts
from app.core.clock import now
from app.core.logs import redacted
from app.studies.rules.links import alerts_token
from app.surveys.leaving import FIELD, ONE_CLICK
from app.users.models import User
from tests.alerts.test_services import MINE, PLACE
from tests.alerts.world import add_world, ask, computed
from tests.conftest import Fill
from tests.users.people import ADMIN, CSM, LEADER, STRANGER, VIEWER, changing, sign_in, token_in

PAGE = "/health/alerts"
COLOUR = {"extent": "mine", "colour": "1"}


@pytest.fixture
def watched(application: Flask, fill: Fill) -> Iterator[Flask]:
    fill(add_world)
    return application


def post(browser: FlaskClient, address: str = PAGE, **values: str) -> tuple[int, str]:
    token = token_in(browser.get("/password").text)
    reply = browser.post(address, data={"csrf_token": token, **values}, follow_redirects=True)
    return reply.status_code, reply.text


def living(application: Flask) -> list[tuple[str, str, int | None]]:
    with changing(application) as session:
        rows = session.execute(
            sa.select(User.email, AlertSubscription.extent, AlertSubscription.falls_by)
            .join(User, User.id == AlertSubscription.user_id)
            .where(AlertSubscription.ended_at.is_(None))
            .order_by(AlertSubscription.id)
        )
        return [(email, extent, falls_by) for email, extent, falls_by in rows]


@pytest.mark.parametrize("email", [ADMIN, LEADER, STRANGER, CSM, VIEWER])
def test_everybody_asks_for_an_account_that_they_see_and_stops(watched: Flask, email: str) -> None:
    browser = sign_in(watched, email)
    page = browser.get(f"{PAGE}?account=A").text
    assert "A mail can tell you when health moves" in page
    assert "Haskelby</span>" in page
    for _ in range(2):
        status, page = post(browser, extent="account", account="A", colour="1", falls="1", points="7")
        assert status == 200
    assert "One health alert comes to you by mail" in page
    assert "changes colour or falls by seven points or more within a week" in page
    assert living(watched) == [(email, "account", 7)]
    again = browser.get(f"{PAGE}?account=A").text
    assert 'value="7"' in again
    with changing(watched) as session:
        number = session.scalars(sa.select(AlertSubscription.id)).one()
    status, page = post(browser, f"{PAGE}/{number}/stop")
    assert "You are not told of that any more" in page
    assert living(watched) == []
    assert post(browser, f"{PAGE}/{number}/stop")[0] == 404


@pytest.mark.parametrize(
    ("values", "words"),
    [
        pytest.param({}, "Choose which accounts", id="nothing"),
        pytest.param({"extent": "all"}, "Choose at least one thing", id="nothing to tell"),
        pytest.param({"extent": "all", "falls": "1", "points": "0"}, "a whole number from 1 to 100", id="no points"),
        pytest.param({"extent": "account", "colour": "1"}, "Choose which accounts", id="no account"),
    ],
)
def test_what_is_unclear_is_refused_and_kept(watched: Flask, values: dict[str, str], words: str) -> None:
    status, page = post(sign_in(watched, LEADER), silence="", **values)
    assert (status, words in page) == (400, True)
    if values.get("extent") == "all":
        assert 'value="all" checked' in page
    assert living(watched) == []


def test_a_csm_asks_for_their_own_accounts_alone(watched: Flask) -> None:
    browser = sign_in(watched, CSM)
    page = browser.get(PAGE).text
    assert 'value="mine" checked' in page
    assert 'value="all"' not in page
    assert post(browser, extent="all", colour="1")[0] == 400
    assert browser.get(f"{PAGE}?account=C/1 ø").status_code == 404
    assert post(browser, extent="account", account="C/1 ø", colour="1")[0] == 404
    assert living(watched) == []


def test_a_colleague_neither_sees_nor_stops_what_is_mine(watched: Flask) -> None:
    post(sign_in(watched, CSM), **COLOUR)
    alice = sign_in(watched, LEADER)
    assert "A mail can tell you" in alice.get(PAGE).text
    with changing(watched) as session:
        number = session.scalars(sa.select(AlertSubscription.id)).one()
    assert post(alice, f"{PAGE}/{number}/stop")[0] == 404
    assert len(living(watched)) == 1


def way_out(application: Flask) -> str:
    """Let a mail to Carl be noted, and return the address that stops it."""
    with changing(application) as session:
        ask(session, CSM, MINE)
        computed(session, 1, A=(60, 72), B=(60, 60), C=(90, 90))
        queue_alerts(session, at=now(), place=PLACE)
        mail = session.scalars(sa.select(AlertMail)).one()
        return f"/h/{mail.id}/{alerts_token(str(application.secret_key), mail_id=mail.id, nonce=mail.nonce)}"


def test_one_click_in_a_mail_stops_all_without_signing_in(watched: Flask) -> None:
    address, programme = way_out(watched), watched.test_client()
    page = programme.get(address)
    assert page.status_code == 200
    assert "Set-Cookie" not in page.headers
    assert "Stop all health alerts to you?" in page.text
    assert len(living(watched)) == 1, "looking stops nothing"
    assert programme.post(address, data={"x": "1"}).status_code == 400
    for _ in range(2):
        reply = programme.post(address, data={FIELD: ONE_CLICK})
        assert reply.status_code == 200
        assert "No health alert is sent to you any more" in reply.text
    assert living(watched) == []
    page_of_mails = sign_in(watched, CSM).get(PAGE).text
    assert "The alerts were stopped before the mail went out" in page_of_mails


def test_another_link_stops_nothing(watched: Flask) -> None:
    _, _, number, token = way_out(watched).split("/")
    swapped = ("B" if token[0] == "A" else "A") + token[1:]
    for wrong in (f"/h/{number}/{swapped}", f"/h/{int(number) + 1}/{token}", f"/h/{number}/x", f"/d/{number}/{token}"):
        assert watched.test_client().post(wrong, data={FIELD: ONE_CLICK}).status_code == 404
    assert len(living(watched)) == 1


def test_the_token_of_a_way_out_is_struck_from_the_log() -> None:
    for address in ("/h/1/a-token", "/d/1/a-token", "/r/a-token"):
        assert "a-token" not in redacted(f"GET {address} 200")
