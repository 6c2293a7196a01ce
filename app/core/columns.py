"""Whole columns between the database and numpy, past the rows of SQLAlchemy: they cost more than the reading."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from typing import Any, TypeVar, cast

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    CursorResult,
    Double,
    Integer,
    LargeBinary,
    Row,
    Select,
    SmallInteger,
    Table,
    bindparam,
    case,
    func,
    select,
    text,
)
from sqlalchemy import cast as sql_cast
from sqlalchemy.orm import InstrumentedAttribute, Session
from sqlalchemy.types import TypeEngine

from app.core.database import Base

PORTION = 2_000
"""Rows that exist at one time while they are read."""
KEYS = 20_000
"""Values of a key of which the rows are read at one time, where each is looked up by an index."""
MANY_KEYS = 500_000
"""The same where each key has one row: few enough for memory, and for whole tables to be walked through each time."""

WIDEST = 4
"""How many times as many numbers as ids there may lie between the first and the last, for a list of all of them."""

Column = NDArray[Any]
T = TypeVar("T")
Statement = Select[*tuple[Any, ...]]


def read_columns(
    session: Session,
    statement: Statement,
    types: Sequence[str],
    *,
    by: InstrumentedAttribute[int] | None = None,
    keys: int = KEYS,
) -> list[Column]:
    """Return a query's columns as arrays of the types named; a null is NaN in a column of floats, refused elsewhere.

    Values are whole numbers and floats. With `by`, a key of one of the tables read, the database writes the rows of so
    many keys as one list of numbers for each column: millions of rows come in a third of the time, in any order.
    """
    read = read_portions(session, statement, types, by=by, keys=keys)
    return [np.concatenate(each) for each in zip([np.empty(0, kind) for kind in types], *read, strict=True)]


def read_portions(
    session: Session,
    statement: Statement,
    types: Sequence[str],
    *,
    by: InstrumentedAttribute[int] | None = None,
    keys: int = KEYS,
) -> Iterator[list[Column]]:
    """Yield a query's columns as `read_columns` returns them, portion by portion, for what no memory need hold at once.

    The connection is in use until the last portion was taken.
    """
    session.flush()
    connection = session.connection()
    yield from _rows(connection, statement, types) if by is None else _lists(connection, statement, types, by, keys)


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
    connection: Connection, statement: Statement, types: Sequence[str], by: InstrumentedAttribute[int], keys: int
) -> Iterator[list[Column]]:
    first, last = (select(each(by)).scalar_subquery() for each in (func.min, func.max))
    least, most = connection.execute(select(first, last)).one()
    engine = connection.dialect.name
    listed, unpacked = (_listed_on_sqlite, _from_text) if engine == "sqlite" else (_listed, _from_bytes)
    columns = [listed(each, kind) for each, kind in zip(statement.selected_columns, types, strict=True)]
    portion = statement.with_only_columns(*columns).order_by(None).where(by > bindparam("after"), by <= bindparam("to"))
    portions = range((least or 1) - 1, most or 0, keys)

    def lists(after: int) -> Row[*tuple[Any, ...]]:
        return connection.execute(portion, {"after": after, "to": after + keys}).one()

    with _by_index(connection) if keys <= KEYS else nullcontext():
        for each in _read_ahead(lists, portions):
            if each[0] is not None:
                yield [unpacked(column, kind) for column, kind in zip(each, types, strict=True)]


def _read_ahead(read: Callable[[int], T], places: Iterable[int]) -> Iterator[T]:
    """Yield what is read at each place; the database works at the next while we look at one."""
    with ThreadPoolExecutor(1) as reader:
        ahead: deque[Future[T]] = deque()
        for place in places:
            ahead.append(reader.submit(read, place))
            if len(ahead) > 1:
                yield ahead.popleft().result()
        yield from (each.result() for each in ahead)


@contextmanager
def _by_index(connection: Connection) -> Iterator[None]:
    """Let PostgreSQL find the rows of each portion by their keys: it would walk through whole tables, each time."""
    settings = ("enable_seqscan", "jit") if connection.dialect.name == "postgresql" else ()
    for setting in settings:
        connection.exec_driver_sql(f"SET LOCAL {setting} = off")
    yield
    for setting in settings:
        connection.exec_driver_sql(f"SET LOCAL {setting} = DEFAULT")


_SENT: Mapping[str, tuple[TypeEngine[Any], str, str]] = {
    "i1": (SmallInteger(), "int2send", ">i2"),
    "i4": (Integer(), "int4send", ">i4"),
    "i8": (BigInteger(), "int8send", ">i8"),
    "f8": (Double(), "float8send", ">f8"),
}
"""PostgreSQL's type for each of ours, its function that gives a value's bytes, and how numpy reads them."""


def _listed(column: ColumnElement[Any], kind: str) -> ColumnElement[bytes]:
    own, sent, _ = _SENT[kind]
    value: ColumnElement[Any] = sql_cast(column, own)
    known = func.coalesce(value, text("'NaN'::float8")) if kind.startswith("f") else value
    return func.string_agg(getattr(func, sent)(known), text("''::bytea"), type_=LargeBinary())


def _from_bytes(listed: bytes, kind: str) -> Column:
    return np.frombuffer(listed, _SENT[kind][2]).astype(kind)


def _from_text(listed: str, kind: str) -> Column:
    return np.fromstring(listed, kind, sep=",")


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
    return places_among(ids, len(wanted))(wanted)


def places_among(ids: NDArray[np.integer], wanted: int) -> Callable[[NDArray[np.integer]], NDArray[np.int64]]:
    """Return a function that tells where ids stand among `ids`, which rise and hold them all; so many will be asked."""
    span = int(ids[-1]) - int(ids[0]) + 1 if len(ids) else 0
    if span > WIDEST * max(len(ids), wanted):
        return lambda some: np.searchsorted(ids, some).astype(np.int64)
    # Ids that stand close are looked up in a list of all between the first and the last: no search for each.
    place = np.zeros(span, dtype=np.int64)
    if span:
        place[ids - ids[0]] = np.arange(len(ids))
    return lambda some: place[some - ids[0]] if len(some) else np.zeros(0, dtype=np.int64)
