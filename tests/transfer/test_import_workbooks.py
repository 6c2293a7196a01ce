"""Workbooks come in: dates as dates, numbers without noise, formulas by their results; hostile ones are refused."""

import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from sqlalchemy.orm import Session

from app.core.sheets import Sheet, write_xlsx
from app.customers.models import Account, Interaction
from app.transfer.rules.cells import Shape
from app.transfer.services.workbooks import Book, Computed, workbook_rows, worksheet_of
from tests.conftest import Fill
from tests.transfer.test_import_opportunities import add_workspace
from tests.transfer.uploading import press, send_file
from tests.users.people import LEADER, sign_in

Run = Callable[..., Any]


def book_of(*sheets: list[list[Any]]) -> bytes:
    """A workbook with these rows on its sheets, which are named One, Two and Three."""
    book = Workbook()
    book.remove(book.active)
    for name, rows in zip(("One", "Two", "Three"), sheets, strict=False):
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    stored = io.BytesIO()
    book.save(stored)
    return stored.getvalue()


ROWS = [
    ["account_id", "name", "arr", "seats", "start_date", "postal_code"],
    ["A-7", "Seven", 0.1 + 0.2, 12, date(2026, 1, 31), 10115],
    ["A-8", "Eight", 1200.5, 3.0, date(2026, 2, 28), None],
]


@pytest.mark.usefixtures("world")
def test_dates_are_dates_and_numbers_have_no_noise(run: Run, session: Session) -> None:
    said = run("accounts", book_of(ROWS))
    assert said.counts == (2, 2, 0, 0), said.stderr
    assert said.document["encoding"] == "XLSX workbook"
    seven, eight = session.scalars(sa.select(Account).where(Account.crm_id.in_(["A-7", "A-8"])).order_by(Account.id))
    assert (seven.arr, seven.seats, seven.start_date) == (Decimal("0.30"), 12, date(2026, 1, 31))
    assert (eight.arr, eight.seats, eight.postal_code) == (Decimal("1200.50"), 3, None)
    assert seven.postal_code == "10115"
    assert run("accounts", book_of(ROWS)).counts == (2, 0, 0, 2)


@pytest.mark.usefixtures("world")
def test_cells_are_read_as_the_file_writes_its_texts(run: Run, session: Session) -> None:
    rows = [
        ["interaction_id", "account_id", "occurred_at", "channel"],
        ["I-1", "A-1", datetime(2026, 1, 31, 9, 30), "call"],  # noqa: DTZ001  (a cell has no zone)
        ["I-2", "A-1", "28.02.2031", "mail"],
        ["I-3", "A-2", date(2026, 3, 1), "mail"],
    ]
    assert run("interactions", book_of(rows), "--date-format", "%d.%m.%Y", "--decimal-comma").counts == (3, 3, 0, 0)
    found = session.scalars(sa.select(Interaction.occurred_at).order_by(Interaction.crm_id)).all()
    assert [f"{each:%Y-%m-%d %H:%M}" for each in found] == ["2026-01-31 09:30", "2031-02-28 00:00", "2026-03-01 00:00"]


@pytest.mark.usefixtures("world")
def test_of_several_sheets_one_is_chosen(run: Run) -> None:
    contents = book_of([["only a note"]], ROWS, [])
    refused = run("accounts", contents)
    assert refused.status == 1
    assert "rows on 2 sheets; choose one: One, Two" in refused.stderr
    assert "There is no sheet “Nine”" in run("accounts", contents, "--sheet", "Nine").stderr
    assert run("accounts", contents, "--sheet", "two").counts == (2, 2, 0, 0)


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize(
    ("cell", "words"),
    [pytest.param("=1+1", "result is not stored", id="formula"), pytest.param("#N/A", "the error #N/A", id="error")],
)
def test_a_cell_without_a_value_is_named(run: Run, cell: str, words: str) -> None:
    said = run("accounts", book_of([*ROWS, ["A-9", "Nine", cell]]))
    assert (said.status, said.places) == (1, [(4, "arr")])
    assert words in said.reasons


def packed(**parts: bytes) -> bytes:
    """A good workbook with more parts."""
    stored = io.BytesIO(book_of(ROWS))
    with zipfile.ZipFile(stored, "a", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return stored.getvalue()


LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">'
    b'<!ENTITY c SYSTEM "file:///etc/passwd">]><worksheet xmlns='
    b'"http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>'
    b"&b;&c;</t></is></c></row></sheetData></worksheet>"
)


OFFICE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
SHARES = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{OFFICE}.sharedStrings+xml"/></Types>'


def with_sheet(sheet: bytes | None = None, texts: bytes | None = None) -> bytes:
    """A good workbook with another sheet, and with texts that its cells share."""
    stored = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book_of(ROWS))) as good, zipfile.ZipFile(stored, "w") as package:
        for part in good.infolist():
            content = good.read(part)
            if part.filename.endswith("sheet1.xml"):
                content = sheet or content
            if texts and part.filename == "[Content_Types].xml":
                content = content.replace(b"</Types>", SHARES.encode())
            package.writestr(part, content)
        if texts:
            package.writestr("xl/sharedStrings.xml", texts)
    return stored.getvalue()


SHARED = (
    b'<?xml version="1.0"?><!DOCTYPE s [<!ENTITY a "ha">]><sst xmlns='
    b'"http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>&a;</t></si></sst>'
)


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize(
    ("content", "words"),
    [
        pytest.param(packed(**{"xl/sharedStrings2/sharedStrings.xml": bytes(49 << 20)}), "far more", id="bomb"),
        pytest.param(packed(**{"xl/vbaProject.bin": b"x"}), "macros", id="macros"),
        pytest.param(book_of(ROWS)[:900], "cannot be read as a workbook", id="cut-off"),
        pytest.param(with_sheet(LAUGHS), "cannot be read as a workbook", id="entities"),
        pytest.param(
            with_sheet(LAUGHS.decode().replace("?>", ' encoding="UTF-16"?>', 1).encode("utf-16")),
            "cannot be read as a workbook",
            id="entities in another encoding",
        ),
        pytest.param(with_sheet(texts=SHARED), "cannot be read as a workbook", id="entities in texts"),
        pytest.param(book_of([]), "file is empty", id="empty"),
        pytest.param(b"\xd0\xcf\x11\xe0" + bytes(600), "of an old kind", id="xls"),
    ],
)
def test_hostile_workbooks_are_refused(run: Run, content: bytes, words: str) -> None:
    said = run("accounts", content)
    assert said.status == 1
    assert words in said.reasons


CELLS = st.one_of(
    st.integers(-(10**14), 10**14),
    st.floats(allow_nan=False, allow_infinity=False, min_value=-1e12, max_value=1e12).map(lambda x: float(f"{x:.12g}")),
    st.dates(date(1901, 1, 1), date(2199, 12, 31)),
    st.text(st.characters(whitelist_categories=("L", "N")), min_size=1, max_size=20),
    st.booleans(),
)


@given(rows=st.lists(st.lists(CELLS, min_size=1, max_size=6), min_size=1, max_size=8))
@settings(max_examples=60, deadline=None)
def test_what_is_written_as_a_workbook_is_read_again(rows: list[list[Any]]) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "x.xlsx"
        write_xlsx(path, [Sheet("S", ["h"], rows)])
        book = Book(path)
        assert book.fault is None
        read = [cells for _row, cells in workbook_rows(book, worksheet_of(book, None), Shape())]
    assert not any(isinstance(cell, Computed) for cells in read for cell in cells)
    assert len(read) == len(rows) + 1
    for written, cells in zip(rows, read[1:], strict=True):
        assert [_meant(like, str(text)) for like, text in zip(written, cells, strict=True)] == written


def _meant(like: Any, text: str) -> Any:
    """The text as a value of the kind that was written."""
    if isinstance(like, bool):
        return text == "yes"
    if isinstance(like, date):
        return date.fromisoformat(text)
    return type(like)(text)


def test_a_workbook_comes_in_by_the_browser(application: Flask, fill: Fill) -> None:
    fill(add_workspace)
    browser = sign_in(application, LEADER)
    refused = send_file(browser, "accounts", book_of([["note"]], ROWS), filename="book.xlsx")
    assert refused.status_code == 400
    assert "choose one: One, Two" in refused.text
    address = send_file(browser, "accounts", book_of([["note"]], ROWS), filename="book.xlsx", sheet="Two").location
    assert "read as XLSX workbook" in browser.get(address).text
    press(browser, address, "confirm")
    assert "2 new and 0 changed" in browser.get(address).text


MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
TEXTS = (
    "<si><t>plain</t></si><si><r><t>two </t></r><r><t>runs</t></r><rPh sb='0' eb='1'><t>sound</t></rPh></si><si/>"
    "<si><t>a_x005F_b</t></si>"
)


@pytest.mark.parametrize(
    ("rows", "read"),
    [
        pytest.param(
            '<row r="3"><c r="B3" t="s"><v>1</v></c></row>', [(3, ["", "two runs"])], id="runs, rows left out"
        ),
        pytest.param('<row><c t="s"><v>0</v></c><c><v>2.50</v></c></row>', [(1, ["plain", "2.5"])], id="no places"),
        pytest.param(
            '<row r="1"><c r="A1" t="s"><v>2</v></c><c r="B1"><v>7</v></c></row>', [(1, ["", "7"])], id="no text"
        ),
        pytest.param('<row r="2"><c r="A2" t="s"><v>3</v></c></row>', [(2, ["a_b"])], id="an escape"),
        pytest.param('<row r="1"><c r="A1" t="b"><v>1</v></c></row>', [(1, ["yes"])], id="truth"),
        pytest.param('<row r="1"><c r="C1" t="str"><v>x</v></c></row>', [(1, ["", "", "x"])], id="a result in words"),
        pytest.param(
            '<row r="1"><c r="A1" s="0"/></row><row r="2"><c r="A2"><v>1</v></c></row>', [(2, ["1"])], id="blank"
        ),
    ],
)
def test_cells_are_read_however_a_program_writes_them(tmp_path: Path, rows: str, read: list[Any]) -> None:
    path = tmp_path / "x.xlsx"
    sheet = f"<worksheet {MAIN}><sheetData>{rows}</sheetData></worksheet>"
    path.write_bytes(with_sheet(sheet.encode(), f"<sst {MAIN}>{TEXTS}</sst>".encode()))
    book = Book(path)
    assert list(workbook_rows(book, worksheet_of(book, None), Shape())) == read


def test_a_sheet_of_formatted_blanks_has_no_rows(run: Run) -> None:
    blank = f'<worksheet {MAIN}><sheetData><row r="1"><c r="A1" s="0"/></row></sheetData></worksheet>'
    assert "file is empty" in run("accounts", with_sheet(blank.encode())).reasons
