"""A survey with several pages: each is saved, resumed anywhere, read once more, and sent once."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.responses.models import ResponseChange, Submission
from tests.surveys.asked import Customer, add_asked, chosen, form_key, responses, written
from tests.surveys.test_branches import on_record

PAGED: dict[str, Any] = {
    "key": "paged", "name": "Paged", "language": "en", "is_paged": True,
    "sections": [
        {"key": "one", "title": "One"}, {"key": "two", "title": "Two", "relevant": "${recommend} < 7"},
        {"key": "three", "title": "Three"},
    ],
    "questions": [
        {"key": "recommend", "kind": "scale_0_10", "section": "one", "text": "Recommend?", "required": True},
        {"key": "why", "kind": "text", "section": "two", "text": "Why only ${recommend}?"},
        {"key": "effort", "kind": "scale_1_7", "section": "three", "text": "Effort?"},
    ],
}  # fmt: skip


@pytest.fixture
def customer(client: FlaskClient, session: Session) -> Customer:
    """Somebody who is asked page by page."""
    address = add_asked(session, document=PAGED)
    session.commit()
    return Customer(client, address)


def send(customer: Customer, page: str, **answers: str) -> Any:
    """Send one page as it stands in the browser."""
    shown = customer.browser.get(f"{customer.address}?page={page}").text
    fields = {"form_key": form_key(shown), "page": page, **answers}
    return customer.browser.post(customer.address, data=fields)


def test_pages_are_saved_one_by_one_and_sent_at_the_end(customer: Customer, session: Session) -> None:
    first = customer.browser.get(customer.address).text
    assert "Page 1 of 2" in first
    assert "Hello Dalia Ferro." in first
    reply = send(customer, "one", recommend="3")
    assert (reply.status_code, reply.headers["Location"]) == (303, f"{customer.address}?page=two")
    (response,) = responses(session)
    assert response.submitted_at is None
    session.rollback()
    second = customer.browser.get(reply.headers["Location"]).text
    assert "Page 2 of 3" in second
    assert "Why only 3?" in second
    assert send(customer, "two", why="Slow.").headers["Location"].endswith("page=three")
    assert send(customer, "three", effort="6").headers["Location"].endswith("page=review")
    review = customer.browser.get(f"{customer.address}?page=review").text
    assert "They are saved, and not sent yet." in review
    assert "Slow." in review
    assert session.scalar(sa.select(sa.func.count()).select_from(ResponseChange)) == 0
    session.rollback()
    sent = customer.browser.post(customer.address, data={"form_key": form_key(review), "page": "review"})
    assert "Thank you, Dalia Ferro." in sent.text
    session.expire_all()
    assert responses(session)[0].submitted_at is not None
    assert session.scalar(sa.select(sa.func.count()).select_from(Submission)) == 1


def test_it_goes_on_where_it_was_left_on_any_device(customer: Customer, application: Flask) -> None:
    send(customer, "one", recommend="3")
    send(customer, "two", why="Slow.")
    elsewhere = application.test_client().get(customer.address).text
    assert "Page 3 of 3" in elsewhere
    assert chosen(application.test_client().get(f"{customer.address}?page=one").text) == {"recommend": "3"}
    assert written(application.test_client().get(f"{customer.address}?page=two").text, "why") == "Slow."


def test_back_saves_too(customer: Customer, session: Session) -> None:
    send(customer, "one", recommend="3")
    assert send(customer, "two", why="Slow.", go="back").headers["Location"].endswith("page=one")
    assert on_record(session)["why"] == ("Slow.", True)


def test_a_page_that_closes_is_left_out_and_its_answers_wait(customer: Customer, session: Session) -> None:
    send(customer, "one", recommend="3")
    send(customer, "two", why="Slow.")
    assert send(customer, "one", recommend="9").headers["Location"].endswith("page=three")
    assert on_record(session)["why"] == ("Slow.", False)
    session.rollback()
    send(customer, "one", recommend="2")
    assert on_record(session)["why"] == ("Slow.", True)


def test_a_required_answer_holds_the_page_and_the_sending(customer: Customer, session: Session) -> None:
    reply = send(customer, "one")
    assert reply.status_code == 400
    assert "Please answer this question." in reply.text
    reply = customer.browser.post(customer.address, data={"page": "review"})
    assert reply.status_code == 400
    assert "Please answer this question." in reply.text
    assert on_record(session) == {}


def test_what_was_sent_is_shown_and_may_be_changed(customer: Customer, session: Session) -> None:
    send(customer, "one", recommend="9")
    customer.browser.post(customer.address, data={"form_key": "k", "page": "review"})
    page = customer.browser.get(customer.address).text
    assert "Your answers have arrived" in page
    send(customer, "one", recommend="8")
    session.expire_all()
    assert on_record(session)["recommend"] == (8.0, True)
    assert responses(session)[0].submitted_at is not None
    assert session.scalar(sa.select(sa.func.count()).select_from(Submission)) == 2


def test_eight_at_once_are_one(customer: Customer, application: Flask, session: Session) -> None:
    send(customer, "one", recommend="9")

    def once(_number: int) -> int:
        browser = application.test_client()
        return browser.post(customer.address, data={"form_key": "k", "page": "review"}).status_code

    with ThreadPoolExecutor(8) as threads:
        assert set(threads.map(once, range(8))) == {200}
    assert session.scalar(sa.select(sa.func.count()).select_from(Submission)) == 1
