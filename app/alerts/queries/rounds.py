"""Reads of what moved from one computation of health to the next, for all accounts by one statement."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from app.alerts.rules.rounds import Computed, Round
from app.customers.models import Account
from app.health.models import HealthComputation, HealthScore, ScorecardVersion

MOST_BACK = 500
"""How many computations are looked at: what waited longer than that is not told any more."""


def last_computations(session: Session) -> list[Computed]:
    """Return the last computations, in the order in which they were made."""
    rows = session.execute(
        sa.select(HealthComputation.id, HealthComputation.as_of, ScorecardVersion.key)
        .join(ScorecardVersion, ScorecardVersion.id == HealthComputation.scorecard_version_id)
        .order_by(HealthComputation.id.desc())
        .limit(MOST_BACK)
    )
    return [Computed(*row) for row in rows][::-1]


def moved_rows(session: Session, round_: Round) -> Sequence[Any]:
    """Return rows (account_id, csm, score, band, before, before_band, week, earlier_week) of accounts worth a look.

    These are those whose score fell or is gone, and those with another colour; `csm` is in small letters.
    """
    now_, before, week, earlier = (aliased(HealthScore) for _ in range(4))
    return session.execute(
        sa.select(
            now_.account_id,
            sa.func.lower(Account.csm_email).label("csm"),
            now_.score,
            now_.band,
            before.score.label("before"),
            before.band.label("before_band"),
            week.score.label("week"),
            earlier.score.label("earlier_week"),
        )
        .join(Account, Account.id == now_.account_id)
        .join(before, sa.and_(before.account_id == now_.account_id, before.computation_id == round_.before))
        .outerjoin(week, sa.and_(week.account_id == now_.account_id, week.computation_id == round_.week))
        .outerjoin(
            earlier,
            sa.and_(earlier.account_id == now_.account_id, earlier.computation_id == (round_.earlier_week or 0)),
        )
        .where(
            now_.computation_id == round_.id,
            sa.or_(now_.band.is_distinct_from(before.band), now_.score < before.score),
        )
        .order_by(now_.account_id)
    ).all()
