"""Whole columns between the database and numpy, past the rows of SQLAlchemy: they cost more than the reading."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import (
    ColumnElement,
    Connection,
    CursorResult,
    Integer,
    Select,
    Table,
    Text,
    bindparam,
    case,
    func,
    select,
    text,
)
from sqlalchemy import cast as sql_cast
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.core.database import Base

PORTION = 2_000
"""Rows that exist at one time while they are read."""
KEYS = 20_000
"""Values of a key of which the rows are read at one time."""

Column = NDArray[Any]
Statement = Select[*tuple[Any, ...]]


def read_columns(
    session: Session, statement: Statement, types: Sequence[str], *, by: InstrumentedAttribute[int] | None = None
) -> list[Column]:
    """Return a query's columns as arrays of the types named; a null is NaN in a column of floats, refused elsewhere.

    Values are whole numbers and floats. With `by`, a key of one of the tables read, the database writes the rows of so
    many keys as one list of numbers for each column: millions of rows come in a third of the time, in any order.
    """
    session.flush()
    connection = session.connection()
    read = _rows(connection, statement, types) if by is None else _lists(connection, statement, types, by)
    return [np.concatenate(each) for each in zip([np.empty(0, kind) for kind in types], *read, strict=True)]


def read_rows(session: Session, statement: Statement) -> Iterator[Sequence[Any]]:
    """Yield a query's rows as the driver gives them, one after the other: what is text goes into no column."""
    session.flush()
    connection = session.connection()
    with connection.execute(statement, execution_options=_streamed(connection)) as result:
        for rows in _portions(connection, result):
            yield from rows


def _rows(connection: Connection, statement: Statement, types: Sequence[str]) -> Iterator[list[Column]]:
    with connection.execute(statement, execution_options=_streamed(connection)) as result:
        for rows in _portions(connection, result):
            yield [np.array(each, kind) for each, kind in zip(zip(*rows, strict=True), types, strict=True)]


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


def _lists(
    connection: Connection, statement: Statement, types: Sequence[str], by: InstrumentedAttribute[int]
) -> Iterator[list[Column]]:
    first, last = (select(each(by)).scalar_subquery() for each in (func.min, func.max))
    least, most = connection.execute(select(first, last)).one()
    listed = _listed_on_sqlite if connection.dialect.name == "sqlite" else _listed
    columns = [listed(each, kind) for each, kind in zip(statement.selected_columns, types, strict=True)]
    portion = statement.with_only_columns(*columns).order_by(None).where(by > bindparam("after"), by <= bindparam("to"))
    for after in range((least or 1) - 1, most or 0, KEYS):
        texts = connection.execute(portion, {"after": after, "to": after + KEYS}).one()
        if texts[0] is not None:
            yield [np.fromstring(each, kind, sep=",") for each, kind in zip(texts, types, strict=True)]


def _listed(column: ColumnElement[Any], kind: str) -> ColumnElement[str]:
    value = func.coalesce(column, text("'NaN'::float8")) if kind.startswith("f") else column
    return func.string_agg(sql_cast(value, Text), ",")


def _listed_on_sqlite(column: ColumnElement[Any], kind: str) -> ColumnElement[str]:
    if not kind.startswith("f"):
        return func.group_concat(column)
    # Most are whole; of others SQLite would write fifteen digits, and not all of them.
    whole = sql_cast(column, Integer)
    digits = func.printf("%!.17g", column)
    return func.group_concat(case((column.is_(None), "nan"), (column == whole, whole), else_=digits))


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
