"""What each person sees of the ledger and may write, and what hostile senders get."""

import io

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.core.clock import today
from app.ledger.models import LedgerEntry
from app.responses.models import PromiseAnswer
from tests.conftest import Fill
from tests.interviews.talks import ANNA, BEN, World
from tests.ledger.world import PAGE, add_ledger, hear, promise_of
from tests.users.people import ADMIN, CSM, LEADER, VIEWER, changing, sign_in, token_in

HOSTILE = "<script>alert(1)</script>"
ENTRY = {
    "side": "delivered",
    "source": "product",
    "happens_on": today().isoformat(),
    "evidence": HOSTILE,
    "form_key": "k",
}
WRITES = {ADMIN: 303, LEADER: 303, CSM: 303, BEN: 404, VIEWER: 403}


def send(browser: FlaskClient, path: str, **fields: object) -> TestResponse:
    return browser.post(path, data={"csrf_token": token_in(browser.get("/password").text), **fields})


def add_heard_ledger(session: Session) -> World:
    """Add the ledger, of which Nora says that the cheaper plan has reached her."""
    talks = add_ledger(session)
    hear(session, "P-2", "yes", talks=talks)
    return talks


@pytest.mark.parametrize("email", WRITES)
def test_an_entry_is_written_by_who_may(application: Flask, fill: Fill, email: str) -> None:
    fill(add_ledger)
    browser, status = sign_in(application, email), WRITES[email]
    with changing(application) as session:
        promise = promise_of(session, "P-3").id
        entry = session.scalars(sa.select(LedgerEntry.id)).one()
    assert send(browser, f"{PAGE}/{promise}/new", **ENTRY).status_code == status
    assert send(browser, f"{PAGE}/entries/{entry}/withdraw", reason="wrong").status_code == status
    with changing(application) as session:
        standing = session.scalars(sa.select(LedgerEntry.evidence).where(LedgerEntry.withdrawn_at.is_(None))).all()
    assert standing == ([HOSTILE] if status == 303 else ["https://files.example/qbr"])
    if status == 303:
        page = browser.get(PAGE).text
        assert HOSTILE not in page
        assert "&lt;script&gt;alert(1)" in page


@pytest.mark.parametrize(
    ("email", "status", "has_name", "has_link"),
    [
        (ADMIN, 200, True, True),
        (LEADER, 200, True, True),
        (CSM, 200, True, True),
        (VIEWER, 200, False, True),
        (BEN, 404, False, False),
    ],
)
def test_each_reader_sees_what_their_role_allows(
    application: Flask, fill: Fill, email: str, status: int, *, has_name: bool, has_link: bool
) -> None:
    fill(add_heard_ledger)
    browser = sign_in(application, email)
    page = browser.get(PAGE)
    assert page.status_code == status
    assert ("Nora" in page.text) is has_name
    assert ("/studies/talks/responses/r-nora" in page.text) is has_link
    assert ("Add what happened" in page.text) is (has_name and status == 200)
    for path in ("/ledger", "/ledger.csv?state=all"):
        assert ("Invoices twice as fast" in browser.get(path).text) is (status == 200)


def test_a_refused_form_keeps_what_was_typed(application: Flask, fill: Fill) -> None:
    fill(add_ledger)
    browser = sign_in(application, CSM)
    with changing(application) as session:
        promise = promise_of(session, "P-1").id
    wrong = ENTRY | {"amount": "a lot", "unit": "hours", "evidence": "my words", "completes": "1"}
    page = send(browser, f"{PAGE}/{promise}/new", **wrong)
    assert page.status_code == 400
    assert "Write it as a number, such as 12500 or 12500.50." in page.text
    for kept in ('value="a lot"', 'value="hours"', "my words</textarea>", 'value="1" checked'):
        assert kept in page.text
    assert send(browser, f"{PAGE}/999/new", **ENTRY).status_code == 404
    assert browser.get(f"/accounts/Ostrava/ledger/{promise}/new").status_code == 404


def test_the_files_hold_what_is_asked_for(application: Flask, fill: Fill) -> None:
    fill(add_heard_ledger)
    browser = sign_in(application, LEADER)
    lines = browser.get("/ledger.csv?state=late").text.splitlines()
    assert (len(lines), "Less typing" in lines[1]) == (2, True)
    sheet = load_workbook(io.BytesIO(browser.get("/ledger.xlsx?state=all&aspect=economic").data)).active
    assert sheet is not None
    texts = [row[4] for row in sheet.iter_rows(values_only=True)]
    assert texts == ["promise", "Invoices twice as fast", "A cheaper plan"]
    assert browser.get("/ledger?state=nonsense&aspect=nonsense&page=99").status_code == 200


def test_an_empty_ledger_teaches_the_next_step(application: Flask, fill: Fill) -> None:
    fill(add_ledger)
    page = sign_in(application, LEADER).get("/accounts/Ostrava/ledger").text
    assert "No promise to Ostrava is on record" in page
    assert "The ledger begins with a promise" in page


@pytest.mark.parametrize(("email", "status"), [(ANNA, 303), (CSM, 403), (LEADER, 403), (VIEWER, 403), (BEN, 404)])
def test_only_who_holds_the_interview_writes_down_the_answer(
    application: Flask, fill: Fill, email: str, status: int
) -> None:
    talks: World = fill(add_ledger)
    browser = sign_in(application, email)
    with changing(application) as session:
        promise = promise_of(session, "P-2").id
    path = f"/interviews/{talks.interviews['nora']}"
    assert send(browser, f"{path}/promises/{promise}", said="yes").status_code == status
    with changing(application) as session:
        assert session.scalars(sa.select(PromiseAnswer.said)).all() == (["yes"] if status == 303 else [])
    if status == 303:
        assert "Did you get it?" in browser.get(path).text
        assert send(browser, f"{path}/promises/{promise}", said="maybe").status_code == 400
        assert send(browser, f"{path}/promises/999", said="yes").status_code == 404
