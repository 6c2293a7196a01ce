"""Opportunities come in by command and by the browser, and stand on the page of their account while they are open."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from app.customers.models import Opportunity
from tests.conftest import Fill
from tests.transfer.conftest import build_world
from tests.transfer.uploading import press, send_file
from tests.users.people import ADMIN, CSM, LEADER, add_people, sign_in

Run = Callable[..., Any]

FILE = (
    "opportunity_id,account_id,stage,amount,close_date,product,owner_email\n"
    "D-1,A-1,Proposal,12000.50,2031-03-31,Atlas,seller@us.example\n"
    "D-2,A-1,Closed Won,500,2026-01-31,,\n"
    "D-3,A-1,Discovery,8000,,,\n"
    "D-4,A-2,lost,7,,,\n"
)


@pytest.mark.usefixtures("world")
def test_opportunities_are_stored_and_a_known_one_is_updated(run: Run, session: Session) -> None:
    assert run("opportunities", FILE).counts == (4, 4, 0, 0)
    first = session.scalars(sa.select(Opportunity).where(Opportunity.crm_id == "D-1")).one()
    assert (first.stage, first.amount, first.product) == ("Proposal", Decimal("12000.50"), "Atlas")
    assert first.close_date == date(2031, 3, 31)
    assert first.created_at.tzinfo is not None
    assert run("opportunities", FILE).counts == (4, 0, 0, 4)
    assert run("opportunities", FILE.replace("Proposal", "Closed Lost")).counts == (4, 0, 1, 3)


@pytest.mark.usefixtures("world")
def test_an_opportunity_may_have_a_currency_of_its_own(run: Run, session: Session) -> None:
    run(
        "opportunities",
        "opportunity_id,account_id,stage,amount,currency\nD-1,A-1,Proposal,1,usd\nD-2,A-1,Proposal,1,\n",
    )
    found = session.scalars(sa.select(Opportunity.currency).order_by(Opportunity.crm_id)).all()
    assert found == ["USD", None]


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize(
    ("row", "place", "words"),
    [
        pytest.param("D-9,A-404,Proposal,1,,,", (2, "account_id"), "No account has the id “A-404”", id="account"),
        pytest.param("D-9,A-1,Proposal,,,,", (2, "amount"), "amount is required", id="no-amount"),
        pytest.param("D-9,A-1,,1,,,", (2, "stage"), "stage is required", id="no-stage"),
        pytest.param("D-9,A-1,Proposal,nan,,,", (2, "amount"), "is not a number", id="nan"),
        pytest.param("D-9,A-1,Proposal,1,2026-02-30,,", (2, "close_date"), "is not a date", id="date"),
        pytest.param("D-9,A-1,Proposal,1,,,nobody", (2, "owner_email"), "“nobody”", id="address"),
    ],
)
def test_what_is_wrong_is_named(run: Run, row: str, place: tuple[int, str], words: str) -> None:
    said = run("opportunities", f"{FILE.splitlines()[0]}\n{row}\n")
    assert (said.status, said.places) == (1, [place])
    assert words in said.reasons


def add_workspace(session: Session) -> None:
    """The small world with people."""
    build_world(session)
    add_people(session)


def test_open_ones_stand_on_the_page_of_the_account(application: Flask, fill: Fill) -> None:
    fill(add_workspace)
    browser = sign_in(application, LEADER)
    assert "open opportunit" not in browser.get("/accounts/A-1?show=all").text
    press(browser, send_file(browser, "opportunities", FILE).location, "confirm")
    page = browser.get("/accounts/A-1?show=all").text.replace("\N{NO-BREAK SPACE}", " ")
    assert "Two open opportunities" in page
    assert "for Atlas" in page
    assert "closes 31 March 2031" in page
    assert "Closed Won" not in page
    assert "open opportunit" not in browser.get("/accounts/A-2?show=all").text


@pytest.mark.parametrize(("email", "status"), [(ADMIN, 200), (LEADER, 200), (CSM, 403)])
def test_who_may_bring_them_in(application: Flask, fill: Fill, email: str, status: int) -> None:
    fill(add_workspace)
    page = sign_in(application, email).get("/imports")
    assert page.status_code == status
    assert ('<option value="opportunities">' in page.text) is (status == 200)
