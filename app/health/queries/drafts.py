"""Reads of drafts of scorecards."""

from collections.abc import Sequence

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from app.core.errors import Missing
from app.health.models import ScorecardDraft
from app.users.models import User


def draft_of(session: Session, key: str, *, is_locked: bool = False) -> ScorecardDraft:
    """The draft of that scorecard, locked where the caller will save it; Missing where there is none."""
    wanted = select(ScorecardDraft).where(ScorecardDraft.key == key)
    draft = session.scalar(wanted.with_for_update() if is_locked else wanted)
    if draft is None:
        raise Missing(f"There is no draft of the scorecard “{key[:80]}”.", "key")
    return draft


def has_draft(session: Session, key: str) -> bool:
    """Whether somebody is writing a draft of that scorecard."""
    return bool(session.scalar(select(exists().where(ScorecardDraft.key == key))))


def draft_by_form(session: Session, form_key: str) -> ScorecardDraft | None:
    """The draft that a form began, known by the name that the form carries; None where it began none."""
    return session.scalar(select(ScorecardDraft).where(ScorecardDraft.form_key == form_key))


def drafts(session: Session) -> Sequence[ScorecardDraft]:
    """Every draft, the one that was changed last first."""
    return session.scalars(select(ScorecardDraft).order_by(ScorecardDraft.changed_at.desc())).all()


def name_of(session: Session, user_id: int | None) -> str:
    """The name of a colleague, or their address where there is no name; blank for nobody."""
    user = session.get(User, user_id) if user_id else None
    return (user.name or user.email) if user else ""
