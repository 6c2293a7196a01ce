"""Renewals by month: what each month holds, who sees which accounts, and what stands where nothing renews."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from app.core.clock import today
from app.customer360.rules.renewals import Month, month_asked, month_lines, months_from, renewals_title
from app.customers.models import Account
from tests.conftest import Fill
from tests.customer360.workspace import add_workspace
from tests.users.people import ADMIN, CSM, LEADER, VIEWER, add_people, sign_in

ON = date(2026, 11, 28)


def row(on: date, accounts: int = 1, unhappy: int = 0, arr: int = 10_000) -> Any:
    colours = {f"{what}_{band}": 0 for what in ("health", "voice") for band in ("red", "amber", "green")}
    return SimpleNamespace(
        renewal_date=on,
        accounts=accounts,
        arr=Decimal(arr),
        uncounted=0,
        unhappy=unhappy,
        unhappy_arr=Decimal(unhappy * arr),
        **colours | {"health_green": accounts},
    )


def test_months_are_twelve_and_reach_over_the_year() -> None:
    months = months_from(ON)
    assert [months[0].key, months[1].key, months[-1].key] == ["2026-11", "2026-12", "2027-10"]
    assert months[3].last == date(2027, 2, 28)


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        ("2026-12", Month(date(2026, 12, 1))),
        ("2026-13", None),
        ("2025-01", None),
        ("", None),
        (None, None),
        ("x", None),
    ],
)
def test_a_month_is_asked_for_by_its_key(raw: str | None, found: Month | None) -> None:
    assert month_asked(raw, ON) == found


def test_days_add_up_to_months() -> None:
    lines = month_lines([row(date(2026, 12, 1), 2), row(date(2026, 12, 31), 3, unhappy=1)], ON)
    assert [line.accounts for line in lines[:3]] == [0, 5, 0]
    assert lines[1].arr == 20_000
    assert lines[1].health["green"] == 5
    assert lines[1].unmeasured == 0
    assert lines[1].unheard == 5


@pytest.mark.parametrize(
    ("days", "title"),
    [
        ([], "Nothing renews within twelve months"),
        ([row(ON)], "One account renews within twelve months"),
        (
            [row(ON, 3, unhappy=1)],
            "Three accounts renew within twelve months; one of them sounds unhappier than health says, paying €10 k",
        ),
    ],
)
def test_the_title_is_a_finding(days: Sequence[Any], title: str) -> None:
    assert renewals_title(month_lines(days, ON), "EUR").replace("\u00a0", " ") == title


def add_renewals(session: Session) -> None:
    """The accounts of the tests, all renewing in forty days, A1 in dollars."""
    add_workspace(session)
    session.execute(sa.update(Account).values(renewal_date=today() + timedelta(days=40)))
    session.execute(sa.update(Account).where(Account.crm_id == "A1").values(currency="USD"))


@pytest.mark.parametrize(("person", "accounts"), [(ADMIN, 12), (LEADER, 12), (VIEWER, 12), (CSM, 2)])
def test_each_sees_the_renewals_of_their_accounts(application: Flask, fill: Fill, person: str, accounts: int) -> None:
    fill(add_renewals)
    month = Month((today() + timedelta(days=40)).replace(day=1))
    page = sign_in(application, person).get(f"/renewals?month={month.key}").text
    assert page.count('data-label="Finding"') == accounts
    assert ("A3" in page) is (accounts == 12)
    assert page.count("<h1") == 1


def test_money_of_another_currency_is_in_no_sum(application: Flask, fill: Fill) -> None:
    fill(add_renewals)
    page = sign_in(application, LEADER).get("/renewals").text
    assert "in no sum: without revenue, or with it in another currency" in page


def test_an_empty_workspace_says_that_nothing_renews(application: Flask, fill: Fill) -> None:
    fill(add_people)
    page = sign_in(application, LEADER).get("/renewals?month=2020-01&segment=none").text
    assert "Nothing renews within twelve months" in page
