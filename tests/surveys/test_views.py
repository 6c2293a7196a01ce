"""The survey's page as a customer sees it: the first screen, sending, errors, editing, and every dead link."""

import gzip
import logging
import re
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app.core.logs import JsonLines
from app.core.workspace import Workspace
from app.responses.models import Answer, Response, Submission
from app.studies.models import Link, Study
from app.surveys import views
from app.users.models import SignInAttempt
from tests.conftest import Fill
from tests.surveys.asked import (
    GOOD,
    ORGANISATION,
    TODAY,
    Customer,
    add_asked,
    add_survey,
    chosen,
    counts,
    form_key,
    responses,
    stored,
    tokens_of,
    written,
)
from tests.users.people import LEADER, add_people, sign_in

STORED = {
    "recommend": 9.0, "reason": "The reports are clear.\nSupport is slow.", "satisfaction": 4.0, "effort": 5.0,
    "value_promised": 4.0, "value_delivered": 3.0, "renewal_intent": 5.0, "contact_again": "yes",
}  # fmt: skip


def add_alices_survey(session: Session) -> str:
    """Add a survey that Alice owns, and return the address of its customer."""
    return add_asked(session, owner=add_people(session)[LEADER])


@pytest.fixture
def customer(client: FlaskClient, fill: Fill) -> Customer:
    """A customer with a link to a survey that Alice owns."""
    return Customer(client, fill(add_alices_survey))


def test_the_first_screen_says_who_asks_who_reads_how_long_and_whom_to_ask(customer: Customer) -> None:
    page = customer.browser.get(customer.address)
    assert page.status_code == 200
    assert "Hello Dalia Ferro." in page.text
    before_the_form = page.text.split("<form")[0]
    for words in (
        ORGANISATION,
        "Alice Owner, Fernhollow Software",
        "Your account team and Alice Owner see your answers with your name.",
        "About 3 minutes, 8 questions.",
        'href="mailto:alice@parallax.test"',
    ):
        assert words in before_the_form
    assert page.text.count("<h1") == 1
    assert '<meta name="robots" content="noindex">' in page.text
    assert "Sample data" not in page.text
    assert "<script" not in page.text


def test_the_form_offers_what_can_be_answered(customer: Customer) -> None:
    page = customer.browser.get(customer.address).text
    offered = re.findall(r'type="radio" name="([a-z_]+)" value="([a-z0-9]+)"', page)
    values = {name: [value for each, value in offered if each == name] for name, _ in offered}
    assert values["recommend"] == [str(number) for number in range(11)]
    assert values["effort"] == [str(number) for number in range(1, 8)]
    assert values["contact_again"] == ["yes", "no"]
    assert set(values) | {"reason"} == set(GOOD)
    assert "0 = not at all likely" in page
    assert 'maxlength="10000"' in page
    assert page.count("<form") == 1


def test_a_workspace_without_names_still_says_who_asks(session: Session, client: FlaskClient) -> None:
    address = add_asked(session, organisation=None)
    session.commit()
    page = client.get(address).text
    assert "our customer team" in page
    assert "Your account team sees your answers with your name." in page
    assert "Reply to the message that brought you here." in page
    assert "None" not in page


def test_a_sample_is_marked(session: Session, client: FlaskClient) -> None:
    address = add_asked(session)
    session.execute(sa.update(Workspace).values(is_sample=True))
    session.commit()
    assert "Sample data." in client.get(address).text


def test_answers_are_stored_and_thanked_for(customer: Customer, session: Session) -> None:
    reply = customer.send()
    assert reply.status_code == 200
    assert "Thank you, Dalia Ferro. Your answers have arrived." in reply.text
    assert f'href="{customer.address}"' in reply.text
    assert stored(session) == STORED
    (response,) = responses(session)
    assert (response.mode, response.source) == ("survey", "survey")
    assert response.submitted_at is not None


def test_a_form_without_a_key_is_stored_too(customer: Customer, session: Session) -> None:
    for _ in range(2):
        assert customer.browser.post(customer.address, data=GOOD).status_code == 200
    assert stored(session) == STORED
    assert session.scalar(sa.select(sa.func.count()).select_from(Submission)) == 1


def test_one_answer_is_enough(customer: Customer, session: Session) -> None:
    assert customer.send({"effort": "7"}).status_code == 200
    assert stored(session) == {"effort": 7.0}


def test_after_answering_the_form_shows_the_answers(customer: Customer) -> None:
    customer.send()
    page = customer.browser.get(customer.address).text
    assert chosen(page) == {key: value for key, value in GOOD.items() if key != "reason"}
    assert written(page, "reason") == "The reports are clear.\nSupport is slow."
    assert "We received them on" in page
    assert "Send my changes" in page


def test_sending_again_edits_the_one_response(customer: Customer, session: Session) -> None:
    customer.send()
    assert customer.send({"recommend": "2", "reason": "Changed."}).status_code == 200
    assert stored(session) == {"recommend": 2.0, "reason": "Changed."}
    assert len(responses(session)) == 1
    assert session.scalar(sa.select(sa.func.count()).select_from(Answer)) == 10


def test_the_same_form_sent_twice_is_one_submission_with_one_reply(customer: Customer, session: Session) -> None:
    key = form_key(customer.browser.get(customer.address).text)
    replies = [customer.browser.post(customer.address, data={**GOOD, "form_key": key}) for _ in range(3)]
    assert {(reply.status_code, reply.text) for reply in replies} == {(200, replies[0].text)}
    assert session.scalar(sa.select(sa.func.count()).select_from(Submission)) == 1
    assert session.scalar(sa.select(sa.func.count()).select_from(Answer)) == 8


def test_an_error_keeps_all_that_was_typed(customer: Customer, session: Session) -> None:
    before = counts(session)
    long = "é<b>&\"'" + "x" * 9_994 + "\r\nend"
    reply = customer.send({**GOOD, "reason": long, "recommend": "11"})
    assert reply.status_code == 400
    assert "<title>Error: Survey by" in reply.text
    assert written(reply.text, "reason") == long
    assert chosen(reply.text) == {key: value for key, value in GOOD.items() if key not in {"reason", "recommend"}}
    assert '<a href="#q-recommend">Enter a whole number from 0 to 10.</a>' in reply.text
    assert '<p class="err" id="q-recommend-error">' in reply.text
    assert 'aria-describedby="q-recommend-ends q-recommend-error"' in reply.text
    assert 'aria-describedby="q-reason-hint q-reason-error" aria-invalid="true"' in reply.text
    assert counts(session) == before


def test_a_form_that_is_shown_again_keeps_its_key(customer: Customer) -> None:
    reply = customer.browser.post(customer.address, data={"form_key": "abc", "recommend": "11"})
    assert form_key(reply.text) == "abc"


def test_nothing_answered_is_said(customer: Customer, session: Session) -> None:
    reply = customer.send({})
    assert reply.status_code == 400
    assert "Answer at least one question" in reply.text
    assert responses(session) == []


def test_a_foreign_field_refuses_the_form_and_keeps_the_rest(customer: Customer, session: Session) -> None:
    reply = customer.send({**GOOD, "products_liked": "1"})
    assert reply.status_code == 400
    assert chosen(reply.text)["recommend"] == "9"
    assert responses(session) == []


def test_a_score_in_the_address_preselects_and_records_nothing(customer: Customer, session: Session) -> None:
    before = counts(session)
    assert chosen(customer.browser.get(f"{customer.address}?score=9").text) == {"recommend": "9"}
    assert chosen(customer.browser.get(f"{customer.address}?score=99&effort=3").text) == {}
    assert customer.browser.head(f"{customer.address}?score=9").status_code == 200
    assert counts(session) == before


def test_a_score_does_not_replace_what_was_answered(customer: Customer) -> None:
    customer.send({"recommend": "2"})
    assert chosen(customer.browser.get(f"{customer.address}?score=9").text) == {"recommend": "2"}


def test_reading_takes_one_statement_and_two_after_answering(customer: Customer, session: Session) -> None:
    customer.browser.get(customer.address)
    statements: list[str] = []
    engine = session.get_bind()
    event.listen(engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    customer.browser.get(customer.address)
    assert len([each for each in statements if not each.startswith("BEGIN")]) == 1
    customer.send()
    statements.clear()
    customer.browser.get(customer.address)
    assert len([each for each in statements if not each.startswith("BEGIN")]) == 2


def test_the_page_is_one_small_request(customer: Customer) -> None:
    page = customer.browser.get(customer.address, headers={"Accept-Encoding": "gzip"})
    assert page.headers["Content-Encoding"] == "gzip"
    assert len(page.data) < 12_000
    text = gzip.decompress(page.data).decode()
    assert not re.search(r'(?:src|href)="(?!mailto:|data:|#)', text)
    assert "url(" not in text


def test_the_policy_allows_its_one_style_sheet_and_no_script(customer: Customer) -> None:
    policy = customer.browser.get(customer.address).headers["Content-Security-Policy"]
    assert "default-src 'none'; style-src 'sha256-" in policy
    assert "script-src" not in policy
    assert "unsafe" not in policy
    assert "form-action 'self'" in policy


def test_no_answer_under_s_carries_a_cookie(application: Flask, customer: Customer) -> None:
    staff = sign_in(application, LEADER)
    for browser in (customer.browser, staff):
        for reply in (
            browser.get(customer.address),
            browser.post(customer.address, data=GOOD),
            browser.post(customer.address, data={"recommend": "77"}),
            browser.post(customer.address, data=GOOD, headers={"Origin": "https://evil.test"}),
            browser.post(customer.address, data={"reason": "x" * 1_100_000}),
            browser.put(customer.address),
            browser.get("/s/unknown"),
            browser.get("/s/"),
        ):
            assert "Set-Cookie" not in reply.headers
            assert "Cookie" not in reply.headers.get("Vary", "")
            assert "Parallax" not in reply.text


@pytest.mark.parametrize(
    ("origin", "status"),
    [(None, 200), ("http://localhost", 200), ("https://evil.test", 400), ("null", 400), ("http://localhost.evil", 400)],
)
def test_the_origin_is_own_or_absent(customer: Customer, session: Session, origin: str | None, status: int) -> None:
    reply = customer.browser.post(customer.address, data=GOOD, headers={"Origin": origin} if origin else {})
    assert reply.status_code == status
    assert len(responses(session)) == (status == 200)
    if status == 400:
        assert "Support is slow." in reply.text


def test_too_long_a_text_is_said_kindly(customer: Customer, session: Session) -> None:
    reply = customer.browser.post(customer.address, data={"reason": "x" * 1_100_000})
    assert reply.status_code == 413
    assert "your text is still in the form. Shorten it" in reply.text
    assert responses(session) == []


def test_methods_that_write_differently_are_refused_in_the_survey_s_look(customer: Customer) -> None:
    for method in ("PUT", "PATCH", "DELETE"):
        reply = customer.browser.open(customer.address, method=method)
        assert reply.status_code == 405
        assert "Open the link of the message" in reply.text
        assert "GET" in reply.headers["Allow"]


def dead(session: Session, how: str) -> str:
    """Return the address of a link that does not open."""
    owner = add_people(session)[LEADER]
    days = {"early": (5, 30), "over": (-30, -1)}.get(how, (-3, 30))
    study = add_survey(session, owner=owner, opens_on=TODAY + timedelta(days[0]), closes_on=TODAY + timedelta(days[1]))
    (token,) = tokens_of(session, study)
    if how == "closed":
        session.execute(sa.update(Study).values(closed_at=datetime.now(UTC)))
    if how == "revoked":
        session.execute(sa.update(Link).values(revoked_at=datetime.now(UTC)))
    if how == "expired":
        session.execute(sa.update(Link).values(expires_at=datetime.now(UTC)))
    if how == "other purpose":
        session.execute(sa.update(Link).values(purpose="unsubscribe"))
    session.commit()
    return f"/s/{token}"


@pytest.mark.parametrize(
    ("how", "status", "words"),
    [
        pytest.param("early", 403, "This survey opens on", id="not-yet-open"),
        pytest.param("over", 410, "This survey closed on", id="over"),
        pytest.param("closed", 410, "This survey closed on", id="closed"),
        pytest.param("expired", 410, "This survey closed on", id="expired"),
        pytest.param("revoked", 410, "This link was withdrawn", id="revoked"),
        pytest.param("other purpose", 404, "This link does not open a survey", id="of-another-purpose"),
    ],
)
def test_a_dead_link_says_kindly_why(session: Session, client: FlaskClient, how: str, status: int, words: str) -> None:
    address = dead(session, how)
    before = counts(session)
    for reply in (client.get(address), client.post(address, data=GOOD)):
        assert reply.status_code == status
        assert words in reply.text
        assert ("alice@parallax.test" in reply.text) == (status != 404)
    assert client.head(address).status_code == status
    assert counts(session) == before


@pytest.mark.parametrize("token", ["x", "A" * 43, "A" * 44, "../studies", "%00", "a/b", "ü" * 43, "'or'1", "A" * 5_000])
def test_an_unknown_link_says_what_to_do(customer: Customer, token: str) -> None:
    for reply in (customer.browser.get(f"/s/{token}"), customer.browser.post(f"/s/{token}", data=GOOD)):
        assert reply.status_code in {400, 404}
        assert "Parallax" not in reply.text
        assert "Content-Security-Policy" in reply.headers


def test_many_unknown_links_are_slowed_down_and_good_ones_still_open(customer: Customer, session: Session) -> None:
    assert [customer.browser.get(f"/s/{number}").status_code for number in range(102)] == [404] * 100 + [429] * 2
    refused = customer.browser.post(f"/s/{'A' * 43}", data=GOOD)
    assert refused.status_code == 429
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert "Wait a minute" in refused.text
    assert customer.send().status_code == 200
    elsewhere = {"REMOTE_ADDR": "203.0.113.9"}
    assert customer.browser.get("/s/x", environ_base=elsewhere).status_code == 404
    later = datetime.now(UTC) - timedelta(seconds=61)
    session.execute(sa.update(SignInAttempt).values(at=later))
    session.commit()
    assert customer.browser.get("/s/x").status_code == 404


def test_one_ipv6_network_is_one_address(customer: Customer) -> None:
    replies = [
        customer.browser.get("/s/x", environ_base={"REMOTE_ADDR": f"2001:db8::{number:x}"}).status_code
        for number in range(1, 103)
    ]
    assert replies[-1] == 429
    assert customer.browser.get("/s/x", environ_base={"REMOTE_ADDR": "2001:db8:0:1::1"}).status_code == 404


def test_good_links_are_never_counted(customer: Customer, session: Session) -> None:
    for _ in range(5):
        customer.browser.get(customer.address)
    assert session.scalar(sa.select(sa.func.count()).select_from(SignInAttempt)) == 0


def busy(*_args: object, **_more: object) -> None:
    raise OperationalError("INSERT", {"x": "private"}, Exception("database is locked"))


def test_a_busy_database_gives_the_form_back(
    customer: Customer, session: Session, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(views, "submit_answers", busy)
    with caplog.at_level(logging.ERROR):
        reply = customer.send()
    assert reply.status_code == 503
    assert int(reply.headers["Retry-After"]) >= 1
    assert written(reply.text, "reason") == "The reports are clear.\r\nSupport is slow."
    assert chosen(reply.text)["recommend"] == "9"
    assert responses(session) == []
    assert "private" not in caplog.text
    monkeypatch.undo()
    again = customer.browser.post(customer.address, data={**GOOD, "form_key": form_key(reply.text)})
    assert again.status_code == 200
    assert stored(session) == STORED


def test_a_database_out_of_reach_gives_the_text_back_and_a_button(
    customer: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "door_of", busy)
    reply = customer.browser.post(customer.address, data={**GOOD, "form_key": "abc"})
    assert reply.status_code == 503
    assert "Support is slow." in reply.text
    assert 'name="form_key" value="abc"' in reply.text
    assert "Send again" in reply.text
    assert customer.browser.get(customer.address).status_code == 503


def test_what_breaks_is_said_in_the_survey_s_look(
    application: Flask, customer: Customer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_args: object, **_more: object) -> None:
        raise RuntimeError("private details")

    monkeypatch.setattr(views, "submit_answers", broken)
    application.testing = False
    application.config["PROPAGATE_EXCEPTIONS"] = False
    reply = customer.send()
    assert reply.status_code == 500
    assert "Something broke on our side" in reply.text
    assert "private" not in reply.text
    lines = [JsonLines().format(record) for record in caplog.records]
    assert any("RuntimeError" in line for line in lines)
    assert customer.address.removeprefix("/s/") not in "".join(lines)


def test_words_of_others_stay_words(session: Session, client: FlaskClient) -> None:
    owner = add_people(session)[LEADER]
    owner.name = "<img src=x>"
    address = add_asked(session, owner=owner, organisation="<script>alert(1)</script>")
    session.execute(sa.text("UPDATE contact SET name = '<i>Eve</i>'"))
    session.commit()
    customer = Customer(client, address)
    pages = [client.get(address), customer.send({"recommend": "99", "reason": "</textarea><script>x</script>"})]
    pages += [customer.send({"reason": "</textarea><script>x</script>"}), client.get(address)]
    for page in pages:
        for dangerous in ("<script", "<img", "<i>"):
            assert dangerous not in page.text


def test_answers_ring_the_bell_after_the_commit(
    application: Flask, customer: Customer, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    rung: list[int] = []
    count = sa.select(sa.func.count()).select_from(Response)
    monkeypatch.setattr(application.extensions["bell"], "ring_soon", lambda _: rung.append(session.scalar(count) or 0))
    customer.send({"recommend": "99"})
    assert rung == []
    customer.send()
    assert rung == [1]


def test_surveys_open_before_anybody_can_sign_in(session: Session, client: FlaskClient) -> None:
    address = add_asked(session)
    session.commit()
    assert client.get(address).status_code == 200
