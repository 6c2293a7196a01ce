"""Reads of anonymous studies: their strata, the open links into them, and how far their mails have come."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Row, and_, func, or_, select
from sqlalchemy.orm import Session

from app.customers.models import Contact
from app.studies.models import Invitation, OpenLink, Respondent, SampledAccount, Study
from app.studies.queries.links import NEVER_INVITED


class StratumAsked(NamedTuple):
    """A stratum of an anonymous study: accounts drawn, and people there who may be asked."""

    name: str
    accounts: int
    people: int


@dataclass(frozen=True)
class Mails:
    """How many people were mailed, and how many mails were sent and came back."""

    invited: int
    sent: int
    returned: int


def strata_asked(session: Session, study: Study) -> list[StratumAsked]:
    """The strata of a study by name, each with its accounts and people."""
    may_be_asked = and_(
        Contact.id == Respondent.contact_id,
        or_(Contact.consent.is_(None), Contact.consent != NEVER_INVITED),
    )
    rows = session.execute(
        select(SampledAccount.stratum, func.count(SampledAccount.account_id.distinct()), func.count(Contact.id))
        .outerjoin(
            Respondent,
            and_(Respondent.study_id == SampledAccount.study_id, Respondent.account_id == SampledAccount.account_id),
        )
        .outerjoin(Contact, may_be_asked)
        .where(SampledAccount.study_id == study.id)
        .group_by(SampledAccount.stratum)
    )
    return sorted((StratumAsked(*row) for row in rows), key=lambda stratum: stratum.name)


def living_open_links(
    session: Session, study: Study, stratum: str | None = None
) -> Sequence[Row[str, str, str, datetime]]:
    """Rows (stratum, nonce, token_sha256, created_at) of open links that were not revoked, oldest first."""
    wanted = select(OpenLink.stratum, OpenLink.nonce, OpenLink.token_sha256, OpenLink.created_at).where(
        OpenLink.study_id == study.id, OpenLink.revoked_at.is_(None)
    )
    if stratum is not None:
        wanted = wanted.where(OpenLink.stratum == stratum)
    return session.execute(wanted.order_by(OpenLink.id)).all()


def mails_sent(session: Session, study: Study) -> Mails:
    """How far the mails of a study have come, counted and never by name."""
    arrived = and_(Invitation.sent_at.is_not(None), Invitation.bounced_at.is_(None))
    row = session.execute(
        select(
            func.count(Invitation.respondent_id.distinct()).filter(arrived),
            func.count().filter(arrived),
            func.count(Invitation.bounced_at),
        ).where(Invitation.study_id == study.id)
    ).one()
    return Mails(*row)


def is_open(session: Session, study_id: int) -> bool:
    """Whether a study still takes answers; until this transaction ends it is not closed meanwhile."""
    closed_at = session.execute(select(Study.closed_at).where(Study.id == study_id).with_for_update(read=True))
    return closed_at.scalar_one() is None
