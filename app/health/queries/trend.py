"""The health of accounts over computations: how one account stood day by day, and how many stood on two days."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.health.models import HealthComputation, HealthScore, ScorecardVersion
from app.health.rules.changes import Line, Standing
from app.health.rules.scorecard import Scorecard, parse_scorecard

MOST_DAYS = 400
"""How far back a page looks: a year of daily computations and a month."""


@dataclass(frozen=True)
class Version:
    """A scorecard version as changes tell of it."""

    number: int
    scorecard: Scorecard


@dataclass(frozen=True)
class Day:
    """The newest computation of a day."""

    as_of: date
    computation_id: int
    version_id: int


def scorecards_in_use(session: Session) -> list[tuple[str, str]]:
    """Return key and name of the scorecards that health was computed by, the one computed last first."""
    newest = sa.func.max(HealthComputation.as_of)
    last = sa.func.max(HealthComputation.id)
    rows = session.execute(
        sa.select(ScorecardVersion.key, sa.func.max(ScorecardVersion.name))
        .join(HealthComputation, HealthComputation.scorecard_version_id == ScorecardVersion.id)
        .group_by(ScorecardVersion.key)
        .order_by(newest.desc(), last.desc())
    )
    return [(row[0], row[1]) for row in rows]


def computed_days(session: Session, *, key: str, most: int = MOST_DAYS) -> list[Day]:
    """Return the days with health by a scorecard, the newest first, each with its last computation."""
    rows = session.execute(
        sa.select(HealthComputation.as_of, HealthComputation.id, HealthComputation.scorecard_version_id)
        .where(HealthComputation.id.in_(_last_of_days(key, most)))
        .order_by(HealthComputation.as_of.desc())
    )
    return [Day(*row) for row in rows]


def standings_of(session: Session, *, account_id: int, key: str, most: int = MOST_DAYS) -> list[Standing]:
    """Return how an account stood by a scorecard, one standing a day, the oldest first."""
    rows = session.execute(
        sa.select(HealthScore, HealthComputation.as_of, HealthComputation.scorecard_version_id)
        .join(HealthComputation, HealthComputation.id == HealthScore.computation_id)
        .where(HealthComputation.id.in_(_last_of_days(key, most)), HealthScore.account_id == account_id)
        .order_by(HealthComputation.as_of)
    )
    return [standing_of(*row) for row in rows]


def standings_in(
    session: Session, *, computation_ids: Collection[int], account_ids: Sequence[int]
) -> dict[tuple[int, int], Standing]:
    """Return how some accounts stood in some computations, by (computation_id, account_id); one statement."""
    rows = session.execute(
        sa.select(HealthScore, HealthComputation.as_of, HealthComputation.scorecard_version_id)
        .join(HealthComputation, HealthComputation.id == HealthScore.computation_id)
        .where(HealthScore.computation_id.in_(computation_ids), HealthScore.account_id.in_(account_ids))
    )
    return {(row[0].computation_id, row[0].account_id): standing_of(*row) for row in rows}


def versions_of(session: Session, version_ids: Collection[int]) -> dict[int, Version]:
    """Return the scorecard versions of these ids, read."""
    rows = session.execute(
        sa.select(ScorecardVersion.id, ScorecardVersion.version, ScorecardVersion.definition).where(
            ScorecardVersion.id.in_(version_ids)
        )
    )
    return {row[0]: Version(row[1], parse_scorecard(row[2])) for row in rows}


def standing_of(row: Any, as_of: date, version_id: int) -> Standing:
    """Return a stored score as a standing."""
    return Standing(
        computation_id=row.computation_id,
        as_of=as_of,
        version_id=version_id,
        score=row.score,
        band=row.band,
        lines=lines_of(row.measures),
        calculated_band=row.calculated_band,
        capped_by=row.capped_by,
    )


def lines_of(measures: Sequence[Mapping[str, Any]]) -> dict[str, Line]:
    """Return what was stored for each measure that had a value."""
    return {each["key"]: Line(each["value"], each["points"], each["weight"]) for each in measures}


def _last_of_days(key: str, most: int) -> sa.Select[int]:
    return (
        sa.select(sa.func.max(HealthComputation.id))
        .join(ScorecardVersion, ScorecardVersion.id == HealthComputation.scorecard_version_id)
        .where(ScorecardVersion.key == key)
        .group_by(HealthComputation.as_of)
        .order_by(HealthComputation.as_of.desc())
        .limit(most)
    )
