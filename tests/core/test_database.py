"""The database as every feature finds it."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, OperationalError, StatementError
from sqlalchemy.orm import Session

from app.core.database import db, is_reading, writing
from app.core.workspace import Workspace, the_workspace
from app.customers.models import Contact
from tests.users.people import changing


def test_an_instant_comes_back_in_utc(session: Session) -> None:
    paris = datetime(2026, 3, 1, 12, 0, tzinfo=timezone(timedelta(hours=1)))
    session.add(Workspace(created_at=paris))
    session.commit()
    session.expire_all()
    assert the_workspace(session).created_at == datetime(2026, 3, 1, 11, 0, tzinfo=UTC)


def test_an_instant_without_zone_is_refused(session: Session) -> None:
    session.add(Workspace(created_at=datetime(2026, 3, 1, 12, 0)))  # noqa: DTZ001  (that is the case)
    with pytest.raises(StatementError, match="needs a time zone"):
        session.flush()


def test_foreign_keys_hold(session: Session) -> None:
    session.add(Contact(crm_id="c", account_id=999, name="Nobody's contact"))
    with pytest.raises(IntegrityError):
        session.flush()


def test_sqlite_is_durable(session: Session) -> None:
    if session.get_bind().dialect.name != "sqlite":
        assert session.execute(text("SHOW server_encoding")).scalar_one() == "UTF8"
        return
    assert session.execute(text("PRAGMA journal_mode")).scalar_one() == "wal"
    assert session.execute(text("PRAGMA synchronous")).scalar_one() == 2


def test_postgresql_compiles_no_statement(session: Session) -> None:
    if session.get_bind().dialect.name == "postgresql":
        assert session.execute(text("SELECT current_setting('jit')")).scalar_one() == "off"


def test_what_was_read_before_writing_is_read_anew(application: Flask) -> None:
    with application.app_context():
        db.session.add(Workspace(is_sample=False))
        db.session.commit()
        token = is_reading.set(True)
        try:
            assert not the_workspace(db.session).is_sample
            with changing(application) as other:
                the_workspace(other).is_sample = True
            with writing() as session:
                found = the_workspace(session)
                assert found.is_sample
                found.is_sample = False
                session.commit()
            assert is_reading.get()
        finally:
            is_reading.reset(token)
        db.session.rollback()
        assert not the_workspace(db.session).is_sample


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_lock_that_is_not_free_is_told_as_any_other_fault(application: Flask) -> None:
    with application.app_context():
        file = db.engine.url.database or ""
        token = is_reading.set(True)
        with closing(sqlite3.connect(file, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            db.session.execute(text("PRAGMA busy_timeout=1"))
            with pytest.raises(OperationalError, match="locked"), writing():
                pass
            db.session.rollback()
            is_reading.set(False)
            with pytest.raises(OperationalError, match="locked"):
                db.session.execute(text("SELECT 1"))
            db.session.rollback()
        is_reading.reset(token)
        db.engine.dispose()
