"""Reads of the versions of scorecards."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core.errors import Missing
from app.health.models import ScorecardVersion


def newest_versions(session: Session) -> dict[str, ScorecardVersion]:
    """The newest version of each scorecard, by key."""
    newest = select(func.max(ScorecardVersion.id)).group_by(ScorecardVersion.key)
    rows = session.scalars(
        select(ScorecardVersion).where(ScorecardVersion.id.in_(newest)).order_by(ScorecardVersion.key)
    )
    return {version.key: version for version in rows}


def versions_of(session: Session, key: str) -> list[ScorecardVersion]:
    """The versions of one scorecard, the newest first; Missing where there is none."""
    wanted = select(ScorecardVersion).where(ScorecardVersion.key == key).order_by(ScorecardVersion.version.desc())
    versions = list(session.scalars(wanted))
    if not versions:
        raise Missing(f"There is no scorecard “{key[:80]}”.", "key")
    return versions
