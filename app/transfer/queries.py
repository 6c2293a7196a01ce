"""What exports read."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.customers.models import Account
from app.health.models import HealthComputation, HealthScore, ScorecardVersion


def newest_health(session: Session) -> tuple[HealthComputation, ScorecardVersion] | None:
    """The computation of health that was made last, by whichever scorecard, with its version; None if there is none."""
    row = session.execute(
        sa.select(HealthComputation, ScorecardVersion)
        .join(ScorecardVersion, ScorecardVersion.id == HealthComputation.scorecard_version_id)
        .order_by(HealthComputation.id.desc())
        .limit(1)
    ).first()
    return None if row is None else (row[0], row[1])


def health_rows(session: Session, computation_id: int) -> Iterator[Any]:
    """Stream every account by its CRM id: score, band, missing measures, measures; nulls where not computed."""
    wanted = (
        sa.select(Account.crm_id, HealthScore.score, HealthScore.band, HealthScore.missing, HealthScore.measures)
        .outerjoin(
            HealthScore,
            sa.and_(HealthScore.account_id == Account.id, HealthScore.computation_id == computation_id),
        )
        .order_by(Account.crm_id)
    )
    yield from session.execute(wanted.execution_options(yield_per=2_000))
