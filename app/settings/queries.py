"""What the settings depend on, and what customers are told about their data."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.customers.models import Account
from app.settings.models import ConsentText
from app.settings.rules import BUILT_IN, TEXTS


def has_amounts(session: Session) -> bool:
    """Tell whether any account has an ARR, so that another currency would give amounts another worth."""
    return session.scalar(select(Account.id).where(Account.arr.is_not(None)).limit(1)) is not None


def consent_version(session: Session) -> tuple[int, datetime | None]:
    """Return the newest version of what customers are told, and when it was written; our own text is version 0."""
    version, at = session.execute(select(func.max(ConsentText.version), func.max(ConsentText.created_at))).one()
    return version or BUILT_IN, at


def consent_texts(session: Session, version: int) -> Mapping[str, str]:
    """Return what one version tells, by language; it never changes, so callers may keep it."""
    if version == BUILT_IN:
        return TEXTS
    written = select(ConsentText.language, ConsentText.text).where(ConsentText.version == version)
    return {**TEXTS, **{row.language: row.text for row in session.execute(written)}}


def consent_history(session: Session, versions: Iterable[int]) -> dict[int, Mapping[str, str]]:
    """Return what these versions tell, each by language."""
    return {version: consent_texts(session, version) for version in sorted(set(versions))}
