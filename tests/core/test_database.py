"""The database as every feature finds it."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, StatementError
from sqlalchemy.orm import Session

from app.core.workspace import Workspace, the_workspace
from app.customers.models import Contact


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
