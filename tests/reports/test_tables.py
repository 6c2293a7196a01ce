"""The tables of a report as files: the numbers of gaps.json, for the same readers, harmless in a spreadsheet."""

import csv
import io
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import select

from app.reports.rules.document import Document
from app.reports.rules.sheets import TABLES, Origin, sheet_of, workbook
from app.studies.models import Study
from tests.conftest import Fill
from tests.reports.portfolios import document_of
from tests.reports.studies import add_alices_study
from tests.users.people import ADMIN, CSM, LEADER, STRANGER, VIEWER, changing, sign_in, token_in

GAPS = "/studies/q1/gaps"


@pytest.fixture
def scored(application: Flask, fill: Fill) -> Flask:
    """A workspace with everyone, and Alice's study, scored; two of its accounts are Carl's."""
    fill(add_alices_study)
    return application


def rows_of(document: Document, name: str) -> list[dict[str, Any]]:
    sheet = sheet_of(TABLES[name], document)
    return [dict(zip(sheet.header, row, strict=True)) for row in sheet.rows]


def read_csv(browser: FlaskClient, name: str) -> list[dict[str, str]]:
    reply = browser.get(f"{GAPS}/tables/{name}.csv")
    assert reply.status_code == 200
    assert reply.mimetype == "text/csv"
    return list(csv.DictReader(io.StringIO(reply.text)))


def read_xlsx(browser: FlaskClient, path: str) -> dict[str, list[tuple[Any, ...]]]:
    reply = browser.get(path)
    assert reply.status_code == 200
    book = load_workbook(io.BytesIO(reply.data))
    return {page.title: list(page.iter_rows(values_only=True)) for page in book.worksheets}


@pytest.fixture(scope="module")
def large() -> Document:
    """A report of more accounts than its page lists."""
    return document_of(160, 900)


@pytest.mark.parametrize("name", list(TABLES))
@pytest.mark.parametrize("facts", [{}, {"answering": 0}, {"has_health": False}], ids=["whole", "silent", "no-health"])
def test_every_table_has_as_many_cells_as_columns(name: str, facts: dict[str, Any]) -> None:
    sheet = sheet_of(TABLES[name], document_of(40, 300, **facts))
    assert all(len(row) == len(sheet.header) for row in sheet.rows)


@pytest.mark.parametrize("name", list(TABLES))
def test_titles_fit_on_the_tab_of_a_sheet(name: str) -> None:
    assert len(TABLES[name].title) <= 31


def test_all_accounts_stand_in_their_table_and_not_fifty(large: Document) -> None:
    rows = rows_of(large, "accounts")
    assert [row["account_id"] for row in rows] == [account["account_id"] for account in large["accounts"]]
    assert len(rows) == 160
    for row, account in zip(rows, large["accounts"], strict=True):
        assert row["voice"] == account["voice"]
        assert row["gap_lo"] is None or row["gap_lo"] < account["shrunken_gap"] < row["gap_hi"]


def test_numbers_are_those_of_the_document_to_the_last_digit(large: Document) -> None:
    dimensions = {row["dimension"]: row for row in rows_of(large, "dimensions")}
    assert {key: row["value"] for key, row in dimensions.items()} == {
        key: each["value"] for key, each in large["voice"]["dimensions"].items()
    }
    agreement = {row["measure"]: row for row in rows_of(large, "agreement")}
    for key in ("spearman", "kappa", "ccc", "bias"):
        found = large["agreement"][key]
        assert (agreement[key]["value"], agreement[key]["lo"], agreement[key]["n"]) == (
            found["value"],
            found["lo"],
            found["n"],
        )
    cells = rows_of(large, "crosstab")
    assert sum(cell["accounts"] for cell in cells) == large["agreement"]["n"]
    workings = {row["figure"]: row for row in rows_of(large, "workings")}
    assert workings["Voice, 0 to 100"]["value"] == large["voice"]["mean"]["value"]
    assert workings["Expected in the sample"]["value"] == large["arr_at_risk"]["expected"]


def test_a_workbook_begins_with_what_it_is_about(large: Document) -> None:
    first, *rest = workbook(large, Origin("2026-05-14T10:00:00+00:00", "ab" * 32, 3))
    facts = dict(map(tuple, first.rows))
    assert first.name == "About"
    assert (facts["study"], facts["edition"], facts["sha256"]) == ("spring", 3, "ab" * 32)
    assert facts["scorecard"] == "default version 3"
    assert facts["accounts_here"] == 160
    assert [sheet.name for sheet in rest] == [table.title for table in TABLES.values()]


@pytest.mark.parametrize("person", [ADMIN, LEADER, VIEWER])
def test_those_who_see_the_report_keep_its_tables(scored: Flask, person: str) -> None:
    browser = sign_in(scored, person)
    document: Any = browser.get("/studies/q1/gaps.json").json
    rows = read_csv(browser, "accounts")
    assert [row["account_id"] for row in rows] == [account["account_id"] for account in document["accounts"]]
    voices = {account["account_id"]: account["voice"] for account in document["accounts"]}
    assert {row["account_id"]: float(row["voice"]) for row in rows} == voices
    book = read_xlsx(browser, f"{GAPS}/tables.xlsx")
    assert list(book) == ["About", *(table.title for table in TABLES.values())]
    assert dict(book["About"])["accounts_drawn"] == 10
    alone = read_xlsx(browser, f"{GAPS}/tables/accounts.xlsx")
    assert list(alone) == ["About", "Accounts"]
    assert alone["Accounts"] == book["Accounts"]
    assert all(isinstance(row[ARR], int | float) for row in alone["Accounts"][1:])


ARR = 2


def test_no_cell_runs_in_a_spreadsheet(scored: Flask) -> None:
    with changing(scored) as session:
        study = session.scalars(select(Study)).one()
        study.name = "=HYPERLINK(1)"
    book = read_xlsx(sign_in(scored, LEADER), f"{GAPS}/tables.xlsx")
    assert ("name", "'=HYPERLINK(1)") in book["About"]


def test_a_csm_keeps_assigned_accounts_only(scored: Flask) -> None:
    browser = sign_in(scored, CSM)
    assert {row["account_id"] for row in read_csv(browser, "accounts")} == {"A2", "A4"}
    assert {row["account_id"] for row in read_csv(browser, "evidence")} == {"A2", "A4"}
    book = read_xlsx(browser, f"{GAPS}/tables.xlsx")
    assert not [row for rows in book.values() for row in rows if "Account 7" in map(str, row)]
    assert dict(book["About"])["only_assigned_accounts"] == "yes"


def test_an_edition_has_its_tables_with_its_hash(scored: Flask) -> None:
    leader = sign_in(scored, LEADER)
    page = leader.get(f"{GAPS}/editions").text
    leader.post(f"{GAPS}/editions", data={"csrf_token": token_in(page)})
    about = dict(read_xlsx(leader, f"{GAPS}/editions/1/tables.xlsx")["About"])
    assert about["edition"] == 1
    assert about["sha256"] == dict(read_xlsx(leader, f"{GAPS}/tables.xlsx")["About"])["sha256"]
    book = read_xlsx(sign_in(scored, CSM), f"{GAPS}/editions/1/tables.xlsx")
    assert {row[0] for row in book["Accounts"][1:]} == {"A2", "A4"}


@pytest.mark.parametrize("path", ["tables.xlsx", "tables/roles.csv", "tables/roles.xlsx"])
def test_nobody_else_finds_them(scored: Flask, path: str) -> None:
    assert sign_in(scored, STRANGER).get(f"{GAPS}/{path}").status_code == 404
    assert scored.test_client().get(f"{GAPS}/{path}").status_code in {302, 401}


def test_a_table_that_no_report_has_is_missing(scored: Flask) -> None:
    browser = sign_in(scored, LEADER)
    assert browser.get(f"{GAPS}/tables/none.csv").status_code == 404
    assert browser.get(f"{GAPS}/tables/none.xlsx").status_code == 404


def test_the_page_leads_to_the_files_and_paper_does_not(scored: Flask) -> None:
    browser = sign_in(scored, LEADER)
    page = browser.get(GAPS).text
    for name in ("crosstab", "accounts", "evidence", "workings"):
        assert f"{GAPS}/tables/{name}.csv" in page
        assert f"{GAPS}/tables/{name}.xlsx" in page
    assert 'aria-label="Accounts as CSV"' in page
