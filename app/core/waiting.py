"""Mails that wait in a table: its columns, which of them is due, who claims it, and where its fate is noted."""

from datetime import datetime
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy import CursorResult, String, Text
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.core.clock import now
from app.core.database import Key
from app.core.posting import Fate
from app.core.retries import STALE


class WaitingMail:
    """The columns of a mail to a colleague from the moment in which it is noted; it is claimed before it is sent."""

    id: Mapped[Key]
    message_id: Mapped[str] = mapped_column(String(200), unique=True)
    due_at: Mapped[datetime] = mapped_column(index=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    tries: Mapped[int] = mapped_column(default=0)
    claimed_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    reason: Mapped[str | None] = mapped_column(Text)


Table = type[WaitingMail]


def waits(table: Table) -> sa.ColumnElement[bool]:
    """Return the condition on a table for those mails that are still to be sent."""
    return sa.and_(table.sent_at.is_(None), table.failed_at.is_(None), table.cancelled_at.is_(None))


def is_due(table: Table, at: datetime) -> sa.ColumnElement[bool]:
    """Return the condition on a table for those mails to be sent now that no worker is busy with."""
    is_free = sa.or_(table.claimed_at.is_(None), table.claimed_at < at - STALE)
    return sa.and_(waits(table), table.due_at <= at, is_free)


def due_mail(session: Session, table: Table, *, at: datetime) -> int | None:
    """Return the id of the mail that is to be sent next; None where none is due."""
    return session.scalar(sa.select(table.id).where(is_due(table, at)).order_by(table.due_at, table.id).limit(1))


def claim(session: Session, table: Table, mail_id: int, *, at: datetime) -> bool:
    """Claim a mail; False where it is another worker's.

    The caller commits before it speaks to the server: a crash after that leaves the claim, which goes stale, and the
    mail is sent again with the same Message-ID.
    """
    claimed = session.execute(sa.update(table).where(table.id == mail_id, is_due(table, at)).values(claimed_at=at))
    return cast("CursorResult[Any]", claimed).rowcount == 1


def note(session: Session, table: Table, mail_id: int, *, fate: Fate, values: dict[str, Any]) -> None:
    """Note what became of a mail; only its having been sent is noted after it was stopped meanwhile."""
    is_it = (table.id == mail_id, sa.true() if fate is Fate.SENT else waits(table))
    session.execute(sa.update(table).where(*is_it).values(**values))
