"""The header row: which character parts the cells, and which column is which."""

import csv
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from app.transfer.rules.cells import check_characters, shown

DELIMITERS = (",", ";", "\t")
MOST_COLUMNS = 500
LONGEST_NAME = 100
LONGEST_SAMPLE = 100_000

Complain = Callable[[str | None, str], None]


@dataclass(frozen=True)
class Expected:
    """The names that a kind of file knows, those it cannot do without, and whether other names are custom fields."""

    known: tuple[str, ...]
    required: tuple[str, ...]
    takes_custom: bool


def delimiter_of(line: str, known: Collection[str]) -> str:
    """The delimiter under which most known names appear in a header line; among equals, that with most cells.

    Only the line's beginning is looked at: a cell too long for the reader must not stop it here.
    """
    beginning = line[:LONGEST_SAMPLE]

    def worth(delimiter: str) -> tuple[int, int]:
        names = [name.strip().casefold() for name in next(csv.reader([beginning], delimiter=delimiter), [])]
        return len(set(names) & set(known)), len(names)

    return max(DELIMITERS, key=worth)


def recognised(names: Sequence[str], known: Collection[str]) -> list[str]:
    """The names without surrounding space; known ones in their own spelling, whatever the file's case."""
    own = {name.casefold(): name for name in known}
    return [own.get(name.strip().casefold(), name.strip()) for name in names]


def check_header(names: Sequence[str], expected: Expected, complain: Complain) -> None:
    """Tell `complain(column, message)` everything that is wrong with the recognised names of a header."""
    if len(names) > MOST_COLUMNS:
        complain(None, f"The header has {len(names):,} columns; at most {MOST_COLUMNS} are read.")
        return
    for position, name in enumerate(names, start=1):
        fault = _fault_in_name(name, expected)
        if fault:
            complain(shown(name)[1:-1] or f"cell {position}", fault)
    _check_doubles(names, complain)
    for name in expected.required:
        if name not in names:
            complain(name, f"The column {name} is missing; the file needs {', '.join(expected.required)}.")


def _fault_in_name(name: str, expected: Expected) -> str | None:
    if not name:
        return "This column has no name; name it or remove it."
    if name in expected.known:
        return None
    try:
        check_characters(name)
    except ValueError:
        return "The name holds a control character; type it again."
    if not expected.takes_custom:
        return f"Unknown column; known are: {', '.join(expected.known)}."
    return f"The name is longer than {LONGEST_NAME} characters." if len(name) > LONGEST_NAME else None


def _check_doubles(names: Sequence[str], complain: Complain) -> None:
    counted = Counter(name.casefold() for name in names if name)
    for name in dict.fromkeys(name for name in names if counted[name.casefold()] > 1):
        complain(shown(name)[1:-1], "The header names this column twice.")
