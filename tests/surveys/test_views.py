"""The survey's page as a customer sees it: the first screen, sending, errors, editing."""

import gzip
import re

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.orm import Session

from app.core.workspace import Workspace
from app.responses.models import Answer, Submission
from tests.surveys.asked import (
    GOOD,
    ORGANISATION,
    STORED,
    Customer,
    add_asked,
    chosen,
    counts,
    form_key,
    responses,
    stored,
    written,
)
from tests.users.people import LEADER, add_people, sign_in


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


def test_surveys_open_before_anybody_can_sign_in(session: Session, client: FlaskClient) -> None:
    address = add_asked(session)
    session.commit()
    assert client.get(address).status_code == 200
