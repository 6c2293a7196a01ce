"""The page of deliveries and the way out of a mail, as owner, colleague and stranger."""

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.reports.models import ReportSubscription
from app.reports.rules.delivery import Unsent
from app.reports.views.delivery import WAITING
from app.studies.rules.links import stop_token
from app.surveys.leaving import FIELD, ONE_CLICK
from app.users.models import User
from tests.conftest import Fill
from tests.reports.studies import add_alices_study
from tests.reports.test_delivery import add_unscored
from tests.users.people import ADMIN, CSM, LEADER, STRANGER, VIEWER, changing, sign_in, token_in

PAGE = "/studies/q1/gaps/delivery"


@pytest.fixture
def scored(application: Flask, fill: Fill) -> Flask:
    """A workspace with everyone, and Alice's study, scored; two of its accounts are Carl's."""
    fill(add_alices_study)
    return application


def post(browser: FlaskClient, address: str = PAGE, **fields: str) -> tuple[int, str]:
    token = token_in(browser.get(PAGE).text)
    reply = browser.post(address, data={"csrf_token": token, **fields}, follow_redirects=True)
    return reply.status_code, reply.text.replace("\u00a0", " ")


def number_of(application: Flask, email: str) -> str:
    with changing(application) as session:
        return str(session.scalars(sa.select(User.id).where(User.email == email)).one())


def living(session: Session) -> list[tuple[str, str, int | None]]:
    kept = ReportSubscription
    rows = session.execute(
        sa.select(User.email, kept.rhythm, kept.day)
        .join(kept, kept.user_id == User.id)
        .where(kept.ended_at.is_(None))
        .order_by(User.email)
    )
    return [(email, rhythm, day) for email, rhythm, day in rows]


@pytest.mark.parametrize("email", [ADMIN, LEADER, CSM, VIEWER])
def test_whoever_sees_the_report_has_it_sent_and_stops_it(scored: Flask, email: str) -> None:
    browser = sign_in(scored, email)
    assert PAGE in browser.get("/studies/q1/gaps").text
    assert "This report can come to you by mail" in browser.get(PAGE).text
    for _ in range(2):
        status, page = post(browser, rhythm="monthly", weekday="0", month_day="31")
        assert status == 200
    assert "You get this report on the last day of each month" in page
    assert "Next on" in page
    assert 'value="monthly" checked' in page
    assert '<option value="31" selected' in page
    with changing(scored) as session:
        assert living(session) == [(email, "monthly", 31)]
    status, page = post(browser, rhythm="edition")
    assert "You get this report at each new edition" in page
    status, page = post(browser, f"{PAGE}/{number_of(scored, email)}/stop")
    assert "The report is not sent any more" in page
    assert "This report can come to you by mail" in page


def test_what_is_refused_keeps_what_was_typed(scored: Flask) -> None:
    alice = sign_in(scored, LEADER)
    carl = number_of(scored, CSM)
    status, page = post(alice, person=carl, rhythm="weekly", weekday="9", month_day="12")
    assert status == 400
    assert "Choose a day of the week." in page
    assert f'value="{carl}" selected' in page
    assert 'value="weekly" checked' in page
    assert '<option value="12" selected' in page


def test_who_runs_the_study_chooses_among_those_who_may_see_it(scored: Flask) -> None:
    alice, carl = sign_in(scored, LEADER), number_of(scored, CSM)
    page = alice.get(PAGE).text
    for name in ("Ada Min", "Carl Colleague", "Vera Viewer"):
        assert f">{name}</option>" in page
    assert "Lars Stranger" not in page
    status, page = post(alice, person=number_of(scored, STRANGER), rhythm="edition")
    assert (status, "Choose somebody who may see this study" in page) == (400, True)
    status, page = post(alice, person=carl, rhythm="weekly", weekday="2")
    assert "One colleague gets it" in page
    assert "every Wednesday" in page
    status, page = post(alice, person=carl, rhythm="edition")
    assert (status, "gets it already, every Wednesday" in page) == (400, True)
    own = sign_in(scored, CSM).get(PAGE).text
    assert "Alice Owner asked for it" in own
    status, page = post(alice, f"{PAGE}/{carl}/stop")
    assert "No colleague gets it yet" in page


@pytest.mark.parametrize("email", [CSM, VIEWER])
def test_who_does_not_run_the_study_chooses_for_nobody_else(scored: Flask, email: str) -> None:
    browser, alice = sign_in(scored, email), number_of(scored, LEADER)
    post(sign_in(scored, LEADER), rhythm="edition")
    page = browser.get(PAGE).text
    assert "Alice Owner" not in page
    assert 'name="person"' not in page
    assert post(browser, person=alice, rhythm="edition")[0] == 404
    assert post(browser, f"{PAGE}/{alice}/stop")[0] == 404
    with changing(scored) as session:
        assert living(session) == [(LEADER, "edition", None)]


def test_a_stranger_finds_nothing(scored: Flask) -> None:
    browser = sign_in(scored, STRANGER)
    assert browser.get(PAGE).status_code == 404
    token = token_in(browser.get("/password").text)
    for address in (PAGE, f"{PAGE}/1/stop"):
        reply = browser.post(address, data={"csrf_token": token, "rhythm": "edition"})
        assert reply.status_code == 404


def test_a_study_without_a_report_says_that_nothing_is_sent(application: Flask, fill: Fill) -> None:
    fill(add_unscored)
    assert WAITING[Unsent.UNSCORED] in sign_in(application, LEADER).get(PAGE).text


def way_out(application: Flask) -> str:
    with changing(application) as session:
        kept = session.scalars(sa.select(ReportSubscription)).one()
        token = stop_token(str(application.secret_key), subscription_id=kept.id, nonce=kept.nonce)
        return f"/d/{kept.id}/{token}"


def test_one_click_in_a_mail_stops_it_without_signing_in(scored: Flask) -> None:
    post(sign_in(scored, CSM), rhythm="edition")
    address, programme = way_out(scored), scored.test_client()
    page = programme.get(address)
    assert page.status_code == 200
    assert "Set-Cookie" not in page.headers
    assert "Stop sending “First quarter” to you?" in page.text
    with changing(scored) as session:
        assert living(session) != [], "looking stops nothing"
    assert programme.post(address, data={"x": "1"}).status_code == 400
    for _ in range(2):
        reply = programme.post(address, data={FIELD: ONE_CLICK})
        assert reply.status_code == 200
        assert "is not sent to you any more" in reply.text
        assert "Set-Cookie" not in reply.headers
    with changing(scored) as session:
        assert living(session) == []


def test_another_link_stops_nothing(scored: Flask) -> None:
    post(sign_in(scored, CSM), rhythm="edition")
    good = way_out(scored)
    _, _, number, token = good.split("/")
    swapped = ("B" if token[0] == "A" else "A") + token[1:]
    for wrong in (f"/d/{number}/{swapped}", f"/d/{int(number) + 1}/{token}", f"/d/{number}/x"):
        assert scored.test_client().post(wrong, data={FIELD: ONE_CLICK}).status_code == 404
    with changing(scored) as session:
        assert living(session) != []


def test_who_tries_many_links_has_to_wait(scored: Flask) -> None:
    browser = scored.test_client()
    statuses = [browser.get(f"/d/1/{number:043d}").status_code for number in range(101)]
    assert statuses == [404] * 100 + [429]
