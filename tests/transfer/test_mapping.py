"""Files with a customer system's own names: what their columns are is guessed, chosen, checked and remembered."""

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.customers.models import Account, Opportunity
from app.transfer.models import ImportMapping
from app.transfer.rules.guesses import CUSTOM, OUT, checked, fits, guessed, guessed_format, has_guessed_comma
from app.transfer.services.formats import ACCOUNTS, FORMATS, OPPORTUNITIES
from tests.conftest import Fill
from tests.transfer.test_import_opportunities import add_workspace
from tests.transfer.uploading import ask, kept_files, press, send_file
from tests.users.people import ADMIN, CSM, LEADER, STRANGER, sign_in, token_in

CRM = (
    "Account ID;Account Name;Annual Revenue;Customer Since;Owner Email;Shoe\n"
    "A-1;Customer One;1.200,50;31.01.2026;csm@us.example;43\n"
    "A-8;Eight;7,25;28.02.2026;;44\n"
)


@pytest.mark.parametrize(
    ("kind", "name", "choice"),
    [
        pytest.param("accounts", "Account ID", "account_id", id="spaces"),
        pytest.param("accounts", "AccountId", "account_id", id="camel-case"),
        pytest.param("accounts", "Id", "account_id", id="the-key"),
        pytest.param("accounts", "ARR", "arr", id="case"),
        pytest.param("accounts", "Annual Revenue", "arr", id="annual-revenue"),
        pytest.param("accounts", "Renewal_Date__c", "renewal_date", id="custom-suffix"),
        pytest.param("accounts", "Shoe", CUSTOM, id="custom"),
        pytest.param("opportunities", "Close Date", "close_date", id="close-date"),
        pytest.param("opportunities", "Owner Email", "owner_email", id="owner-email"),
        pytest.param("opportunities", "Id", "opportunity_id", id="key-of-deals"),
        pytest.param("opportunities", "Shoe", OUT, id="unknown-and-no-custom"),
    ],
)
def test_columns_are_guessed_by_their_names(kind: str, name: str, choice: str) -> None:
    known = FORMATS[kind]
    assert guessed([name], known.expected, known.columns[0].name)[0].choice == choice


def test_a_field_is_guessed_once_and_its_own_name_goes_first() -> None:
    found = guessed(["Company", "name", "Account Name"], ACCOUNTS.expected, "account_id")
    assert [guess.choice for guess in found] == [CUSTOM, "name", CUSTOM]
    assert [guess.why for guess in found][1] == "its name"


@pytest.mark.parametrize(
    ("samples", "meant"),
    [
        pytest.param(["2026-01-31"], None, id="iso"),
        pytest.param([], None, id="none"),
        pytest.param(["31.01.2026", "01.02.2026"], "%d.%m.%Y", id="german"),
        pytest.param(["01/31/2026", "02/03/2026"], "%m/%d/%Y", id="american"),
        pytest.param(["31/01/2026", "02/03/2026"], "%d/%m/%Y", id="british"),
        pytest.param(["soon"], None, id="no-date"),
    ],
)
def test_the_shape_of_dates_is_guessed(samples: list[str], meant: str | None) -> None:
    assert guessed_format(samples) == meant


@pytest.mark.parametrize(
    ("samples", "has_comma"),
    [(["1.200,50", "7"], True), (["1200.50", "7"], False), (["7,25", "1200.503.1"], False), ([], False)],
)
def test_a_decimal_comma_is_guessed(samples: list[str], has_comma: bool) -> None:
    assert has_guessed_comma(samples) is has_comma


@pytest.mark.parametrize(
    ("choices", "words"),
    [
        pytest.param(["account_id", "account_id"], "“a” and “b” are both account_id", id="two-on-one"),
        pytest.param(["account_id", OUT], "No column is name", id="a-required-one-missing"),
        pytest.param(["account_id", "galaxy"], "Choose what the column “b” is", id="no-field"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(choices: list[str], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        checked(["a", "b"], choices, ACCOUNTS.expected)


def test_a_custom_field_may_not_take_the_name_of_a_field() -> None:
    with pytest.raises(ValueError, match="cannot be called “ARR”"):
        checked(["a", "b", "ARR"], ["account_id", "name", CUSTOM], ACCOUNTS.expected)


def test_our_own_names_need_no_mapping() -> None:
    assert fits(["account_id", "name", "Shoe"], ACCOUNTS.expected)
    assert not fits(["opportunity_id", "account_id", "stage", "amount", "Shoe"], OPPORTUNITIES.expected)
    assert not fits(["account_id"], ACCOUNTS.expected)


@pytest.fixture
def owned(application: Flask, fill: Fill) -> Flask:
    """The small world with people."""
    fill(add_workspace)
    return application


@pytest.fixture
def alice(owned: Flask) -> FlaskClient:
    """A leader's browser."""
    return sign_in(owned, LEADER)


GUESSED = ["account_id", "name", "arr", "start_date", "csm_email", CUSTOM]


def choose(browser: FlaskClient, address: str, choices: list[str], **fields: Any) -> TestResponse:
    """Say what the columns are."""
    data = {f"column-{place}": choice for place, choice in enumerate(choices)} | fields
    return browser.post(
        f"{address}/columns", data=data | {"csrf_token": token_in(browser.get(f"{address}/columns").text)}
    )


SHAPE = {"date_format": "%d.%m.%Y", "has_decimal_comma": "y"}


def test_foreign_names_are_mapped_previewed_imported_and_remembered(owned: Flask, alice: FlaskClient) -> None:
    address = send_file(alice, "accounts", CRM, filename="crm.csv").location
    assert alice.get(address).location == f"{address}/columns"
    page = alice.get(f"{address}/columns").text
    for words in ("6 columns: say what each of them is", "Annual Revenue", "1.200,50", "guessed from its name"):
        assert words in page
    for choice in GUESSED:
        assert f'<option value="{choice}" selected>' in page
    assert 'value="%d.%m.%Y"' in page
    assert "checked" in page
    assert choose(alice, address, GUESSED, source="Salesforce accounts", **SHAPE).location == address
    assert "1 new and 1 changed: nothing is stored yet" in alice.get(address).text
    press(alice, address, "confirm")
    assert ask(owned, sa.select(Account.custom).where(Account.crm_id == "A-8")) == [{"Shoe": "44"}]
    assert [str(arr) for arr in ask(owned, sa.select(Account.arr).order_by(Account.crm_id))] == [
        "1200.50",
        "None",
        "7.25",
    ]
    second = send_file(alice, "accounts", CRM.replace("Eight", "Ate"), filename="again.csv").location
    page = alice.get(second).text
    assert "mapped as those of" in page
    assert "Salesforce accounts" in page
    assert "0 new and 1 changed" in page
    press(alice, second, "confirm")
    assert "Ate" in ask(owned, sa.select(Account.name))


def test_a_column_may_be_left_out(owned: Flask, alice: FlaskClient) -> None:
    content = "Id,Account Id,Stage,Deal Value,Junk\nD-1,A-1,Won,5,x\n"
    address = send_file(alice, "opportunities", content).location
    assert choose(alice, address, ["opportunity_id", "account_id", "stage", "amount", OUT]).location == address
    press(alice, address, "confirm")
    assert ask(owned, sa.select(Opportunity.stage)) == ["Won"]
    assert ask(owned, sa.select(ImportMapping.id)) == []


def test_what_is_refused_keeps_the_file_and_what_was_chosen(owned: Flask, alice: FlaskClient) -> None:
    address = send_file(alice, "accounts", CRM).location
    reply = choose(alice, address, ["account_id", "name", "arr", "arr", OUT, OUT], source="Mine", **SHAPE)
    assert reply.status_code == 400
    assert "are both arr" in reply.text
    assert 'value="Mine"' in reply.text
    wrong = choose(alice, address, GUESSED, source="Mine")
    assert wrong.status_code == 400
    assert "is not a number" in wrong.text
    assert ask(owned, sa.select(ImportMapping.id)) == []
    assert len(kept_files(owned)) == 1
    token = token_in(alice.get("/imports").text)
    early = alice.post(f"{address}/confirm", data={"csrf_token": token})
    assert early.status_code == 400 or early.location == f"{address}/columns"
    assert ask(owned, sa.select(Account.name).order_by(Account.crm_id)) == ["Customer 1", "Customer 2"]


def test_a_known_source_is_changed_and_forgotten(owned: Flask, alice: FlaskClient) -> None:
    address = send_file(alice, "accounts", CRM).location
    choose(alice, address, GUESSED, source="Mine", **SHAPE)
    choose(alice, address, [*GUESSED[:5], OUT], source="Mine", **SHAPE)
    (mapping,) = ask(owned, sa.select(ImportMapping))
    assert mapping.columns["Shoe"] == ""
    page = alice.get("/imports").text
    assert "Forget the columns of Mine" in page
    reply = alice.post(f"/imports/sources/{mapping.id}/forget", data={"csrf_token": token_in(page)})
    assert reply.location == "/imports"
    assert ask(owned, sa.select(ImportMapping.id)) == []
    assert alice.get(send_file(alice, "accounts", CRM).location).location.endswith("/columns")


@pytest.mark.parametrize(("email", "status"), [(ADMIN, 404), (STRANGER, 404), (CSM, 403)])
def test_columns_of_others_are_not_shown(owned: Flask, alice: FlaskClient, email: str, status: int) -> None:
    address = send_file(alice, "accounts", CRM).location
    other = sign_in(owned, email)
    assert other.get(f"{address}/columns").status_code == status
    token = token_in(other.get("/accounts").text)
    for path in (f"{address}/columns", "/imports/sources/99/forget"):
        assert other.post(path, data={"csrf_token": token}).status_code == status
