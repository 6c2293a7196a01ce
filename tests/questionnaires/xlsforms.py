"""XLSForms for tests, written as tables: the first line of each sheet names its columns."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl import Workbook

from app.questionnaires.rules.xlsform.document import Book

Rows = Sequence[dict[str, str]]


def rows(table: str) -> list[dict[str, str]]:
    """The rows of a table with a bar between two cells; empty cells are left out."""
    lines = [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()]
    return [{name: cell for name, cell in zip(lines[0], line, strict=True) if cell} for line in lines[1:]]


def book(survey: str | Rows, choices: str | Rows = (), settings: dict[str, str] | None = None, **more: Any) -> Book:
    """The sheets of a form."""
    asked = rows(survey) if isinstance(survey, str) else survey
    offered = rows(choices) if isinstance(choices, str) else choices
    given = {"default_language": "English (en)", **(settings or {})}
    return Book(
        survey=asked,
        survey_headings=list(dict.fromkeys(heading for row in asked for heading in row)),
        choices=offered,
        choices_headings=list(dict.fromkeys(heading for row in offered for heading in row)),
        settings=[given],
        **more,
    )


def workbook(**sheets: Sequence[Sequence[Any]]) -> bytes:
    """An .xlsx file with these sheets, the first row of each being its headings."""
    written = Workbook()
    written.remove(written.active)
    for name, lines in sheets.items():
        sheet = written.create_sheet(name)
        for line in lines:
            sheet.append(line)
    stored = BytesIO()
    written.save(stored)
    return stored.getvalue()


def with_part(data: bytes, name: str, content: bytes) -> bytes:
    """The same package with one part added or in place of the one of that name."""
    stored = BytesIO()
    with ZipFile(BytesIO(data)) as old, ZipFile(stored, "w", ZIP_DEFLATED) as new:
        for part in old.infolist():
            if part.filename != name:
                new.writestr(part, old.read(part))
        new.writestr(name, content)
    return stored.getvalue()
