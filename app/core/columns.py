"""Whole columns between the database and numpy, past the rows of SQLAlchemy: they cost more than the reading."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Connection, CursorResult, Select, Table, case
from sqlalchemy.orm import Session

from app.core.database import Base

PORTION = 2_000
"""Rows that exist at one time while they are read."""

Column = NDArray[Any]


def read_columns(session: Session, statement: Select[Any], types: Sequence[str]) -> list[Column]:
    """Return a query's columns as arrays of the types named; a null is NaN in a column of floats, refused elsewhere.

    Values come as the driver gives them: made for whole numbers, floats and, as `O`, texts.
    """
    session.flush()
    connection = session.connection()
    parts: list[list[Column]] = [[np.empty(0, kind) for kind in types]]
    with connection.execute(statement, execution_options=_streamed(connection)) as result:
        parts.extend(_columns(rows, types) for rows in _portions(connection, result))
    return [np.concatenate(each) for each in zip(*parts, strict=True)]


def _columns(rows: Sequence[Any], types: Sequence[str]) -> list[Column]:
    return [np.array(each, kind) for each, kind in zip(zip(*rows, strict=True), types, strict=True)]


def _streamed(connection: Connection) -> dict[str, Any]:
    return {} if connection.dialect.name == "sqlite" else {"yield_per": PORTION}


def _portions(connection: Connection, result: CursorResult[Any]) -> Iterator[Sequence[Any]]:
    """Rows by portions: on SQLite the driver's own, whose cursor reads as it goes and holds nothing back."""
    if connection.dialect.name != "sqlite":
        yield from result.partitions()
        return
    cursor: Any = result.cursor
    while rows := cursor.fetchmany(PORTION):
        yield rows


def place_in(names: Sequence[str], column: Any) -> ColumnElement[int]:
    """Return the place of a column's text among the names, -1 where it is none of them."""
    return case({name: place for place, name in enumerate(names)}, value=column, else_=-1)


def insert_columns(session: Session, model: type[Base], names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert rows by the driver's own way for many, as they come: what no memory holds at once can be stored.

    Values are the driver's: documents are given as text, instants not at all.
    """
    table = cast("Table", model.__table__)
    connection = session.connection()
    quoted = ", ".join(connection.dialect.identifier_preparer.quote(name) for name in names)
    cursor: Any = connection.connection.cursor()
    try:
        if connection.dialect.name == "sqlite":
            places = ", ".join("?" * len(names))
            cursor.executemany(f"INSERT INTO {table.name} ({quoted}) VALUES ({places})", rows)  # noqa: S608  (own names)
            return
        with cursor.copy(f"COPY {table.name} ({quoted}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
    finally:
        cursor.close()


def positions(ids: NDArray[np.integer], wanted: NDArray[np.integer]) -> NDArray[np.int64]:
    """Return where each of the wanted ids stands among `ids`, which rise and hold them all."""
    found: NDArray[np.int64] = np.searchsorted(ids, wanted).astype(np.int64)
    return found
