"""Files that go out: whole or not at all, and harmless in a spreadsheet."""

import csv
import os
import secrets
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.core.errors import Refusal
from app.core.formulas import neutralised
from app.transfer.rules.codebook import ABSENCE_LABELS, Variable

LONGEST_LABEL = 250
MOST_ROWS = 1_048_575
"""What a sheet of a workbook holds below its header."""


@dataclass(frozen=True)
class Sheet:
    """A table with a name; its rows are read once."""

    name: str
    header: Sequence[str]
    rows: Iterable[Sequence[Any]]


def write_file(path: Path, sheets: Sequence[Sheet], *, title: str, numbers: Collection[str] = ()) -> int:
    """Write the first sheet as CSV or SAV, or all of them as XLSX, by the ending of the name; return its rows.

    `numbers` are the columns that are numbers in SAV; the others are words there.
    """
    kind = ending_of(path)
    if kind == ".xlsx":
        return write_xlsx(path, sheets)
    if kind == ".sav":
        variables = [Variable(name, name, is_number=name in numbers) for name in sheets[0].header]
        return write_sav(path, variables, sheets[0].rows, title=title)
    return write_csv(path, sheets[0].header, sheets[0].rows)


def ending_of(path: Path) -> str:
    """Return which kind of file a name asks for, or refuse."""
    kind = path.suffix.lower() or ".csv"
    if kind not in {".csv", ".xlsx", ".sav"}:
        raise Refusal(f"{path.name}: use a name that ends in .csv, .xlsx or .sav.", "file")
    return kind


def write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Write a CSV file (UTF-8, comma, LF) and return its rows; until all is written an older file of that name stays.

    None is an empty cell; text that a spreadsheet would run is neutralised, numbers stay numbers.
    """
    if path.exists() and not path.is_file():
        # A pipe or a terminal cannot be replaced by a finished file.
        try:
            return _write_csv(path, header, rows)
        except OSError as error:
            raise _unwritable(path, error) from error
    return _finished(path, lambda unfinished: _write_csv(unfinished, header, rows))


def write_xlsx(path: Path, sheets: Sequence[Sheet]) -> int:
    """Write a workbook, text as text, and return the rows of its first sheet; refuses more rows than a sheet holds."""
    from openpyxl import Workbook

    def write(unfinished: Path) -> int:
        workbook = Workbook(write_only=True)
        counts = [_fill(workbook.create_sheet(sheet.name), sheet) for sheet in sheets]
        workbook.save(unfinished)
        return counts[0]

    return _finished(path, write)


def write_sav(path: Path, variables: Sequence[Variable], rows: Iterable[Sequence[Any]], *, title: str) -> int:
    """Write an SPSS file with the labels and the missing values of its variables, and return its rows.

    What was not answered is system-missing; why a question has no answer is a user-defined missing value.
    """
    import pandas as pd
    import pyreadstat

    columns = list(zip(*rows, strict=True)) or [()] * len(variables)
    frame = pd.DataFrame(
        {
            variable.name: pd.Series(
                [float("nan") if cell is None else float(cell) for cell in cells]
                if variable.is_number
                else ["" if cell is None else str(cell) for cell in cells],
                dtype="float64" if variable.is_number else "object",
            )
            for variable, cells in zip(variables, columns, strict=True)
        }
    )
    numeric = [variable for variable in variables if variable.is_number]

    def write(unfinished: Path) -> int:
        pyreadstat.write_sav(
            frame,
            str(unfinished),
            file_label=title[:60],
            column_labels={variable.name: variable.label[:LONGEST_LABEL] for variable in variables},
            variable_value_labels={each.name: _value_labels(each) for each in numeric if each.labels or each.missing},
            missing_ranges={each.name: list(each.missing.values()) for each in numeric if each.missing},
        )
        return len(frame)

    return _finished(path, write)


def _value_labels(variable: Variable) -> dict[float, str]:
    named = {number: words[:LONGEST_LABEL] for number, words in variable.labels.items()}
    return named | {code: ABSENCE_LABELS[absence] for absence, code in variable.missing.items()}


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


def _finished(path: Path, write: Callable[[Path], int]) -> int:
    unfinished = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        # Some of those who write report a missing folder in words of their own.
        unfinished.touch()
        count = write(unfinished)
        unfinished.replace(path)
    except OSError as error:
        raise _unwritable(path, error) from error
    finally:
        unfinished.unlink(missing_ok=True)
    return count


def _unwritable(path: Path, error: OSError) -> Refusal:
    return Refusal(f"{path} cannot be written: {error.strerror}.", "file")


def _write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    count = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([neutralised(name) for name in header])
        for count, row in enumerate(rows, start=1):  # noqa: B007  (the last number is the count)
            writer.writerow([neutralised(cell) if isinstance(cell, str) else cell for cell in row])
        file.flush()
        if path.is_file():
            os.fsync(file.fileno())
    return count
