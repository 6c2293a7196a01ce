"""Rows of cells become rows of values, each column by a reader of its own; what is at fault is named by its column."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from app.core.database import Instant, Money
from app.transfer.rules.cells import (
    LONGEST_CUSTOM,
    Amount,
    Cell,
    Day,
    Moment,
    Number,
    Shape,
    Tags,
    Truth,
    Whole,
    Words,
    check_characters,
)
from app.transfer.rules.outcome import Faults
from app.transfer.services.formats import Column, Format
from app.transfer.services.reading import Record

REMEMBERED = 8_192
"""How many cells a column remembers: dates, metrics and units repeat, and memory stays flat."""

ROW = "row"
CUSTOM = "custom"

Parse = Callable[[str], Any]

STAGED_TYPES: dict[type[Cell], sa.types.TypeEngine[Any]] = {
    Number: sa.Float(),
    Amount: Money,
    Whole: sa.Integer(),
    Day: sa.Date(),
    Moment: Instant(),
    Truth: sa.Boolean(),
}


@dataclass(frozen=True)
class Placed:
    """A column of the format and the position of its cells in this file."""

    column: Column
    position: int
    parse: Parse


@dataclass(frozen=True)
class Layout:
    """How the cells of this file become values: the format's columns in its order, then the custom fields."""

    columns: tuple[Placed, ...]
    custom: tuple[tuple[str, int, Parse], ...]

    @property
    def stored(self) -> tuple[Column, ...]:
        """The columns of the format that this file has."""
        return tuple(placed.column for placed in self.columns)


def layout_of(header: tuple[str, ...], kind: Format, shape: Shape, dialect: sa.Dialect) -> Layout:
    """Pair the columns of a format with the cells of a file, each with the reader that its cells need."""
    known = {column.name for column in kind.columns}
    columns = tuple(
        Placed(column, header.index(column.name), _parser(column, shape, _stored_form(column.cell, dialect)))
        for column in kind.columns
        if column.name in header
    )
    read_custom = Words(LONGEST_CUSTOM, has_lines=True)
    custom = tuple(
        (name, position, _parser(Column(name, read_custom), shape, None))
        for position, name in enumerate(header)
        if name and name not in known
    )
    return Layout(columns, custom)


def reader_of(layout: Layout) -> Callable[[list[str]], list[Any]]:
    """The function from a row's cells to the values of its stored columns, then the custom fields as JSON if any."""
    stored = [(placed.parse, placed.position) for placed in layout.columns]
    custom = layout.custom

    def read(cells: list[str]) -> list[Any]:
        values = [parse(cells[position]) for parse, position in stored]
        if custom:
            values.append(json.dumps({name: parse(cells[position]) for name, position, parse in custom}))
        return values

    return read


def values_of(layout: Layout, records: Iterable[Record], faults: Faults) -> Iterator[tuple[Any, ...]]:
    """Yield (row, values …) as `reader_of` reads them; rows at fault go to `faults`."""
    read = reader_of(layout)
    for row, cells in records:
        try:
            yield row, *read(cells)
        except ValueError:
            name_faults(layout, row, cells, faults)


def name_faults(layout: Layout, row: int, cells: list[str], faults: Faults) -> None:
    """Note every cell of a row that cannot be read."""
    named = [(placed.column.name, placed.position, placed.parse) for placed in layout.columns]
    for name, position, parse in [*named, *layout.custom]:
        try:
            parse(cells[position])
        except ValueError as error:
            faults.add(row, name, str(error))


def staged_type(cell: Cell) -> sa.types.TypeEngine[Any]:
    """The type of the staging column for a kind of cell; what is no number, date or truth is text."""
    return STAGED_TYPES.get(type(cell), sa.Text())


def _stored_form(cell: Cell, dialect: sa.Dialect) -> Callable[[Any], Any] | None:
    """The function from a value to what the database's driver takes; None where it takes the value itself."""
    if isinstance(cell, Tags):
        return json.dumps
    return staged_type(cell).dialect_impl(dialect).bind_processor(dialect)


def _parser(column: Column, shape: Shape, stored: Callable[[Any], Any] | None) -> Parse:
    read = column.cell.reader(shape)
    empty = stored(column.empty) if stored and column.empty is not None else column.empty

    def parse(raw: str) -> Any:
        text = raw.strip()
        try:
            if text:
                return stored(read(text)) if stored else read(text)
            if column.required:
                raise ValueError(column.when_empty)  # noqa: TRY301  (a NUL byte is the better reason here too)
        except ValueError:
            # Characters that do not show are the better reason: nobody sees why “5” is not a number.
            check_characters(raw.replace("\r\n", "\n"), has_lines=True)
            raise
        return empty

    return lru_cache(REMEMBERED)(parse) if _repeats(column.cell) else parse


def _repeats(cell: Cell) -> bool:
    return not isinstance(cell, Number) and not (isinstance(cell, Words) and cell.has_lines)
