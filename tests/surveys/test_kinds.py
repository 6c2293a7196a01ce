"""Every kind of question on a survey's page: how it is offered, what is stored, what is said when it is wrong."""

import html
import re
from collections.abc import Sequence
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.responses.models import Answer
from tests.conftest import Fill
from tests.factories.answers import question_ids
from tests.surveys.asked import Customer, counts, responses, tokens_of, written
from tests.surveys.kinds import add_kinds, every_kind
from tests.users.people import LEADER, add_people

REQUIRED_ONE = {"works": "yes"}
PLACES = [("order/speed", "2"), ("order/price", "3"), ("order/people", "1")]


def add_alices_kinds(session: Session, **facts: Any) -> str:
    study = add_kinds(session, owner=add_people(session)[LEADER], **facts)
    return f"/s/{tokens_of(session, study)[0]}"


@pytest.fixture
def asked(client: FlaskClient, fill: Fill) -> Customer:
    """A customer who is asked every kind of question."""
    return Customer(client, fill(add_alices_kinds))


@pytest.fixture
def by_pages(client: FlaskClient, session: Session) -> Customer:
    """A customer who is asked every kind of question, a section a page."""
    address = add_alices_kinds(session, document=every_kind(is_paged=True))
    session.commit()
    return Customer(client, address)


def told(session: Session) -> dict[str, Any]:
    """Return what counts of the answers on record, by the names of their fields: value, text, absence."""
    names = {identity: key for key, identity in question_ids(session).items()}
    rows = session.scalars(sa.select(Answer).where(Answer.superseded_at.is_(None), Answer.is_counted)).all()
    return {
        names[row.question_id] + (f"@{row.item}" if row.item else ""): row.absence or row.value_text or row.value_number
        for row in rows
        if row.absence or row.value_text or row.value_number is not None
    }


def test_every_kind_stands_on_the_page_in_its_own_shape(asked: Customer) -> None:
    page = asked.browser.get(asked.address).text
    for shape in (
        '<input type="radio" name="recommend" value="10"',
        '<input type="radio" name="care" value=":dont_know"',
        '<textarea id="q-missing" name="missing"',
        '<input type="checkbox" name="liked" value="speed"',
        '<select name="order/speed" id="q-order">',
        '<input id="q-seats" name="seats" type="text" inputmode="numeric"',
        '<input id="q-spend" name="spend" type="text" inputmode="decimal"',
        '<input id="q-since" name="since" type="date"',
        '<p class="q said">Nearly there: the rest is quick.</p>',
        '<input type="radio" name="use@P/1" value="1"',
        "How well does Product 2 work?",
    ):
        assert shape in page
    assert "total" not in re.findall(r'name="([^"]+)"', page)
    assert re.search(r'<section class="q matrix" aria-labelledby="q-rating-head"><h2 id="q-rating-head">', page)


def test_notes_and_rows_are_not_counted_as_questions(asked: Customer) -> None:
    page = asked.browser.get(asked.address).text
    assert [int(number) for number in re.findall(r"Question (\d+) of 14", page)] == list(range(1, 15))


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        pytest.param([("recommend", "0")], {"recommend": 0.0}, id="scale"),
        pytest.param([("care", ":dont_know")], {"care": "dont_know"}, id="opt-out-of-a-scale"),
        pytest.param([("terms", "no")], {"terms": "no"}, id="consent"),
        pytest.param([("tier", "b")], {"tier": "b"}, id="single-choice"),
        pytest.param([("liked", "people"), ("liked", "speed")], {"liked": "speed people"}, id="multiple-choice"),
        pytest.param([("liked", ":dont_know")], {"liked": "dont_know"}, id="opt-out-of-a-multiple-choice"),
        pytest.param(PLACES, {"order": "people speed price"}, id="ranking"),
        pytest.param(
            [(f"order/{each}", "") for each in ("speed", "price", "people")] + [("order", ":not_applicable")],
            {"order": "not_applicable"},
            id="opt-out-of-a-ranking",
        ),
        pytest.param([("seats", "120")], {"seats": 120.0}, id="number"),
        pytest.param([("spend", "-0.5")], {"spend": -0.5}, id="number-with-decimals"),
        pytest.param([("since", "2024-02-29")], {"since": "2024-02-29"}, id="date"),
        pytest.param([("docs", "1"), ("help", "5")], {"docs": 1.0, "help": 5.0}, id="matrix"),
        pytest.param([("use@P/1", "2"), ("use@P/2", "4")], {"use@P/1": 2.0, "use@P/2": 4.0}, id="loop"),
        pytest.param([("works", "no"), ("missing", "Links")], {"works": "no", "missing": "Links"}, id="branch"),
        pytest.param(
            [("works", "no"), ("missing", ""), ("missing", ":refused")],
            {"works": "no", "missing": "refused"},
            id="opt-out-of-a-text",
        ),
        pytest.param([("works", "no"), ("missing", ":-)")], {"works": "no", "missing": ":-)"}, id="colon-first"),
    ],
)
def test_what_is_sent_is_stored_and_shown_again(
    asked: Customer, session: Session, sent: list[tuple[str, str]], expected: dict[str, Any]
) -> None:
    assert asked.send([*REQUIRED_ONE.items(), *sent] if "works" not in expected else sent).status_code == 200
    assert told(session) == REQUIRED_ONE | expected
    again = asked.browser.get(asked.address).text
    assert stands_there(again) >= {(name, value.strip()) for name, value in sent if value}


def stands_there(page: str) -> set[tuple[str, str]]:
    """Return what a form would send as it stands: choices, selected places, written words."""
    chosen = re.findall(r'<input type="(?:radio|checkbox)" name="([^"]+)" value="([^"]*)"[^>]* checked>', page)
    lines = re.findall(r'<input id="[^"]+" name="([^"]+)"[^>]* value="([^"]*)"', page)
    texts = re.findall(r'<textarea id="[^"]+" name="([^"]+)"[^>]*>\n(.*?)</textarea>', page, re.DOTALL)
    selects = re.findall(r'<select name="([^"]+)".*?</select>', page, re.DOTALL)
    bodies = re.findall(r"<select .*?</select>", page, re.DOTALL)
    places = [
        (name, place)
        for name, body in zip(selects, bodies, strict=True)
        for place in re.findall(r'value="(\d+)" selected', body)
    ]
    return {(html.unescape(name), html.unescape(value)) for name, value in [*chosen, *lines, *texts, *places] if value}


@pytest.mark.parametrize(
    ("sent", "field", "sentence"),
    [
        ([("recommend", "11")], "recommend", "Enter a whole number from 0 to 10."),
        ([("care", ":bogus")], "care", "Enter a whole number from 1 to 5."),
        ([("terms", "maybe")], "terms", "Choose yes or no."),
        ([("tier", "c")], "tier", "Choose one of: Gold, Silver."),
        ([("liked", "speed"), ("liked", "magic")], "liked", "Choose one of: Speed, Price, People."),
        ([("order/speed", "1"), ("order/price", "1"), ("order/people", "2")], "order", "a different place"),
        ([("order/speed", "1")], "order", "Give each of the 3 a different place."),
        ([("seats", "1.5")], "seats", "Enter a whole number."),
        ([("seats", "501")], "seats", "At most 500, please."),
        ([("spend", "1,5")], "spend", "Enter a number, with a point before decimals."),
        ([("since", "29.02.2024")], "since", "Enter a day as year-month-day, such as 2026-03-31."),
        ([("docs", "6")], "docs", "Enter a whole number from 1 to 5."),
        ([("use@P/2", "x")], "use-P-2", "Enter a whole number from 1 to 5."),
    ],
)
def test_what_is_wrong_is_said_at_its_question_and_kept(
    asked: Customer, session: Session, sent: list[tuple[str, str]], field: str, sentence: str
) -> None:
    before = counts(session)
    reply = asked.send([("works", "yes"), *sent])
    assert reply.status_code == 400
    assert f'<a href="#q-{field}">' in reply.text
    assert f'id="q-{field}"' in reply.text
    found = re.search(rf'<p class="err" id="q-{field}-error">([^<]*)</p>', reply.text)
    assert found
    assert sentence in html.unescape(found[1])
    offered = {(name, value) for name, value in sent if value not in {"11", ":bogus", "maybe", "c", "magic", "6", "x"}}
    assert stands_there(reply.text) >= offered | {("works", "yes")}
    assert counts(session) == before


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        pytest.param([("liked", "speed"), ("liked", ":dont_know")], "liked", id="boxes"),
        pytest.param([("liked", ":dont_know"), ("liked", "speed")], "liked", id="boxes-in-another-order"),
        pytest.param([*PLACES, ("order", ":not_applicable")], "order", id="places"),
        pytest.param([("works", "no"), ("missing", "Links"), ("missing", ":refused")], "missing", id="words"),
    ],
)
def test_an_answer_and_a_reason_for_none_are_not_taken_together(
    asked: Customer, session: Session, sent: list[tuple[str, str]], field: str
) -> None:
    before = counts(session)
    reply = asked.send([*REQUIRED_ONE.items(), *sent] if field != "missing" else sent)
    assert reply.status_code == 400
    assert reply.text.count("Give an answer, or a reason for leaving it out, but not both.") == 2
    assert "came more than once" not in reply.text
    assert stands_there(reply.text) >= {(name, value) for name, value in sent if not value.startswith(":")}
    assert f'id="q-{field}-error"' in reply.text
    assert counts(session) == before


def test_a_required_question_is_asked_for(asked: Customer, session: Session) -> None:
    reply = asked.send({"recommend": "9"})
    assert reply.status_code == 400
    assert '<p class="err" id="q-works-error">Please answer this question.</p>' in reply.text
    assert responses(session) == []
    assert asked.browser.get(asked.address).text.count("· required") == 1


def test_errors_are_listed_in_the_order_of_the_questions(asked: Customer) -> None:
    reply = asked.send([("since", "soon"), ("seats", "many"), ("recommend", "99")])
    assert re.findall(r'<a href="#q-([a-z]+)">', reply.text) == ["recommend", "works", "seats", "since"]


def test_a_text_that_begins_with_a_colon_stands_there_again(customer: Customer, session: Session) -> None:
    customer.send({"reason": ":refused"})
    assert told(session) == {"reason": ":refused"}
    assert written(customer.browser.get(customer.address).text, "reason") == ":refused"


def test_pages_are_read_once_more_and_sent(by_pages: Customer, session: Session) -> None:
    filled = [("works", "no"), ("missing", "Links"), ("since", "2024-02-29"), ("liked", "speed"), ("care", ":refused")]
    assert "page=second%40P%2F1" in send_page(by_pages, "first", filled)
    assert "page=second%40P%2F2" in send_page(by_pages, "second@P/1", [("use@P/1", "3")])
    review = send_page(by_pages, "second@P/2", [])
    page = by_pages.browser.get(review).text
    for words in ("<dd>No ", "<dd>Links ", "<dd>29 February 2024 ", "<dd>Speed ", "<i>Prefer not to say</i>", "<dd>3 "):
        assert words in page
    assert responses(session)[0].submitted_at is None
    assert send_page(by_pages, "review", []) == ""
    session.expire_all()
    assert responses(session)[0].submitted_at is not None


def send_page(customer: Customer, page: str, fields: Sequence[tuple[str, str]]) -> str:
    """Send a page and return where it leads."""
    reply = customer.browser.post(customer.address, data=pairs(("page", page), *fields))
    assert reply.status_code in {200, 303}, reply.text
    return str(reply.headers.get("Location", "")) if reply.status_code == 303 else ""


def pairs(*fields: tuple[str, str]) -> dict[str, list[str]]:
    """Return fields as the test client takes them, several of one name too."""
    return {name: [value for each, value in fields if each == name] for name, _ in fields}


def test_pages_without_an_answer_are_not_sent_and_that_is_said(session: Session, client: FlaskClient) -> None:
    document = every_kind(is_paged=True)
    document["questions"][2].pop("required")
    address = add_alices_kinds(session, document=document)
    session.commit()
    reply = client.post(address, data={"page": "review"})
    assert reply.status_code == 400
    assert "Answer at least one question" in reply.text
    assert responses(session) == []
