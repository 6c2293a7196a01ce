"""Which measures speak about which dimension, and what each measure gave."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.health.models import HealthComputation, HealthScore
from app.scoring.models import (
    MeasureDimensions,
    Scoring,
)
from app.studies.models import SampledAccount, Study


def chosen_dimensions(session: Session, scorecard_key: str) -> dict[str, str]:
    """Return what was chosen for measures of a scorecard, by their key; empty where nobody chose anything."""
    found = session.get(MeasureDimensions, scorecard_key)
    return dict(found.chosen) if found else {}


def studies_of_scorecard(session: Session, scorecard_key: str) -> list[int]:
    """Return the ids of the scored studies that compare by a scorecard."""
    wanted = select(Study.id).join(Scoring, Scoring.study_id == Study.id).where(Study.scorecard_key == scorecard_key)
    return list(session.scalars(wanted.order_by(Study.id)))


def health_lines(session: Session, study: Study, health: HealthComputation) -> dict[int, list[dict[str, Any]]]:
    """Return what each measure gave (key, value, points, weight), by the row id of each drawn account."""
    rows = session.execute(
        select(HealthScore.account_id, HealthScore.measures)
        .join(SampledAccount, SampledAccount.account_id == HealthScore.account_id)
        .where(SampledAccount.study_id == study.id, HealthScore.computation_id == health.id)
    )
    return {row.account_id: row.measures for row in rows}
