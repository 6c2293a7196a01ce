"""Workbooks as files of cells, read row by row, so that memory stays flat."""

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from functools import cached_property
from pathlib import Path
from typing import Any

from app.core.errors import Refusal
from app.core.workbooks import PackageFault, Weights, fault_of_package, is_sheet, opened_workbook
from app.transfer.rules.cells import Shape

WEIGHTS = Weights(parts=2_000, whole=2 << 30, sheet=1 << 30, texts=48 << 20, other=16 << 20)
"""The texts that cells share are held in memory while a workbook is read; a sheet never is."""

CHUNK = 1 << 20
FIELD = "sheet"

NOT_READ = "The file cannot be read as a workbook; save it again as .xlsx, or save its sheet as CSV."
FAULTS = {
    PackageFault.NO_PACKAGE: NOT_READ,
    PackageFault.TOO_LARGE: "The workbook unpacks into far more than tables need; save its sheet as CSV.",
    PackageFault.MACROS: "The workbook holds macros; save it as .xlsx without them.",
}
NO_RESULT = (
    "The cell computes a value whose result is not stored; open and save the file in a spreadsheet program, or write "
    "the value."
)


class Book:
    """A workbook that is opened several times: what its cells share, and whether it computes, is learnt once."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._texts: list[str] = []

    @property
    def fault(self) -> str | None:
        """Why it is not opened; None if it may be."""
        fault = fault_of_package(self.path, WEIGHTS)
        return FAULTS[fault] if fault else None

    @cached_property
    def computes(self) -> bool:
        """Whether any sheet holds a formula: only then is the workbook read a second time beside the first."""
        with zipfile.ZipFile(self.path) as package:
            sheets = [part for part in package.infolist() if is_sheet(part.filename.casefold())]
            return any(_has_formula(package, part) for part in sheets)

    @contextmanager
    def opened(self, *, has_results: bool = True) -> Iterator[Any]:
        """Open it, with formulas as such or by their results."""
        # The file is opened here because its name may have any ending, which the reader would judge it by.
        with self.path.open("rb") as file, opened_workbook(file, has_results=has_results, texts=self._texts) as read:
            yield read


class Computed:
    """A cell whose value cannot be known: `reason` says why."""

    def __init__(self, reason: str) -> None:
        self.reason = reason


def worksheet_of(book: Book, wanted: str | None) -> str:
    """The name of the sheet to read: the wanted one, else the only one that has rows; Refusal where it is not clear."""
    try:
        with book.opened() as read:
            names = [str(sheet.title) for sheet in read.worksheets]
            filled = [str(sheet.title) for sheet in read.worksheets if wanted is None and _has_rows(sheet)]
    except Exception as error:
        # The file is a stranger's, and each damage raises an error of another class, deep inside the reader.
        raise Refusal(NOT_READ) from error
    return _chosen(names, wanted) if wanted is not None else _only(filled)


def _chosen(names: list[str], wanted: str) -> str:
    found = next((name for name in names if name.casefold() == wanted.casefold()), None)
    if found is None:
        raise Refusal(f"There is no sheet “{wanted[:80]}”; there are: {', '.join(names)}.", FIELD)
    return found


def _only(filled: list[str]) -> str:
    if len(filled) > 1:
        raise Refusal(f"The workbook has rows on {len(filled)} sheets; choose one: {', '.join(filled)}.", FIELD)
    if not filled:
        raise Refusal("The file is empty; its first row must name the columns.")
    return filled[0]


def workbook_rows(book: Book, worksheet: str, shape: Shape) -> Iterator[tuple[int, list[str | Computed]]]:
    """Yield (row, cells) of every row of a sheet that holds anything, as a text file of that shape would have them.

    A cell that computes without a stored result, or whose result is an error, comes as Computed. Refusal where the
    workbook cannot be read on.
    """
    try:
        yield from _rows(book, worksheet, shape)
    except Exception as error:
        raise Refusal(NOT_READ) from error


def _rows(book: Book, worksheet: str, shape: Shape) -> Iterator[tuple[int, list[str | Computed]]]:
    values = _cells(book, worksheet, has_results=True)
    formulas = _cells(book, worksheet, has_results=False) if book.computes else None
    for number, row in enumerate(values, start=1):
        written = next(formulas, ()) if formulas is not None else ()
        cells = [_cell(cell, shape) for cell in row]
        for position, cell in enumerate(written):
            if cell.data_type == "f" and (position >= len(row) or row[position].value is None):
                cells += [""] * (position + 1 - len(cells))
                cells[position] = Computed(NO_RESULT)
        while cells and cells[-1] == "":
            cells.pop()
        if cells:
            yield number, cells


def _cells(book: Book, worksheet: str, *, has_results: bool) -> Iterator[Any]:
    with book.opened(has_results=has_results) as read:
        yield from read[worksheet].iter_rows()


def _has_rows(sheet: Any) -> bool:
    return any(cell is not None for row in sheet.iter_rows(values_only=True) for cell in row)


def _has_formula(package: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    tail = b""
    with package.open(part) as file:
        while chunk := file.read(CHUNK):
            text = tail + chunk
            if any(mark in text for mark in (b"<f>", b"<f ", b"<f/", b":f>", b":f ", b":f/")):
                return True
            tail = text[-4:]
    return False


def _cell(cell: Any, shape: Shape) -> str | Computed:
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, str):
        if cell.data_type == "e":
            return Computed(f"The cell shows the error {value[:20]}; mend the formula, or write the value.")
        return value
    return _text(value, shape)


def _text(value: Any, shape: Shape) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (int, float)):
        # A spreadsheet keeps 15 digits; what lies behind them is noise of the machine.
        text = str(value) if isinstance(value, int) else format(value, ".15g")
        return text.replace(".", ",") if shape.has_decimal_comma else text
    if isinstance(value, (datetime, date)):
        return _date_text(value, shape)
    return value.isoformat() if isinstance(value, time) else str(value)


def _date_text(value: date | datetime, shape: Shape) -> str:
    if isinstance(value, datetime) and value.time() != time():
        return value.isoformat(timespec="seconds")
    day = value.date() if isinstance(value, datetime) else value
    return day.strftime(shape.date_format) if shape.date_format else day.isoformat()
