"""Base class, column types and how connections behave on SQLite and PostgreSQL."""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from fcntl import LOCK_EX, flock
from inspect import iscoroutinefunction
from sqlite3 import OperationalError
from threading import Lock
from typing import Annotated, Any, cast

from flask import Flask
from flask_sqlalchemy_lite import SQLAlchemy
from sqlalchemy import (
    JSON,
    Connection,
    DateTime,
    Dialect,
    Engine,
    MetaData,
    Numeric,
    PoolProxiedConnection,
    String,
    Table,
    event,
    insert,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import DeclarativeBase, Session, mapped_column
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator

NAMING = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Instant(TypeDecorator[datetime]):
    """A UTC instant; SQLite forgets the zone, so it is taken off on the way in and put back on the way out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse an instant without a zone: it could mean any hour of two days."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the instant back in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


Key = Annotated[int, mapped_column(primary_key=True)]
Name = Annotated[str, mapped_column(String(200))]
Code = Annotated[str, mapped_column(String(80))]
Money = Numeric(14, 2, asdecimal=True)
Document = dict[str, Any]


class Base(DeclarativeBase):
    """The common base of all tables."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {datetime: Instant, Document: JSON, list[Document]: JSON, list[str]: JSON}  # noqa: RUF012  (SQLAlchemy reads it as a plain dict)


db = SQLAlchemy()

is_reading: ContextVar[bool] = ContextVar("is_reading", default=False)
"""Whether the present unit of work only reads (a GET): SQLite then needs no write lock."""


def attach_database(application: Flask) -> None:
    """Give the application its engine and sessions.

    The extension also closes asynchronous sessions at the end of every request, for which Flask starts an event loop
    in a new thread: a fifth of a short request's time. There are none here.
    """
    db.init_app(application)
    endings = application.teardown_appcontext_funcs
    endings[:] = [ending for ending in endings if not iscoroutinefunction(ending)]
    with application.app_context():
        prepare_engine(db.engine)


_writing = Lock()


@contextmanager
def turn_to_write() -> Iterator[None]:
    """Let those who write on SQLite do so one after the other, for transactions that are short and many.

    Who waits here gets its turn at once: first among the threads of its process, then among the processes by a lock on
    a file. Who waits for SQLite's own lock asks for it again every so many milliseconds, and some ask in vain for a
    second. Other databases need no turns.
    """
    url = db.engine.url
    if url.get_backend_name() != "sqlite" or not url.database:
        yield
        return
    with _writing:
        turn = os.open(f"{url.database}-turn", os.O_CREAT | os.O_WRONLY, 0o600)
        try:
            flock(turn, LOCK_EX)
            yield
        finally:
            os.close(turn)


@contextmanager
def writing() -> Iterator[Session]:
    """Let the block write and commit between what is read before and after it; the view is one that `reads_first`.

    The block gets the session, whose connection stays the same on SQLite: to give it back and to ask for it again takes
    longer than to write.
    """
    session = db.session
    is_reading.set(False)
    try:
        if session.get_bind().dialect.name == "sqlite":
            connection = end_reading(session)
            with turn_to_write():
                connection.exec_driver_sql(BEGIN_TO_WRITE)
                yield session
        else:
            session.rollback()
            yield session
    finally:
        is_reading.set(True)


def end_reading(session: Session) -> Connection:
    """Let go of what SQLite held for reading, and forget what was read, but keep the connection; it is returned."""
    connection = session.connection()
    driver: Any = connection.connection.driver_connection
    driver.rollback()
    session.expire_all()
    return connection


@contextmanager
def only_reading() -> Iterator[None]:
    """Let the block read, outside of a request, in a transaction that holds no lock and ends with it."""
    token = is_reading.set(True)
    try:
        yield
    finally:
        db.session.rollback()
        is_reading.reset(token)


def overwrite_what_goes(session: Session) -> None:
    """Let SQLite overwrite with zeros what this session takes away; otherwise it stays readable in the file."""
    if session.get_bind().dialect.name == "sqlite":
        session.connection().exec_driver_sql("PRAGMA secure_delete=ON")


def sweep(engine: Engine, *, is_thorough: bool) -> bool:
    """Empty SQLite's log, in which pages stand as they were; thoroughly: write the whole file anew first.

    False where somebody was reading, so that the log could not be emptied. Other databases look after themselves.
    """
    if engine.dialect.name != "sqlite":
        return True
    with closing(engine.raw_connection()) as connection:
        cursor = connection.cursor()
        try:
            if is_thorough:
                cursor.execute("VACUUM")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            busy, _, _ = cursor.fetchone() or (1, 0, 0)
        except OperationalError:
            return False
        return busy == 0


def insert_rows(session: Session, model: type[Base], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert many rows by one statement, past the ORM, which would be half the time of a large scoring."""
    if rows:
        session.execute(insert(cast("Table", model.__table__)), list(rows))


class small_letters(FunctionElement[str]):  # noqa: N801  (named as it is called, like every function of SQL)
    """A text in small letters: as the database's locale knows them, on SQLite as Python does, for all alphabets."""

    type = String()
    inherit_cache = True


@compiles(small_letters)
def _lower(element: small_letters, compiler: Any, **options: Any) -> str:
    return f"lower({compiler.process(element.clauses, **options)})"


@compiles(small_letters, "sqlite")
def _lower_on_sqlite(element: small_letters, compiler: Any, **options: Any) -> str:
    return f"small_letters({compiler.process(element.clauses, **options)})"


def prepare_engine(engine: Engine) -> None:
    """Make SQLite durable and honest: WAL, foreign keys, full synchronisation, and the write lock taken at the start.

    Its file is mapped into memory: a walk over 100,000 accounts takes half as long as by reading page after page.

    A transaction that reads first and writes later can find its snapshot outdated and fail; `BEGIN IMMEDIATE` waits
    its turn instead. PostgreSQL needs none of this, but is told not to compile statements: theirs are short, and it
    takes longer to compile a union of twenty branches than to run it a hundred times.
    """
    if engine.dialect.name == "postgresql":
        event.listen(engine, "connect", _without_compiling)
    if engine.dialect.name != "sqlite":
        return
    event.listen(engine, "connect", _on_connect)
    # A listener would do as well, but one alone makes every statement look for listeners, six times.
    engine.dialect.do_begin = _begin  # type: ignore[method-assign]


BEGIN_TO_WRITE = "BEGIN IMMEDIATE"
PRAGMAS = ("journal_mode=WAL", "foreign_keys=ON", "busy_timeout=10000", "synchronous=FULL", "mmap_size=1073741824")


def _on_connect(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    connection.create_function("small_letters", 1, str.lower, deterministic=True)
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _without_compiling(connection: Any, _record: Any) -> None:
    connection.autocommit = True
    connection.execute("SET jit = off")
    connection.autocommit = False


def _begin(dbapi_connection: PoolProxiedConnection) -> None:
    driver: Any = dbapi_connection.driver_connection
    driver.execute("BEGIN" if is_reading.get() else BEGIN_TO_WRITE)
