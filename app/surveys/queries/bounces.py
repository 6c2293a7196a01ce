"""Whom a mail that came back belongs to, and which mail it was."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import CTE, FromClause, Select, and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.core.database import small_letters
from app.customers.models import Contact
from app.studies.models import Invitation, MailStop, Respondent


@dataclass(frozen=True)
class Known:
    """What is on record about a person whose mail came back, and about that mail; `row` is the file's."""

    row: int
    contact_id: int
    stop: str | None
    invitation_id: int | None
    bounced_at: datetime | None
    reason: str | None


def unknown_addresses(staged: FromClause) -> Select[Any]:
    """The query for (row, email) of a file that no contact has; its addresses are in small letters."""
    people = _addressed()
    return (
        select(staged.c.row, staged.c.email)
        .outerjoin(people, people.c.address == staged.c.email)
        .where(people.c.id.is_(None))
    )


def known_bounces(session: Session, staged: FromClause) -> list[Known]:
    """The people and mails that the rows of a file are about: the mail that a row names, else the person's last.

    An address that several contacts share is all of theirs. The file's addresses are in small letters.
    """
    people = _addressed()
    mail = aliased(Invitation, name="mail")
    last = (
        select(Respondent.contact_id, func.max(Invitation.id).label("invitation_id"))
        .join(Invitation, and_(Invitation.respondent_id == Respondent.id, Invitation.sent_at.is_not(None)))
        .group_by(Respondent.contact_id)
        .subquery()
    )
    theirs = select(Respondent.id).where(Respondent.contact_id == people.c.id)
    named = aliased(Invitation, name="named")
    rows = session.execute(
        select(staged.c.row, people.c.id, MailStop.reason, mail.id, mail.bounced_at, mail.reason)
        .select_from(staged)
        .join(people, people.c.address == staged.c.email)
        .outerjoin(MailStop, MailStop.contact_id == people.c.id)
        .outerjoin(last, last.c.contact_id == people.c.id)
        .outerjoin(
            named,
            and_(
                or_(named.message_id == staged.c.message_id, named.message_id == "<" + staged.c.message_id + ">"),
                named.respondent_id.in_(theirs),
            ),
        )
        .outerjoin(mail, mail.id == func.coalesce(named.id, last.c.invitation_id))
        .order_by(staged.c.row, people.c.id)
    )
    return [Known(*row) for row in rows]


def _addressed() -> CTE:
    """The contacts by their address in small letters, worked out once: SQLite would do it anew for every row."""
    addressed = select(Contact.id, small_letters(Contact.email).label("address")).where(Contact.email.is_not(None))
    return addressed.cte("addressed").prefix_with("MATERIALIZED")
