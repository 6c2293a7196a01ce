"""The state of the system: rows that wait, people, files that came in, and what the machine says."""

import shutil
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.core.config import Settings
from app.core.health_check import HEARTBEAT, version, worker_state
from app.health.models import HealthComputation
from app.home.rules.system import FAILED_DAYS, SystemFacts
from app.interviews.models import AppointmentMail
from app.responses.models import ResponseChange
from app.studies.models import Invitation, Letter
from app.transfer.models import Upload
from app.users.models import AuditEvent, RequiredFactor, RoleRow, SecondFactor, User, user_role

RECENT_EVENTS = 20_000
"""How far back in the audit log imports are looked for: it is read from its end, and it grows for ever."""


def system_facts(session: Session, *, settings: Settings, rung: int | None, at: datetime) -> SystemFacts:
    """Measure the system, by one statement and a look at the disk."""
    waiting: Any = session.execute(_counts(at)).one()
    seen: Any = worker_state(settings.home / HEARTBEAT, at)
    kind = "PostgreSQL" if session.get_bind().dialect.name == "postgresql" else "SQLite"
    return SystemFacts(
        database=kind,
        database_bytes=_database_bytes(settings),
        free_bytes=_free_bytes(settings.home),
        worker=seen["state"],
        worker_seen_at=datetime.fromisoformat(seen["seen_at"]) if seen["seen_at"] else None,
        rung=rung,
        unscored=waiting.unscored,
        mails_due=waiting.due,
        mails_failed=waiting.failed,
        mail_host=_host(settings.mail_url),
        health_as_of=waiting.health_as_of,
        people=waiting.people,
        without_factor=waiting.people - waiting.with_factor,
        must_have=waiting.must_have,
        version=version(),
    )


def last_imports(session: Session, most: int) -> Sequence[Any]:
    """The files that were imported last, by page or by command: (kind, fields, at, who), newest first."""
    newest = sa.select(sa.func.max(AuditEvent.id)).scalar_subquery()
    rows = session.execute(
        sa.select(
            AuditEvent.object_id.label("kind"),
            AuditEvent.fields,
            AuditEvent.at,
            sa.func.coalesce(sa.func.nullif(User.name, ""), User.email).label("who"),
        )
        .outerjoin(User, User.id == AuditEvent.actor_id)
        .where(AuditEvent.action == "import", AuditEvent.id > newest - RECENT_EVENTS)
        .order_by(AuditEvent.id.desc())
        .limit(most)
    ).all()
    return cast("Sequence[Any]", rows)


def waiting_uploads(session: Session, most: int) -> Sequence[Any]:
    """The files that were uploaded and wait for their person's yes: (Upload, who), newest first."""
    return session.execute(
        sa.select(Upload, sa.func.coalesce(sa.func.nullif(User.name, ""), User.email).label("who"))
        .join(User, User.id == Upload.user_id)
        .where(Upload.imported_at.is_(None))
        .order_by(Upload.id.desc())
        .limit(most)
    ).all()


def _counts(at: datetime) -> sa.Select[Any]:
    mails: tuple[Any, ...] = (Invitation, Letter, AppointmentMail)
    since = at - timedelta(days=FAILED_DAYS)
    due = [_count(mail, *_waits(mail), mail.due_at <= at) for mail in mails]
    failed = [_count(mail, mail.failed_at >= since) for mail in mails]
    has_factor = sa.exists().where(SecondFactor.user_id == User.id)
    is_bound = sa.exists().where(
        user_role.c.user_id == User.id, user_role.c.role_id == RoleRow.id, RequiredFactor.role == RoleRow.name
    )
    return sa.select(
        _count(ResponseChange).label("unscored"),
        (due[0] + due[1] + due[2]).label("due"),
        (failed[0] + failed[1] + failed[2]).label("failed"),
        sa.select(sa.func.max(HealthComputation.as_of)).scalar_subquery().label("health_as_of"),
        _count(User, User.active).label("people"),
        _count(User, User.active, has_factor).label("with_factor"),
        _count(User, User.active, ~has_factor, is_bound).label("must_have"),
    )


def _count(model: Any, *conditions: Any) -> Any:
    return sa.select(sa.func.count()).select_from(model).where(*conditions).scalar_subquery()


def _waits(mail: Any) -> tuple[Any, ...]:
    return mail.sent_at.is_(None), mail.failed_at.is_(None), mail.cancelled_at.is_(None)


def _host(url: str | None) -> str | None:
    """The mail server's name; what else stands in the setting is nobody's to read."""
    try:
        return urlsplit(url).hostname if url else None
    except ValueError:
        return None


def _database_bytes(settings: Settings) -> int | None:
    """How long the database's file is; None where it is a server's."""
    _, is_file, path = settings.database_url.partition("sqlite:///")
    try:
        return Path(path).stat().st_size if is_file else None
    except OSError:
        return None


def _free_bytes(home: Path) -> int | None:
    try:
        return shutil.disk_usage(home).free
    except OSError:
        return None
