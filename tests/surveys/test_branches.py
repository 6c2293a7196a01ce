"""Branches, loops and piped words as a customer meets them, and what of it is stored and counted."""

import re
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.responses.models import Answer
from tests.factories.answers import question_ids
from tests.surveys.asked import Customer, add_asked, chosen, form_key, responses

MAIN, EACH = {"key": "main", "title": "Main"}, {"key": "each", "title": "${relationship.name}", "per": "product"}
BRANCHED: dict[str, Any] = {
    "key": "branched", "name": "Branched", "language": "en", "sections": [MAIN, EACH],
    "thanks": {"promoter": "Thank you, ${contact.first_name}: ${seats|many} <seats>!"},
    "questions": [
        {"key": "recommend", "kind": "scale_0_10", "section": "main", "core": True,
         "text": "Would ${contact.first_name} of ${account.name} recommend us?"},
        {"key": "low", "kind": "yes_no", "section": "main", "text": "Is it the price?", "relevant": "${recommend} <= 6",
         "core": True},
        {"key": "more", "kind": "text", "section": "main", "text": "What is right?", "relevant": "${low} = 'yes'"},
        {"key": "seats", "kind": "number", "whole": True, "section": "main", "text": "How many of you use it?",
         "constraint": ". > 0", "constraint_message": "At least you do, ${contact.first_name}."},
        {"key": "many", "kind": "text", "section": "main", "text": "Who of the ${seats}?", "relevant": "${seats} > 9"},
        {"key": "renew", "kind": "scale_1_5", "section": "each", "opt_outs": ["not_applicable"],
         "text": "Will you renew ${relationship.name} and its services?"},
    ],
}  # fmt: skip


@pytest.fixture
def customer(client: FlaskClient, session: Session) -> Customer:
    """Somebody whose account has two products."""
    address = add_asked(session, document=BRANCHED, products=["Ledger", "Pay <roll>"])
    session.commit()
    return Customer(client, address)


def on_record(session: Session) -> dict[str, tuple[Any, bool]]:
    """Return what stands on record by field name, and whether it counts."""
    names = {identity: key for key, identity in question_ids(session).items()}
    rows = session.scalars(sa.select(Answer).where(Answer.superseded_at.is_(None)))
    return {
        names[row.question_id] + (f"@{row.item}" if row.item else ""): (
            row.absence or row.value_text or row.value_number, row.is_counted
        )
        for row in rows
    }  # fmt: skip


def test_words_are_filled_and_products_asked_one_by_one(customer: Customer) -> None:
    page = customer.browser.get(customer.address).text
    assert "Would Dalia of Acme recommend us?" in page
    assert "Will you renew Ledger and its services?" in page
    assert "Will you renew Pay &lt;roll&gt; and its services?" in page
    assert "<roll>" not in page
    assert "Question 6 of 6" in page


def test_words_of_thanks_are_filled_too(customer: Customer) -> None:
    said = customer.send({"recommend": "9", "seats": "5"}).text
    assert "Thank you, Dalia: 5 &lt;seats&gt;!" in said


def test_a_condition_on_the_same_page_is_a_rule_of_its_style_sheet(customer: Customer) -> None:
    reply = customer.browser.get(customer.address)
    rules = re.findall(r"<style>(.*?)</style>", reply.text)[1]
    assert rules.startswith("@supports selector(:has(*)){.if-low{display:none}form:has(")
    assert rules.count('[value="0"]:checked) .if-low') == 1
    assert '[value="7"]:checked) .if-low' not in rules
    assert reply.headers["Content-Security-Policy"].count("'sha256-") == 2
    assert "<script" not in reply.text
    # What a number opens no style sheet can tell: it follows when the number has arrived.
    assert "Who of the" not in reply.text


def test_answers_behind_a_closed_branch_are_kept_and_not_counted(customer: Customer, session: Session) -> None:
    customer.send({"recommend": "3", "low": "yes", "more": "Less."})
    assert on_record(session)["more"] == ("Less.", True)
    customer.send({"recommend": "9", "low": "yes", "more": "Less."})
    assert on_record(session) == {"recommend": (9.0, True), "low": ("yes", False), "more": ("Less.", False)}
    # They come back when the branch opens again, and nothing was written twice.
    customer.send({"recommend": "4", "low": "yes", "more": "Less."})
    assert on_record(session) == {"recommend": (4.0, True), "low": ("yes", True), "more": ("Less.", True)}
    assert session.scalar(sa.select(sa.func.count()).select_from(Answer)) == 5


def test_a_core_question_that_was_not_asked_is_not_left_out(customer: Customer, session: Session) -> None:
    customer.send({"recommend": "9"})
    assert on_record(session) == {"recommend": (9.0, True), "low": (None, False)}
    assert chosen(customer.browser.get(customer.address).text) == {"recommend": "9"}
    customer.send({"recommend": "2"})
    assert on_record(session) == {"recommend": (2.0, True)}


def test_what_an_answer_opens_follows_once_it_has_arrived(customer: Customer, session: Session) -> None:
    reply = customer.send({"recommend": "9", "seats": "12"})
    assert reply.status_code == 200
    assert "1 more question follows from them." in reply.text
    assert "Who of the 12?" in reply.text
    assert responses(session)[0].submitted_at is not None
    fields = {"form_key": form_key(reply.text), "recommend": "9", "seats": "12", "many": "All."}
    assert "Thank you, Dalia Ferro." in customer.browser.post(customer.address, data=fields).text
    assert on_record(session)["many"] == ("All.", True)


def test_a_form_may_open_and_answer_a_branch_at_once(customer: Customer, session: Session) -> None:
    assert customer.send({"seats": "12", "many": "All."}).status_code == 200
    assert on_record(session)["many"] == ("All.", True)


def test_a_broken_constraint_is_told_in_the_authors_words(customer: Customer, session: Session) -> None:
    reply = customer.send({"recommend": "9", "seats": "0"})
    assert reply.status_code == 400
    assert reply.text.count("At least you do, Dalia.") == 2
    assert 'value="0"' in reply.text
    assert on_record(session) == {}


def test_each_product_has_its_answer(customer: Customer, session: Session) -> None:
    customer.send({"renew@pulse/Ledger": "5", "renew@pulse/Pay <roll>": ":not_applicable"})
    assert on_record(session) == {
        "renew@pulse/Ledger": (5.0, True), "renew@pulse/Pay <roll>": ("not_applicable", True), "low": (None, False)
    }  # fmt: skip
    page = customer.browser.get(customer.address).text
    assert 'name="renew@pulse/Ledger" value="5" checked' in page.replace(' id="q-renew-pulse-Ledger"', "")
    assert 'name="renew@pulse/Pay &lt;roll&gt;" value=":not_applicable" checked' in page


@pytest.mark.parametrize("field", ["renew", "renew@pulse/Other", "recommend@pulse/Ledger", "low@"])
def test_nobody_answers_about_what_is_not_theirs(customer: Customer, session: Session, field: str) -> None:
    assert customer.send({"recommend": "9", field: "5"}).status_code == 400
    assert on_record(session) == {}
