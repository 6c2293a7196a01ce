"""The page of an account as PDF: what it holds for whom, and that it is good whatever an account holds."""

import io
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.clock import now, today
from app.core.database import db
from app.customer360.rendering import paper_html, paper_of
from app.customer360.rules.layout import USUAL, Extent, layout_document
from app.customer360.services import save_layout
from app.customers.models import Account, Contact, Promise
from app.users.models import User
from app.users.queries import scope_of
from tests.conftest import Fill
from tests.customer360.workspace import HOSTILE, SLASHED, add_workspace
from tests.users.people import ADMIN, CSM, LEADER, STRANGER, VIEWER, changing, sign_in

MANY = 400


def add_crowd(session: Session) -> None:
    """The workspace, in which A4 has 400 people and forty long, hostile promises."""
    add_workspace(session)
    account = session.scalars(select(Account).where(Account.crm_id == "A4")).one()
    session.add_all(
        Contact(crm_id=f"crowd-{n}", account_id=account.id, name=f"Crowd {n:03d}", email=f"c{n}@example.test")
        for n in range(MANY)
    )
    session.add_all(
        Promise(
            crm_id=f"p{n}", account_id=account.id, source="sales", aspect="economic", text=f"{HOSTILE} {'w ' * 900}"
        )
        for n in range(40)
    )


@pytest.fixture
def filled(application: Flask, fill: Fill) -> Flask:
    """The workspace with a crowd."""
    fill(add_crowd)
    return application


def printed(browser: FlaskClient, account: str) -> PdfReader:
    answer = browser.get(f"/accounts/{quote(account)}/page.pdf")
    assert answer.status_code == 200, answer.text
    assert answer.mimetype == "application/pdf"
    assert "no-store" in answer.headers["Cache-Control"]
    return PdfReader(io.BytesIO(answer.data))


def text_of(pdf: PdfReader) -> str:
    return " ".join(" ".join(page.extract_text() for page in pdf.pages).split())


def test_a_page_with_four_hundred_people_is_whole_cut_and_counted(filled: Flask) -> None:
    pdf = printed(sign_in(filled, LEADER), "A4")
    text = text_of(pdf)
    for said in ("Account 4", "Status", "Average rating", "Who to ask", "Where the figures come from", "The account"):
        assert said in text
    assert f"Account 4 · made for Alice Owner on {today().day} " in text
    assert f"Page 1 of {len(pdf.pages)}" in text
    assert "They promised two days a month" in text
    assert "Add an action" not in text
    assert "flask import" not in text
    assert "more on the page" in text
    assert text.count("@example.test") < 60
    assert f"{MANY + 3 - 6} more" in text
    assert len(pdf.pages) < 12
    links = [each.get_object().get("/A", {}).get("/URI", "") for page in pdf.pages for each in page.get("/Annots", [])]
    assert any(link.endswith("/accounts/A4/ledger") for link in links)
    assert all(link.startswith(("http", "mailto:")) for link in links if link)


@pytest.mark.parametrize("account", ["A12", SLASHED])
def test_an_account_with_nothing_and_one_with_a_hostile_name_are_good_pages(filled: Flask, account: str) -> None:
    pdf = printed(sign_in(filled, LEADER), account)
    assert 1 <= len(pdf.pages) < 6
    text = text_of(pdf)
    assert "Nobody" in text
    assert "none" in text


@pytest.mark.parametrize(
    ("email", "sees_people", "sees_answers"),
    [(ADMIN, True, True), (LEADER, True, True), (CSM, True, True), (STRANGER, True, False), (VIEWER, False, False)],
)
def test_each_reader_has_on_paper_what_their_role_sees(
    filled: Flask, email: str, sees_people: bool, sees_answers: bool
) -> None:
    with filled.test_request_context("/"):
        person = db.session.scalars(select(User).where(User.email == email)).one()
        html = paper_html(paper_of(scope_of(person), "A4"))
    assert ("Crowd 001" in html) is sees_people
    assert ("Person 4 champion" in html) is sees_answers
    assert ("Crowd 001" in sign_in(filled, email).get("/accounts/A4/section-contacts").text) is sees_people
    assert "csrf" not in html
    assert HOSTILE not in html


def test_the_account_of_another_csm_and_one_that_is_none_have_no_page(filled: Flask) -> None:
    browser = sign_in(filled, CSM)
    assert browser.get("/accounts/A3/page.pdf").status_code == 404
    assert browser.get("/accounts/nothing/page.pdf").status_code == 404
    assert filled.test_client().get("/accounts/A4/page.pdf").status_code == 302


def test_it_is_laid_out_as_the_page_is_arranged_for_the_reader(filled: Flask) -> None:
    with changing(filled) as session:
        typed = layout_document(USUAL)
        typed["summary"] = [{"field": "mrr", "label": "What they pay", "shows": "account"}]
        typed["sections"] = [
            {**each, "shown": each["key"] in {"cases", "account"}} for each in reversed(typed["sections"])
        ]
        save_layout(session, extent=Extent.ROLE, name="csm", typed=typed, seen=0, at=now(), by=1)
    text = text_of(printed(sign_in(filled, CSM), "A4"))
    assert "What they pay" in text
    assert text.index("CRM id") < text.lower().rindex(" case")
    assert "Where the figures come from" not in text
    assert "Crowd 001" not in text
