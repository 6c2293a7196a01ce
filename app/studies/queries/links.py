"""Reads of the respondents who are asked by a link, and of the links that they have."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Row, and_, select
from sqlalchemy.orm import Session

from app.customers.models import Account, Contact
from app.studies.models import Link, Respondent, Study

ASKED_BY_LINK = "survey"
NEVER_INVITED = "no"


def invited_respondents(session: Session, study: Study) -> Sequence[Row[int, str, str, str, str | None, str]]:
    """Rows (id, account_id, contact_id, name, email, role) of those whom a study asks by link, by the CRM's ids.

    Who has said no to being asked is not among them.
    """
    rows = session.execute(
        select(
            Respondent.id,
            Account.crm_id.label("account_id"),
            Contact.crm_id.label("contact_id"),
            Contact.name,
            Contact.email,
            Respondent.role,
        )
        .join(Account, Account.id == Respondent.account_id)
        .join(Contact, Contact.id == Respondent.contact_id)
        .where(
            Respondent.study_id == study.id,
            Respondent.mode == ASKED_BY_LINK,
            Contact.consent.is_distinct_from(NEVER_INVITED),
        )
    )
    return sorted(rows, key=lambda row: (row.account_id, row.contact_id))


def living_links(session: Session, study: Study, *, purpose: str) -> Sequence[Row[int, str, str, datetime]]:
    """Rows (respondent_id, nonce, token_sha256, expires_at) of a study's links that were not revoked, oldest first."""
    return session.execute(
        select(Link.respondent_id, Link.nonce, Link.token_sha256, Link.expires_at)
        .join(Respondent, Respondent.id == Link.respondent_id)
        .where(Respondent.study_id == study.id, Link.purpose == purpose, Link.revoked_at.is_(None))
        .order_by(Link.id)
    ).all()


def links_of_one(session: Session, respondent_id: int) -> Sequence[Row[str, str, str]]:
    """Rows (purpose, nonce, token_sha256) of a respondent's links that were not revoked, oldest first."""
    return session.execute(
        select(Link.purpose, Link.nonce, Link.token_sha256)
        .where(Link.respondent_id == respondent_id, Link.revoked_at.is_(None))
        .order_by(Link.id)
    ).all()


def respondent_of_contact(session: Session, study: Study, contact_id: str) -> int | None:
    """The id of the respondent whom the CRM knows by this id, or None where that person was not drawn."""
    if "\0" in contact_id:
        return None
    return session.scalar(
        select(Respondent.id)
        .join(Contact, and_(Contact.id == Respondent.contact_id, Contact.crm_id == contact_id))
        .where(Respondent.study_id == study.id)
    )
