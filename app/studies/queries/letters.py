"""Reads of letters: which one is due, to whom it goes, and what became of one."""

from datetime import datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, Row, and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.core.retries import STALE
from app.core.workspace import ONLY, Workspace
from app.customers.models import Contact
from app.studies.models import Letter, MailStop
from app.studies.rules.letters import LetterKind, Unsendable, unsendable
from app.users.models import User


def waits() -> ColumnElement[bool]:
    """The condition on Letter for those that are still to be sent."""
    return and_(Letter.sent_at.is_(None), Letter.failed_at.is_(None), Letter.cancelled_at.is_(None))


def _is_due(at: datetime) -> ColumnElement[bool]:
    is_free = or_(Letter.claimed_at.is_(None), Letter.claimed_at < at - STALE)
    return and_(waits(), Letter.due_at <= at, is_free)


def due_letter(session: Session, *, at: datetime) -> int | None:
    """The id of the letter that is to be sent next, locked where the database can; None where nothing is due."""
    wanted = select(Letter.id).where(_is_due(at)).order_by(Letter.due_at, Letter.id).limit(1)
    return session.scalar(wanted.with_for_update(skip_locked=True))


def due_letters(session: Session, *, at: datetime) -> int:
    """How many letters are to be sent now."""
    return session.scalar(select(func.count()).select_from(Letter).where(_is_due(at))) or 0


def letter_facts(session: Session, letter_id: int) -> Row[Any]:
    """A letter with its reader, its writer and who sends it, in one row."""
    writer, reader = aliased(User), aliased(User)
    found: Any = session.execute(
        select(
            Letter,
            func.coalesce(Contact.email, reader.email).label("email"),
            func.coalesce(Contact.name, reader.name, reader.email).label("name"),
            Contact.consent,
            MailStop.reason.label("stop"),
            func.coalesce(reader.active, True).label("is_active"),
            writer.email.label("writer_email"),
            func.coalesce(func.nullif(writer.name, ""), writer.email).label("writer"),
            Workspace.organisation,
        )
        .outerjoin(Contact, Contact.id == Letter.contact_id)
        .outerjoin(MailStop, MailStop.contact_id == Letter.contact_id)
        .outerjoin(reader, reader.id == Letter.user_id)
        .outerjoin(writer, writer.id == Letter.written_by)
        .outerjoin(Workspace, Workspace.id == ONLY)
        .where(Letter.id == letter_id)
    ).one()
    return cast("Row[Any]", found)


def letter_by_key(session: Session, key: str) -> Letter | None:
    """The letter of this key, or None."""
    return session.scalar(select(Letter).where(Letter.key == key))


def last_letter(session: Session, *, contact_id: int, kind: LetterKind) -> Letter | None:
    """The letter of this kind that was queued last for a contact, whatever became of it; None where there is none."""
    theirs = select(Letter).where(Letter.contact_id == contact_id, Letter.kind == kind.value)
    return session.scalar(theirs.order_by(Letter.id.desc()).limit(1))


def unsendable_to(session: Session, contact_id: int) -> Unsendable | None:
    """Why nothing is sent to a contact now, or None where they may be written to."""
    row = session.execute(
        select(Contact.consent, Contact.email, MailStop.reason)
        .outerjoin(MailStop, MailStop.contact_id == Contact.id)
        .where(Contact.id == contact_id)
    ).one()
    return unsendable(consent=row.consent, stop=row.reason, email=row.email)
