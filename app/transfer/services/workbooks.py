"""Workbooks as files of cells: weighed before they are opened, then read row by row, so that memory stays flat."""

import warnings
import zipfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from app.core.errors import Refusal
from app.transfer.rules.cells import Shape

MOST_PARTS = 2_000
LARGEST_SHEET = 1024 * 1024 * 1024
LARGEST_TEXTS = 48 * 1024 * 1024
"""The texts that cells share are held in memory while a workbook is read."""
LARGEST_OTHER = 16 * 1024 * 1024

CHUNK = 1 << 20
MARK = b"PK\x03\x04"
FIELD = "sheet"

NOT_READ = "The file cannot be read as a workbook; save it again as .xlsx, or save its sheet as CSV."
TOO_LARGE = "The workbook unpacks into far more than tables need; save its sheet as CSV."
MACROS = "The workbook holds macros; save it as .xlsx without them."
NO_RESULT = (
    "The cell computes a value whose result is not stored; open and save the file in a spreadsheet program, or write "
    "the value."
)


class Computed:
    """A cell whose value cannot be known: `reason` says why."""

    def __init__(self, reason: str) -> None:
        self.reason = reason


def fault_of_package(path: Path) -> str | None:
    """Why a workbook is not opened: no package, far too large once unpacked, or with programmes; None if it may be."""
    try:
        with zipfile.ZipFile(path) as package:
            parts = package.infolist()
    except (zipfile.BadZipFile, ValueError, OverflowError, NotImplementedError):
        return NOT_READ
    names = {part.filename.casefold() for part in parts}
    if any(name.endswith("vbaproject.bin") for name in names):
        return MACROS
    # A part is never unpacked beyond the size that it declares, so that the declared sizes are an upper bound.
    too_large = any(part.file_size > _most_of(part.filename.casefold()) for part in parts)
    return TOO_LARGE if too_large or len(parts) > MOST_PARTS else None


def worksheet_of(path: Path, wanted: str | None) -> str:
    """The name of the sheet to read: the wanted one, else the only one that has rows; Refusal where it is not clear."""
    try:
        with _opened(path) as book:
            names = [str(sheet.title) for sheet in book.worksheets]
            filled = [str(sheet.title) for sheet in book.worksheets if wanted is None and _has_rows(sheet)]
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


def workbook_rows(path: Path, worksheet: str, shape: Shape) -> Iterator[tuple[int, list[str | Computed]]]:
    """Yield (row, cells) of every row of a sheet that holds anything, as a text file of that shape would have them.

    A cell that computes without a stored result, or whose result is an error, comes as Computed. Refusal where the
    workbook cannot be read on.
    """
    try:
        yield from _rows(path, worksheet, shape)
    except Exception as error:
        raise Refusal(NOT_READ) from error


def _rows(path: Path, worksheet: str, shape: Shape) -> Iterator[tuple[int, list[str | Computed]]]:
    values = _cells(path, worksheet, has_results=True)
    formulas = _cells(path, worksheet, has_results=False) if _computes(path) else None
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


def _cells(path: Path, worksheet: str, *, has_results: bool) -> Iterator[Any]:
    with _opened(path, has_results=has_results) as book:
        sheet = book[worksheet]
        # What a file says of its own size may be wrong; the cells that are there count.
        sheet.reset_dimensions()
        yield from sheet.iter_rows()


@contextmanager
def _opened(path: Path, *, has_results: bool = True) -> Iterator[Any]:
    from openpyxl import load_workbook

    # The file is opened here because its name may have any ending, which openpyxl would judge it by.
    with path.open("rb") as file:
        with warnings.catch_warnings():
            # openpyxl warns of drop-down lists and colours that it does not keep; nobody needs them here.
            warnings.simplefilter("ignore")
            book = load_workbook(file, read_only=True, data_only=has_results, keep_links=False)
        with closing(book):
            yield book


def _has_rows(sheet: Any) -> bool:
    sheet.reset_dimensions()
    return any(cell is not None for row in sheet.iter_rows(values_only=True) for cell in row)


def _computes(path: Path) -> bool:
    """Whether any sheet holds a formula: only then is the workbook read a second time beside the first."""
    with zipfile.ZipFile(path) as package:
        sheets = [part for part in package.infolist() if _is_sheet(part.filename.casefold())]
        return any(_has_formula(package, part) for part in sheets)


def _has_formula(package: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    tail = b""
    with package.open(part) as file:
        while chunk := file.read(CHUNK):
            text = tail + chunk
            if any(mark in text for mark in (b"<f>", b"<f ", b"<f/", b":f>", b":f ", b":f/")):
                return True
            tail = text[-4:]
    return False


def _most_of(name: str) -> int:
    if _is_sheet(name):
        return LARGEST_SHEET
    return LARGEST_TEXTS if name.endswith("sharedstrings.xml") else LARGEST_OTHER


def _is_sheet(name: str) -> bool:
    return "worksheets/" in name and name.endswith(".xml")


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
