"""The workspace's own facts: said by the first admin, changed on the page of settings."""

from decimal import Decimal

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.core.workspace import the_workspace
from app.customers.models import Account
from tests.conftest import Fill
from tests.users.people import ADMIN, PASSWORD, add_logins, changing, sign_in, token_in

FIRST = {"name": "Ada Min", "email": ADMIN, "password": PASSWORD}


def facts(application: Flask) -> tuple[str | None, str | None]:
    """Organisation and currency on record."""
    with changing(application) as session:
        workspace = the_workspace(session)
        return workspace.organisation, workspace.currency


def send(browser: FlaskClient, address: str, **fields: str) -> TestResponse:
    return browser.post(address, data={"csrf_token": token_in(browser.get(address).text), **fields})


@pytest.fixture
def ada(application: Flask, fill: Fill) -> FlaskClient:
    """The admin's browser."""
    fill(add_logins)
    return sign_in(application, ADMIN)


def test_the_first_admin_says_who_asks_and_is_led_to_the_imports(application: Flask) -> None:
    browser = application.test_client()
    reply = send(browser, "/first-admin", **FIRST, organisation=" Tall  Oak ", currency="chf")
    assert reply.location == "/imports"
    page = browser.get("/imports").text
    assert "Welcome to Parallax" in page
    assert "0 accounts so far" in page
    assert facts(application) == ("Tall Oak", "CHF")


def test_the_first_admin_may_leave_both_empty(application: Flask) -> None:
    assert send(application.test_client(), "/first-admin", **FIRST, organisation="", currency="").status_code == 302
    assert facts(application) == (None, None)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        pytest.param({"currency": "euro"}, "three letters", id="no-currency"),
        pytest.param({"currency": "€\0"}, "three letters", id="nul-currency"),
        pytest.param({"organisation": "x" * 201}, "200", id="endless-name"),
        pytest.param({"organisation": "a\0b"}, "letters, digits and signs", id="nul-name"),
    ],
)
def test_odd_facts_are_refused_and_nobody_is_created(application: Flask, change: dict[str, str], words: str) -> None:
    browser = application.test_client()
    reply = send(browser, "/first-admin", **FIRST, **change)
    assert reply.status_code == 400
    assert words in reply.text
    assert browser.get("/first-admin").status_code == 200


def test_a_currency_that_imports_settled_is_not_asked(application: Flask) -> None:
    with changing(application) as session:
        workspace = the_workspace(session)
        workspace.currency = "SEK"
        session.add(workspace)
    browser = application.test_client()
    assert "Amounts are in SEK" in browser.get("/first-admin").text
    send(browser, "/first-admin", **FIRST, currency="USD")
    assert facts(application)[1] == "SEK"


def test_settings_change_name_and_currency(application: Flask, ada: FlaskClient) -> None:
    assert "0 customers know who asks" in ada.get("/settings").text
    assert send(ada, "/settings", organisation="Oak", currency="eur").location == "/settings"
    page = ada.get("/settings").text
    assert "Customers see Oak as who asks" in page
    assert "Amounts are in EUR" in page
    assert facts(application) == ("Oak", "EUR")


def test_settings_keep_the_currency_of_amounts_and_say_why(application: Flask, ada: FlaskClient) -> None:
    send(ada, "/settings", organisation="Oak", currency="EUR")
    with changing(application) as session:
        session.add(Account(crm_id="A-1", name="One", arr=Decimal(5)))
    assert "relabel" in ada.get("/settings").text
    reply = send(ada, "/settings", organisation="Elm", currency="USD")
    assert reply.status_code == 400
    assert "only relabel them" in reply.text
    assert facts(application) == ("Oak", "EUR")
    assert send(ada, "/settings", organisation="Elm").status_code == 302
    assert facts(application) == ("Elm", "EUR")


def test_settings_refuse_odd_facts(application: Flask, ada: FlaskClient) -> None:
    for fields in ({"currency": "12"}, {"organisation": "\0"}, {"organisation": "y" * 900}):
        reply = send(ada, "/settings", **{"organisation": "", "currency": "", **fields})
        assert reply.status_code == 400
        assert 'class="error"' in reply.text
    assert facts(application) == (None, None)


def budget(application: Flask) -> tuple[int, int, int]:
    """The contact budget on record."""
    with changing(application) as session:
        workspace = the_workspace(session)
        return workspace.person_days, workspace.account_studies, workspace.account_days


def test_settings_say_how_often_customers_are_asked(application: Flask, ada: FlaskClient) -> None:
    numbers = {"person_days": "60", "account_studies": "1", "account_days": "14"}
    assert send(ada, "/settings", organisation="Oak", currency="", **numbers).status_code == 302
    assert budget(application) == (60, 1, 14)
    assert 'value="60"' in ada.get("/settings").text
    send(ada, "/settings", organisation="Oak", currency="", person_days="")
    assert budget(application) == (60, 1, 14)


@pytest.mark.parametrize("odd", ["0", "-1", "1.5", "many", "1000", "٣", "9" * 5_000])
def test_settings_refuse_a_budget_that_is_none(application: Flask, ada: FlaskClient, odd: str) -> None:
    reply = send(ada, "/settings", organisation="", currency="", person_days=odd)
    assert reply.status_code == 400
    assert "whole number from 1 to 999" in reply.text
    assert budget(application) == (90, 2, 30)
