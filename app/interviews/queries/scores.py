"""Reads of the health score of the account that is talked to, for who looks before the interview is over."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.health.models import HealthComputation, HealthScore, ScorecardVersion
from app.interviews.queries.talks import Talk
from app.studies.models import Study


@dataclass(frozen=True)
class AccountHealth:
    """What telemetry said of an account on a day; no score where nothing was measured."""

    score: float | None
    band: str
    as_of: date


def health_of_account(session: Session, talk: Talk) -> AccountHealth | None:
    """Return the newest computed health of the account by the scorecard of the study, or None before any."""
    row = session.execute(
        select(
            HealthScore.telemetry_score.label("score"),
            HealthScore.telemetry_band.label("band"),
            HealthComputation.as_of,
        )
        .join(HealthComputation, HealthComputation.id == HealthScore.computation_id)
        .join(ScorecardVersion, ScorecardVersion.id == HealthComputation.scorecard_version_id)
        .join(Study, Study.scorecard_key == ScorecardVersion.key)
        .where(Study.id == talk.study_id, HealthScore.account_id == talk.account_id)
        .order_by(HealthComputation.as_of.desc(), HealthComputation.id.desc())
        .limit(1)
    ).first()
    return AccountHealth(row.score, row.band or "", row.as_of) if row else None
