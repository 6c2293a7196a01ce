"""A temporary table of the connection, filled as fast as the database's driver can: the file, row by row, typed."""

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.transfer.services.formats import Column
from app.transfer.services.rows import CUSTOM, ROW, staged_type

NAME = "incoming_row"


def staged_columns(columns: Sequence[Column], *, has_custom: bool) -> list[sa.Column[Any]]:
    """The columns of a staging table: the row's number, then the values as the target stores them."""
    staged = [sa.Column(column.name, staged_type(column.cell)) for column in columns]
    return [row_number(), *staged, *([sa.Column(CUSTOM, sa.Text)] if has_custom else [])]


def row_number() -> sa.Column[Any]:
    """The column of the row's number, by which errors name the row."""
    return sa.Column(ROW, sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=False)


def stage(session: Session, columns: Sequence[sa.Column[Any]], rows: Iterable[tuple[Any, ...]]) -> sa.Table:
    """Store the rows in a new temporary table and return it; they are drawn one by one, so that memory stays flat."""
    on_postgres = session.get_bind().dialect.name == "postgresql"
    table = sa.Table(NAME, sa.MetaData(), *columns, prefixes=["TEMPORARY"], postgresql_on_commit="DROP")
    connection = session.connection()
    clear_staged(session)
    table.create(connection, checkfirst=False)
    (_copy if on_postgres else _insert_many)(connection, table, rows)
    return table


def clear_staged(session: Session) -> None:
    """Drop the temporary table, if there is one."""
    schema = "pg_temp" if session.get_bind().dialect.name == "postgresql" else "temp"
    session.connection().exec_driver_sql(f"DROP TABLE IF EXISTS {schema}.{NAME}")


def _insert_many(connection: sa.Connection, table: sa.Table, rows: Iterable[tuple[Any, ...]]) -> None:
    insert = str(table.insert().compile(dialect=connection.dialect))
    cursor: Any = connection.connection.cursor()
    try:
        # sqlite3 draws the rows from any iterable, one at a time.
        cursor.executemany(insert, rows)
    finally:
        cursor.close()


def _copy(connection: sa.Connection, table: sa.Table, rows: Iterable[tuple[Any, ...]]) -> None:
    quoted = connection.dialect.identifier_preparer.quote
    names = ", ".join(quoted(column.name) for column in table.columns)
    cursor: Any = connection.connection.cursor()
    with cursor, cursor.copy(f"COPY {quoted(table.name)} ({names}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
    # A temporary table has no statistics until someone asks for them, and the joins that follow are planned by them.
    connection.exec_driver_sql(f"ANALYZE {NAME}")
