"""Tables that go out as CSV or XLSX: whole or not at all, and harmless in a spreadsheet."""

import csv
import io
import os
import secrets
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from app.core.errors import Refusal
from app.core.formulas import neutralised

MOST_ROWS = 1_048_575
"""What a sheet of a workbook holds below its header."""


@dataclass(frozen=True)
class Sheet:
    """A table with a name; its rows are read once."""

    name: str
    header: Sequence[str]
    rows: Iterable[Sequence[Any]]


def write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Write a CSV file (UTF-8, comma, LF) and return its rows; until all is written an older file of that name stays.

    None is an empty cell; text that a spreadsheet would run is neutralised, numbers stay numbers.
    """
    if path.exists() and not path.is_file():
        # A pipe or a terminal cannot be replaced by a finished file.
        try:
            return _write_csv(path, header, rows)
        except OSError as error:
            raise unwritable(path, error) from error
    return finished(path, lambda unfinished: _write_csv(unfinished, header, rows))


def csv_bytes(sheet: Sheet) -> bytes:
    """Return a table as the bytes of a CSV file, as `write_csv` writes it."""
    text = io.StringIO(newline="")
    _fill_csv(text, sheet.header, sheet.rows)
    return text.getvalue().encode()


def write_xlsx(path: Path, sheets: Sequence[Sheet]) -> int:
    """Write a workbook, text as text, and return the rows of its first sheet; refuses more rows than a sheet holds."""
    counts: list[int] = []

    def write(unfinished: Path) -> int:
        workbook = _workbook(sheets, counts)
        workbook.save(unfinished)
        return counts[0]

    return finished(path, write)


def xlsx_bytes(sheets: Sequence[Sheet]) -> bytes:
    """Return a workbook as the bytes of its file, as `write_xlsx` writes it."""
    file = io.BytesIO()
    _workbook(sheets, []).save(file)
    return file.getvalue()


def finished(path: Path, write: Callable[[Path], int]) -> int:
    """Write a file beside its place, then put it there whole; return the rows that were written."""
    unfinished = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        # Some of those who write report a missing folder in words of their own.
        unfinished.touch()
        count = write(unfinished)
        unfinished.replace(path)
    except OSError as error:
        raise unwritable(path, error) from error
    finally:
        unfinished.unlink(missing_ok=True)
    return count


def unwritable(path: Path, error: OSError) -> Refusal:
    """Return the refusal that says why a file cannot be written."""
    return Refusal(f"{path} cannot be written: {error.strerror}.", "file")


def _workbook(sheets: Sequence[Sheet], counts: list[int]) -> Any:
    from openpyxl import Workbook

    workbook = Workbook(write_only=True)
    counts[:] = [_fill(workbook.create_sheet(sheet.name), sheet) for sheet in sheets]
    return workbook


def _fill(page: Any, sheet: Sheet) -> int:
    count = 0
    page.append([_cell(name) for name in sheet.header])
    for count, row in enumerate(sheet.rows, start=1):
        if count > MOST_ROWS:
            raise Refusal(f"A sheet holds {MOST_ROWS:,} rows; there are more. Use a name that ends in .csv.", "file")
        page.append([_cell(cell) for cell in row])
    return count


def _cell(value: Any) -> Any:
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    return ILLEGAL_CHARACTERS_RE.sub("", neutralised(value)) if isinstance(value, str) else value


def _write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    with path.open("w", encoding="utf-8", newline="") as file:
        count = _fill_csv(file, header, rows)
        file.flush()
        if path.is_file():
            os.fsync(file.fileno())
    return count


def _fill_csv(file: TextIO, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    count = 0
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow([neutralised(name) for name in header])
    for count, row in enumerate(rows, start=1):  # noqa: B007  (the last number is the count)
        writer.writerow([neutralised(cell) if isinstance(cell, str) else cell for cell in row])
    return count
