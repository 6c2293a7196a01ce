"""Reads of published editions and of the links to them."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.core.errors import Missing
from app.customers.models import Account
from app.reports.models import Edition, EditionLink
from app.studies.models import Study
from app.users.models import User

_WHO = sa.func.coalesce(sa.func.nullif(User.name, ""), User.email, "")


def editions_of(session: Session, study: Study) -> Sequence[Any]:
    """Rows (number, sha256, scored_at, published_at, choice, who) of a study's editions, newest first, without data."""
    return session.execute(
        sa.select(Edition.number, Edition.sha256, Edition.scored_at, Edition.published_at, Edition.choice)
        .add_columns(_WHO.label("who"))
        .outerjoin(User, User.id == Edition.published_by)
        .where(Edition.study_id == study.id)
        .order_by(Edition.number.desc())
    ).all()


def edition_of(session: Session, study: Study, number: int) -> Edition:
    """The edition of this number; Missing where the study has none."""
    wanted = sa.select(Edition).where(Edition.study_id == study.id, Edition.number == number)
    edition = session.scalar(wanted)
    if edition is None:
        raise Missing(f"There is no edition {number} of study “{study.key}”.", "number")
    return edition


def newest_edition(
    session: Session, study: Study, *, below: int | None = None, choice_key: str | None = None
) -> Edition | None:
    """The newest edition of a study, or the newest under a number, or of one part of it; None where there is none."""
    wanted = sa.select(Edition).where(Edition.study_id == study.id).order_by(Edition.number.desc()).limit(1)
    if choice_key is not None:
        wanted = wanted.where(Edition.choice_key == choice_key)
    return session.scalar(wanted if below is None else wanted.where(Edition.number < below))


def next_number(session: Session, study: Study) -> int:
    """The number that a study's next edition will have."""
    return (session.scalar(sa.select(sa.func.max(Edition.number)).where(Edition.study_id == study.id)) or 0) + 1


def links_of(session: Session, edition: Edition) -> Sequence[Any]:
    """Rows (id, made_for, made_at, expires_at, revoked_at, who) of the links to an edition, newest first."""
    link = EditionLink
    return session.execute(
        sa.select(link.id, link.made_for, link.made_at, link.expires_at, link.revoked_at, _WHO.label("who"))
        .outerjoin(User, User.id == link.made_by)
        .where(link.edition_id == edition.id)
        .order_by(link.id.desc())
    ).all()


def opened_by(session: Session, token_sha256: str, at: datetime) -> tuple[Edition, Study, datetime] | None:
    """The edition behind a living link, its study, and until when the link opens; None where it opens nothing."""
    row = session.execute(
        sa.select(Edition, Study, EditionLink.expires_at)
        .join(EditionLink, EditionLink.edition_id == Edition.id)
        .join(Study, Study.id == Edition.study_id)
        .where(EditionLink.token_sha256 == token_sha256, EditionLink.revoked_at.is_(None), EditionLink.expires_at > at)
    ).one_or_none()
    return None if row is None else (row[0], row[1], row[2])


def crm_ids(session: Session, account_ids: Collection[int]) -> set[str]:
    """The CRM's ids of these accounts."""
    return set(session.scalars(sa.select(Account.crm_id).where(Account.id.in_(sorted(account_ids)))))
