"""XLSForm in and out: pyxform is the judge of what an XLSForm is, the rules of what Parallax can ask."""

import re
from collections import Counter
from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from app.core.errors import Refusal
from app.questionnaires.rules.definition import Questionnaire
from app.questionnaires.rules.piping import FACTS, pipes
from app.questionnaires.rules.reading import parse_definition
from app.questionnaires.rules.xlsform.document import Book, Converted, UnsupportedError, document_of
from app.questionnaires.rules.xlsform.writing import sheets_of
from app.questionnaires.services.workbooks import FIELD, MOST_COLUMNS, MOST_ROWS, kind_of, sheets_of_xlsx, xlsx_of

_SHEETS = ("survey", "choices", "settings")
_ELSEWHERE = ("external_choices", "entities", "osm")
_OTHER_WORDS = re.compile(r"\$\{\s*([^{}|]{1,120}?)\s*(?:\|[^{}]{0,200})?\}")
_ROW = re.compile(r"\[row : (\d+)\]\s*")

_UNNAMED = "cells without a heading"

Workbook = dict[str, Any]


class XLSFormRefused(Refusal):
    """An XLSForm that cannot become a questionnaire: every construct that Parallax does not have, a sentence each."""

    def __init__(self, unsupported: UnsupportedError) -> None:
        listed = "\n".join(f"- {construct}" for construct in unsupported.constructs)
        super().__init__(f"Nothing was imported. Parallax does not have what this file uses:\n{listed}", FIELD)
        self.constructs = unsupported.constructs
        self.warnings = unsupported.warnings


def read_xlsform(data: bytes, filename: str, *, key: str) -> Converted:
    """The document of an XLSForm under a key, checked as a questionnaire, and what was left out of it.

    Refusal with a sentence where the file is no XLSForm; XLSFormRefused naming all that Parallax does not have.
    """
    workbook = _opened(data, filename)
    noticed = _judged(workbook)
    try:
        converted = document_of(_book(workbook), key)
        parse_definition(converted.document)
    except UnsupportedError as unsupported:
        raise XLSFormRefused(unsupported) from unsupported
    except ValueError as error:
        raise Refusal(f"{filename}: {error}", FIELD) from error
    return Converted(converted.document, (*workbook.get(_UNNAMED, ()), *converted.warnings, *noticed))


def write_xlsform(questionnaire: Questionnaire) -> bytes:
    """The questionnaire as an XLSForm (.xlsx), from which `read_xlsform` reads the same one, or a Refusal."""
    try:
        sheets = sheets_of(questionnaire)
    except ValueError as error:
        raise Refusal(str(error), "questionnaire") from error
    return xlsx_of({"survey": sheets.survey, "choices": sheets.choices, "settings": sheets.settings})


def _opened(data: bytes, filename: str) -> Workbook:
    """The sheets of a file as pyxform has them: rows by heading, the headings of each, the names of all."""
    kind = kind_of(data, filename)
    if kind == ".xlsx":
        return _opened_xlsx(data, filename)
    from pyxform.xls2json_backends import csv_to_dict, md_to_dict, xls_to_dict

    read = {".xls": xls_to_dict, ".csv": csv_to_dict, ".md": md_to_dict}[kind]
    try:
        workbook: Workbook = read(data if kind == ".xls" else data.decode("utf-8-sig").encode())
    except UnicodeDecodeError as error:
        raise Refusal(f"{filename} is not written in UTF-8; save it so.", FIELD) from error
    except Exception as error:
        # pyxform and the libraries below it raise many classes of errors for files that are damaged or no XLSForm.
        raise Refusal(f"{filename} cannot be read as an XLSForm: {_plain(str(error))}", FIELD) from error
    for sheet in _SHEETS:
        rows, headings = workbook.get(sheet) or (), _headings(workbook, sheet)
        if len(rows) > MOST_ROWS or len(headings) > MOST_COLUMNS:
            raise Refusal(
                f"{filename}: the sheet {sheet} has more than {MOST_ROWS:,} rows or {MOST_COLUMNS} columns.", FIELD
            )
    return workbook


def _opened_xlsx(data: bytes, filename: str) -> Workbook:
    sheets, names = sheets_of_xlsx(data, filename, frozenset((*_SHEETS, *_ELSEWHERE)))
    if len(names) == 1 and "survey" not in sheets:
        sheets = {"survey": next(iter(sheets.values()))}
    workbook: Workbook = {"sheet_names": names}
    for name, grid in sheets.items():
        headings = grid.rows.get(1, {})
        if len(set(headings.values())) < len(headings):
            doubled = next(each for each, count in Counter(headings.values()).items() if count > 1)
            raise Refusal(f"{filename}: the sheet {name} has two columns “{doubled[:80]}”.", FIELD)
        workbook[name] = [
            {headings[column]: text for column, text in grid.rows.get(number, {}).items() if column in headings}
            for number in range(2, max(grid.rows, default=1) + 1)
        ]
        workbook[f"{name}_header"] = [dict.fromkeys(headings.values())]
        unnamed = [number for number, texts in grid.rows.items() if not texts.keys() <= headings.keys()]
        if unnamed:
            workbook.setdefault(_UNNAMED, []).append(
                f"{name}, row {unnamed[0]}: cells in columns without a heading are not read"
            )
    return workbook


def _judged(workbook: Workbook) -> tuple[str, ...]:
    """What pyxform remarks about a workbook that it converts; Refusal with its sentence where it does not."""
    from pyxform.builder import create_survey_element_from_dict
    from pyxform.errors import PyXFormError
    from pyxform.xls2json import workbook_to_json
    from pyxform.xls2json_backends import get_xlsform

    remarks: list[str] = []
    try:
        form = workbook_to_json(
            workbook_dict=get_xlsform(_for_pyxform(workbook)), fallback_form_name="form", warnings=remarks
        )
        create_survey_element_from_dict(form).to_xml(validate=False, pretty_print=False, warnings=remarks)
    except PyXFormError as error:
        raise Refusal(f"The file is no valid XLSForm. {_plain(str(error))}", FIELD) from error
    except Exception as error:
        # pyxform stumbles over some damaged files with errors of any class; the file is at fault, not the person.
        raise Refusal("The file is no valid XLSForm: its sheets and columns are not those of one.", FIELD) from error
    return tuple(_plain(remark) for remark in remarks)


def _for_pyxform(workbook: Workbook) -> Workbook:
    """A copy in which what only Parallax knows, facts and other words for empty values, is as pyxform expects it."""
    copy = deepcopy({name: part for name, part in workbook.items() if name != _UNNAMED})
    named = {text for row in copy.get("survey") or () for heading, text in row.items() if heading.casefold() == "name"}
    used: set[str] = set()
    for sheet in _SHEETS:
        for row in copy.get(sheet) or ():
            for heading, text in row.items():
                used |= {pipe.name for pipe in pipes(text)}
                row[heading] = _OTHER_WORDS.sub(r"${\1}", text).replace("\u00a0", " ")
    facts = [fact for fact in FACTS if fact in used and fact not in named]
    if facts and copy.get("survey"):
        copy["survey"] = [*copy["survey"], *({"type": "hidden", "name": fact} for fact in facts)]
    return copy


def _book(workbook: Mapping[str, Any]) -> Book:
    known = {*_SHEETS, *_ELSEWHERE}
    names = workbook.get("sheet_names") or ()
    return Book(
        survey=workbook.get("survey") or (),
        survey_headings=_headings(workbook, "survey"),
        choices=workbook.get("choices") or (),
        choices_headings=_headings(workbook, "choices"),
        settings=workbook.get("settings") or (),
        elsewhere=[sheet for sheet in _ELSEWHERE if workbook.get(sheet)],
        unread=[name for name in names if name.casefold() not in known] if len(names) > 1 else (),
    )


def _headings(workbook: Mapping[str, Any], sheet: str) -> list[str]:
    return [heading for row in (workbook.get(f"{sheet}_header") or ())[:1] for heading in row if heading]


def _plain(sentence: str) -> str:
    """A remark of pyxform in the words of a person: rows as Parallax names them, without the address of a manual."""
    words = _ROW.sub(lambda found: f"Row {found[1]}: ", " ".join(sentence.split()))
    return words.replace(" :", ":")[:1_000]
