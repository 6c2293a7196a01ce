"""The sheets of an XLSForm: rows of cells by column and language, under the one name that each column has."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from app.questionnaires.rules.xlsform.languages import code_of

OWN = "parallax"
"""The first part of the headings of columns that XLSForm does not have."""

MAIN = ""
"""In place of a language: the main one."""

TEXTS = frozenset({
    "label", "hint", "guidance_hint", "constraint_message", "required_message", "image", "big-image", "audio", "video",
    "parallax::script", "parallax::name", "parallax::thanks::promoter", "parallax::thanks::passive",
    "parallax::thanks::detractor", "parallax::thanks::others",
})  # fmt: skip
"""The columns that may stand there once for each language."""

_ALIASES = {
    "caption": "label", "command": "type", "tag": "name", "value": "name", "relevance": "relevant",
    "calculate": "calculation", "constraining_message": "constraint_message", "requiredmsg": "required_message",
    "read_only": "readonly", "count": "repeat_count", "jr:count": "repeat_count", "set_form_title": "form_title",
    "title": "form_title", "set_form_id": "form_id", "id_string": "form_id", "bind::relevant": "relevant",
    "bind::constraint": "constraint", "bind::required": "required", "bind::readonly": "readonly",
    "bind::calculate": "calculation", "bind::jr:constraintMsg": "constraint_message",
    "bind::jr:requiredMsg": "required_message", "control::appearance": "appearance", "body::appearance": "appearance",
    "control::jr:count": "repeat_count", "media::image": "image", "media::audio": "audio", "media::video": "video",
    "media::big-image": "big-image",
}  # fmt: skip
_SEVERAL = ("bind", "control", "body", "media", OWN)
_SPACES = re.compile(r"[ \u00a0\t]+")


class Column(NamedTuple):
    """A column by its one name, and the language of its texts, which is blank for the main one."""

    name: str
    language: str = MAIN


@dataclass
class Findings:
    """What a file holds that Parallax does not have: what refuses it, and what is merely left out."""

    unsupported: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)

    def refuse(self, row: "Row | None", what: str) -> None:
        """Note something without which the questionnaire would be another one."""
        self._note(self.unsupported, row, what)

    def leave_out(self, row: "Row | None", what: str) -> None:
        """Note something that respondents do not miss."""
        self._note(self.left_out, row, what)

    def _note(self, notes: list[str], row: "Row | None", what: str) -> None:
        sentence = f"{row.where}: {what}" if row else what
        if sentence not in notes:
            notes.append(sentence)


@dataclass(frozen=True)
class Row:
    """A row of a sheet, numbered as a spreadsheet numbers it."""

    sheet: str
    number: int
    cells: Mapping[Column, str]

    @property
    def where(self) -> str:
        """The place of the row in words."""
        name = self.get("name")
        return f"{self.sheet}, row {self.number}" + (f" “{name[:80]}”" if name else "")

    def get(self, name: str) -> str:
        """What a cell says that is no text for people, with plain spaces; blank where there is none."""
        return _SPACES.sub(" ", self.words(name)).strip()

    def words(self, name: str) -> str:
        """The text of a cell in the main language, as it was written."""
        return self.cells.get(Column(name), "")

    def translated(self, name: str) -> dict[str, str]:
        """The texts of a cell in the other languages."""
        return {column.language: text for column, text in self.cells.items() if column.name == name and column.language}

    @property
    def columns(self) -> list[str]:
        """The columns in which the row says anything, each once."""
        return list(dict.fromkeys(column.name for column in self.cells))


def rows_of(
    sheet: str, rows: Sequence[Mapping[str, str]], headings: Iterable[str], main: str | None, findings: Findings
) -> list[Row]:
    """The rows of a sheet with anything in them; columns in a language that cannot be known are refused by name."""
    headings = list(headings) or list(dict.fromkeys(heading for row in rows for heading in row))
    columns = {heading: column_of(heading, headings) for heading in headings}
    known = {heading: _in_main(column, main) for heading, column in columns.items()}
    for heading, column in columns.items():
        if known[heading] is None and any(heading in row for row in rows):
            findings.refuse(
                None,
                f"{sheet}, column “{heading}”: the language “{column.language}” is not known; "
                "write its code behind its name, as in Deutsch (de).",
            )
    read = {heading: column for heading, column in known.items() if column is not None}
    numbered = [
        Row(sheet, number, {read[heading]: text for heading, text in row.items() if text and heading in read})
        for number, row in enumerate(rows, start=2)
    ]
    return [row for row in numbered if row.cells]


def column_of(heading: str, headings: Iterable[str]) -> Column:
    """The column that a heading means; its language as the heading names it."""
    has_two = "::" in heading or any("::" in other for other in headings)
    separated = heading if has_two else re.sub(r"(?<!jr):", "::", heading)
    parts = [part.strip() for part in separated.split("::")]
    first = "_".join(parts[0].split()).lower()
    parts[0] = _ALIASES.get(first, first)
    if parts[0] in _SEVERAL and len(parts) > 1:
        length = 3 if parts[:2] == [OWN, "thanks"] else 2
        joined = "::".join(parts[:length])
        parts = [_ALIASES.get(joined, joined), *parts[length:]]
    if len(parts) == 2 and parts[0] in TEXTS:
        return Column(parts[0], parts[1])
    return Column("::".join(parts))


def named_languages(headings: Iterable[str]) -> list[str]:
    """The languages that the headings of a sheet name, in their order, as they name them."""
    headings = list(headings)
    columns = [column_of(heading, headings) for heading in headings]
    return list(dict.fromkeys(column.language for column in columns if column.language))


def _in_main(column: Column, main: str | None) -> Column | None:
    if not column.language:
        return column
    code = code_of(column.language)
    if code is None:
        return None
    return Column(column.name, MAIN if code == main else code)
