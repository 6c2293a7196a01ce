"""What is on record about a study: its draw, and the newest health by its scorecard."""

from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from app.health.models import HealthComputation, ScorecardVersion
from app.studies.models import DrawRecord, Study
from app.studies.queries import DRAWS
from app.users.models import AuditEvent, User


def health_day(session: Session, study: Study) -> Any:
    """The day of the newest health by the study's scorecard, or None."""
    return session.scalar(
        select(HealthComputation.as_of).where(HealthComputation.id == newest_health(study).scalar_subquery())
    )


def newest_health(study: Study) -> Select[int]:
    """The query for the id of the newest health by a study's scorecard."""
    return (
        select(HealthComputation.id)
        .join(ScorecardVersion, ScorecardVersion.id == HealthComputation.scorecard_version_id)
        .where(ScorecardVersion.key == study.scorecard_key)
        .order_by(HealthComputation.as_of.desc(), HealthComputation.id.desc())
        .limit(1)
    )


def draw_sha256(session: Session, study: Study) -> str | None:
    """The hash of the draw's record, without the record, which is as long as the list of accounts."""
    return session.scalar(select(DrawRecord.audit_sha256).where(DrawRecord.study_id == study.id))


def draw_event(session: Session, study: Study) -> tuple[datetime, str | None] | None:
    """When the audit log says that a study was drawn, and by whom (None: by command); None where it says nothing."""
    row = session.execute(
        select(AuditEvent.at, func.coalesce(User.name, User.email))
        .outerjoin(User, User.id == AuditEvent.actor_id)
        .where(AuditEvent.action.in_(DRAWS), AuditEvent.object_type == "study", AuditEvent.object_id == study.key)
        .order_by(AuditEvent.id.desc())
        .limit(1)
    ).first()
    return None if row is None else (row[0], row[1])
