"""Accounts by distress: the worst first, the silent last, each reader their own accounts."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.clock import now, today
from app.customer360.rules.distress import distress_title
from app.customers.models import Account
from app.health.models import SupportCase
from app.scoring.services.distressing import computed_distress, store_distress
from tests.conftest import Fill
from tests.customer360.workspace import add_workspace
from tests.users.people import ADMIN, CSM, LEADER, STRANGER, VIEWER, sign_in


def add_distress(session: Session) -> None:
    """The workspace, with cases at all accounts but one and the index that they come to."""
    add_workspace(session)
    for place, account in enumerate(session.scalars(select(Account).order_by(Account.id)).all()[:-1]):
        account.seats = 10
        for number in range(place):
            session.add(
                SupportCase(
                    crm_id=f"d{place}-{number}", account_id=account.id, opened_at=now() - timedelta(days=7 * number)
                )
            )
    session.flush()
    store_distress(session, computed_distress(session, as_of=today()))


def worst_row(**facts: Any) -> SimpleNamespace:
    return SimpleNamespace(**{"name": "Alder & Co", "score": 94.2, "band": "high", "rank_lo": 1, "rank_hi": 1, **facts})


@pytest.fixture
def filled(application: Flask, fill: Fill) -> Flask:
    """The workspace with its index."""
    fill(add_distress)
    return application


@pytest.mark.parametrize(
    ("person", "others", "with_voice"),
    [
        (ADMIN, True, True),
        (LEADER, True, False),
        (STRANGER, True, False),
        (VIEWER, True, True),
        (CSM, False, True),
    ],
)
def test_each_sees_the_accounts_that_are_theirs(filled: Flask, person: str, others: bool, with_voice: bool) -> None:
    page = sign_in(filled, person).get("/health/distress").text
    assert "Account 4" in page
    assert ("Account 10" in page) is others
    assert ("With voice" in page) is with_voice
    assert "High is bad" in page
    assert "<script>alert" not in page
    assert " style=" not in page


def test_the_worst_stand_first_and_the_silent_last(filled: Flask) -> None:
    page = sign_in(filled, ADMIN).get("/health/distress").text
    assert page.index("Øster Åkeri") < page.index("Account 10") < page.index("Account 2<") < page.index("Twelve")
    assert "silent, not calm" in page
    assert "which is not the same as well" in page


@pytest.mark.parametrize("page", ["2", "0", "-1", "x", "9" * 40])
def test_a_page_that_is_none_shows_the_list(filled: Flask, page: str) -> None:
    answer = sign_in(filled, ADMIN).get(f"/health/distress?page={page}")
    assert (answer.status_code, "Account 10" in answer.text) == (200, True)


@pytest.mark.parametrize(
    ("address", "said"), [("A10", "of 100, high is bad"), ("A12", "No case yet: silent, not calm")]
)
def test_the_accounts_page_tells_its_distress(filled: Flask, address: str, said: str) -> None:
    assert said in sign_in(filled, ADMIN).get(f"/accounts/{address}?show=all").text


def test_before_the_first_index_the_page_says_what_is_missing(application: Flask, fill: Fill) -> None:
    fill(add_workspace)
    assert "Nobody’s distress is known yet" in sign_in(application, ADMIN).get("/health/distress").text
    assert "high is bad" not in sign_in(application, ADMIN).get("/accounts/A1?show=all").text


@pytest.mark.parametrize(
    ("worst", "sees_all", "title"),
    [
        pytest.param(worst_row(), True, "Distress is highest at Alder & Co: 94 of 100", id="sure"),
        pytest.param(
            worst_row(rank_hi=3),
            True,
            "Distress is highest at Alder & Co: 94 of 100, and its place depends on the weights",
            id="not sure",
        ),
        pytest.param(
            worst_row(), False, "Among your accounts, distress is highest at Alder & Co: 94 of 100", id="assigned"
        ),
        pytest.param(worst_row(band="silent"), True, "No account has had a support case yet", id="silent"),
        pytest.param(None, False, "No account of yours has had a support case yet", id="none"),
    ],
)
def test_the_title_names_the_worst_no_surer_than_its_place(worst: Any, sees_all: bool, title: str) -> None:
    assert distress_title(worst, sees_all=sees_all) == title
