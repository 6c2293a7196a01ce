"""Workbooks of strangers: weighed before they are opened, then read as plain cells; and written as plain cells."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from app.core.errors import Refusal
from app.core.workbooks import MARK, OLD_MARK, PackageFault, Weights, fault_of_package, opened_workbook

LARGEST_FILE = 16 * 1024 * 1024
LARGEST_UNPACKED = 64 * 1024 * 1024
WEIGHTS = Weights(1_000, LARGEST_UNPACKED, LARGEST_UNPACKED, LARGEST_UNPACKED, LARGEST_UNPACKED)
MOST_ROWS = 5_000
MOST_COLUMNS = 300
MOST_BLANK_ROWS = 20_000
"""How many rows of formatted but empty cells are passed over, which takes time and gives nothing."""

LAST_ROW = 1_048_576
"""The last row that a workbook can have; a file that names later ones was made to do harm."""

LONGEST_CELL = 32_767
"""The longest text that a cell of a workbook can hold."""

FIELD = "file"
_NOT_READ = "{name} cannot be read as a workbook; save it again as .xlsx."
_FAULTS = {
    PackageFault.NO_PACKAGE: _NOT_READ,
    PackageFault.TOO_LARGE: "{name} unpacks into more than 64 MB; a questionnaire is much smaller.",
    PackageFault.MACROS: "{name} holds macros; save it as .xlsx without them.",
}


@dataclass
class Grid:
    """The texts of a sheet by row and column, both numbered from 1; `computed` are the cells that hold formulas."""

    rows: dict[int, dict[int, str]] = field(default_factory=dict)
    computed: list[tuple[int, int]] = field(default_factory=list)

    def text(self, row: int, column: int) -> str:
        """The text of a cell, blank where there is none."""
        return self.rows.get(row, {}).get(column, "")


def kind_of(data: bytes, filename: str) -> str:
    """How a file is to be read: .xlsx, .xls, .csv or .md, by what is in it; Refusal where it is none or too large."""
    if len(data) > LARGEST_FILE:
        raise Refusal(f"{filename} is larger than 16 MB; a questionnaire is much smaller.", FIELD)
    if data.startswith(MARK):
        _weigh(data, filename)
        return ".xlsx"
    if data.startswith(OLD_MARK):
        return ".xls"
    if not data.strip():
        raise Refusal(f"{filename} is empty.", FIELD)
    ending = next((each for each in (".csv", ".md") if filename.casefold().endswith(each)), None)
    if ending is None:
        raise Refusal(f"{filename} is no XLSForm; it must be a workbook (.xlsx or .xls), a .csv or an .md file.", FIELD)
    return ending


def sheets_of_xlsx(data: bytes, filename: str, wanted: frozenset[str]) -> tuple[dict[str, Grid], list[str]]:
    """The wanted sheets by small name, or the only one, each as rows of texts; and the names of all sheets.

    Cells keep what the workbook shows. Refusal for what is no workbook, is too large, or computes without a result.
    """
    texts: list[str] = []
    try:
        with opened_workbook(BytesIO(data), has_results=False, texts=texts) as book:
            names = list(book.sheetnames)
            read = [name for name in names if name.casefold() in wanted or len(names) == 1]
            sheets = {name.casefold(): _grid(book[name], filename) for name in read}
        computing = [name for name in read if sheets[name.casefold()].computed]
        if computing:
            with opened_workbook(BytesIO(data), has_results=True, texts=texts) as book:
                for name in computing:
                    sheets[name.casefold()] = _results(book[name], sheets[name.casefold()], filename)
    except Refusal:
        raise
    except Exception as error:
        # The file is a stranger's, and each damage raises an error of another class, deep inside the reader.
        raise Refusal(_NOT_READ.format(name=filename), FIELD) from error
    return sheets, names


def xlsx_of(sheets: Mapping[str, Sequence[Mapping[str, str]]]) -> bytes:
    """A workbook with these sheets, rows by heading; every cell is text, so that none is ever computed."""
    from openpyxl import Workbook
    from openpyxl.utils.exceptions import IllegalCharacterError

    book = Workbook()
    book.remove(book.active)
    try:
        for name, rows in sheets.items():
            _write(book.create_sheet(name), rows)
    except IllegalCharacterError as error:
        raise Refusal("A text holds control characters, which a workbook cannot; remove them first.") from error
    stored = BytesIO()
    book.save(stored)
    return stored.getvalue()


def _write(sheet: Any, rows: Sequence[Mapping[str, str]]) -> None:
    headings = list(dict.fromkeys(heading for row in rows for heading in row))
    for number, row in enumerate([dict(zip(headings, headings, strict=True)), *rows], start=1):
        for column, heading in enumerate(headings, start=1):
            text = row.get(heading)
            if text and len(text) > LONGEST_CELL:
                raise Refusal(f"A text has more than {LONGEST_CELL:,} characters, the most of a cell; shorten it.")
            if text:
                # A text that begins with = would be stored as a formula.
                sheet.cell(number, column, text).data_type = "s"


def _weigh(data: bytes, filename: str) -> None:
    """Refuse a package that unpacks into far more than a questionnaire, or that brings programmes along."""
    fault = fault_of_package(BytesIO(data), WEIGHTS)
    if fault:
        raise Refusal(_FAULTS[fault].format(name=filename), FIELD)


def _results(sheet: Any, written: Grid, filename: str) -> Grid:
    """The sheet with the results of its formulas in their place; Refusal where one is not stored."""
    shown = _grid(sheet, filename)
    for row, column in written.computed:
        if not shown.text(row, column):
            raise Refusal(
                f"{filename}: the sheet {sheet.title} computes a value in row {row}, column {column}, and its result "
                "is not stored; open and save the file in a spreadsheet program, or write the value.",
                FIELD,
            )
    return shown


def _grid(sheet: Any, filename: str) -> Grid:
    grid, blank = Grid(), 0
    for number, row in enumerate(sheet.iter_rows(), start=1):
        if number > LAST_ROW:
            raise Refusal(_NOT_READ.format(name=filename), FIELD)
        if not row:
            # Many files have a formatted last row, a million below what was written.
            continue
        texts = {column: text for column, cell in enumerate(row, start=1) if (text := _text(cell.value))}
        if not texts:
            blank += 1
            if blank > MOST_BLANK_ROWS:
                raise Refusal(f"{filename}: the sheet {sheet.title} has thousands of empty rows; delete them.", FIELD)
            continue
        if number > MOST_ROWS or max(texts) > MOST_COLUMNS:
            raise Refusal(
                f"{filename}: the sheet {sheet.title} has more than {MOST_ROWS:,} rows or {MOST_COLUMNS} columns.",
                FIELD,
            )
        grid.rows[number] = texts
        grid.computed += [(number, column) for column in texts if row[column - 1].data_type == "f"]
    return grid


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()
