"""The brief of a meeting: who sees it, and that it is one page on paper whatever an account holds."""

import io
from urllib.parse import quote

import pikepdf
import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.customers.models import Account, Promise
from tests.conftest import Fill
from tests.customer360.workspace import HOSTILE, SLASHED, add_workspace
from tests.users.people import ADMIN, CSM, LEADER, STRANGER, VIEWER, sign_in


def add_owed(session: Session) -> None:
    """Forty promises to A4, each long and hostile."""
    add_workspace(session)
    account = session.scalars(select(Account).where(Account.crm_id == "A4")).one()
    session.add_all(
        Promise(
            crm_id=f"p{n}", account_id=account.id, source="sales", aspect="economic", text=f"{HOSTILE} {'w ' * 900}"
        )
        for n in range(40)
    )


@pytest.fixture
def filled(application: Flask, fill: Fill) -> Flask:
    """The workspace of the accounts' tests, with promises."""
    fill(add_owed)
    return application


@pytest.mark.parametrize(
    ("person", "status"), [(ADMIN, 200), (LEADER, 200), (CSM, 200), (VIEWER, 200), (STRANGER, 200)]
)
def test_whoever_sees_the_account_sees_its_brief(filled: Flask, person: str, status: int) -> None:
    page = sign_in(filled, person).get("/accounts/A4/brief")
    assert page.status_code == status
    assert page.text.count("<h1") == 1
    assert "Three questions to ask" in page.text
    assert "40 promises are still owed" in page.text.replace("\u00a0", " ")
    assert HOSTILE not in page.text
    assert "Person 4 champion" not in page.text


def test_the_account_of_another_csm_has_none(filled: Flask) -> None:
    browser = sign_in(filled, CSM)
    assert browser.get("/accounts/A3/brief").status_code == 404
    assert browser.get("/accounts/A3/brief.pdf").status_code == 404


@pytest.mark.parametrize("account", ["A4", "A12", SLASHED])
def test_on_paper_it_is_one_page(filled: Flask, account: str) -> None:
    answer = sign_in(filled, LEADER).get(f"/accounts/{quote(account)}/brief.pdf")
    assert answer.mimetype == "application/pdf"
    with pikepdf.open(io.BytesIO(answer.data)) as pdf:
        assert len(pdf.pages) == 1
