"""Reads of scorecards, of measured values in a window, and of computed health."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from app.core.errors import Missing
from app.customers.models import Account
from app.health.models import HealthComputation, HealthScore, ScorecardVersion, Telemetry
from app.health.queries.columns import measured_columns
from app.health.queries.measuring import measured_values
from app.health.rules.scores import Band, Column
from app.health.rules.starter import Measured

__all__ = [
    "Explanation",
    "ScoredAccounts",
    "account_count",
    "band_counts",
    "health_explanation",
    "health_of",
    "locked_newest_scorecard",
    "measured_columns",
    "measured_metrics",
    "measured_values",
    "missing_counts",
    "newest_computation",
    "newest_scorecard",
    "scorecard_versions",
    "scored_accounts",
]

MOST_METRICS = 50


@dataclass(frozen=True)
class ScoredAccounts:
    """All accounts, by id: seats (NaN where unknown) and lifecycle stage."""

    ids: NDArray[np.int64]
    seats: Column
    stages: list[str | None]


@dataclass(frozen=True)
class Explanation:
    """The health of one account: measures as key, name, group, value, points, weight; missing as key, name, group.

    `capped_by` is the exception that capped the band (measure, group where it names one, is, cap), which was
    `calculated_band` before; None where none did. `telemetry_score` and `telemetry_band` leave out what CSMs think.
    """

    score: float | None
    band: str | None
    measures: list[dict[str, Any]]
    missing: list[dict[str, Any]]
    telemetry_score: float | None
    telemetry_band: str | None
    calculated_band: str | None
    capped_by: dict[str, Any] | None


def newest_scorecard(session: Session, key: str) -> ScorecardVersion:
    """The newest version of the scorecard with that key; Missing, with how to load one, where there is none."""
    version = session.scalar(_newest_first(key))
    if version is None:
        raise Missing(f"There is no scorecard “{key}”; load one with: flask scorecard load FILE.json", "scorecard")
    return version


def locked_newest_scorecard(session: Session, key: str) -> ScorecardVersion | None:
    """The newest version, locked until the transaction ends, so that two loads cannot both follow it; None if none."""
    return session.scalar(_newest_first(key).with_for_update())


def newest_computation(session: Session, *, version: ScorecardVersion, as_of: date) -> HealthComputation | None:
    """The newest computation of health by that scorecard version at that date, or None."""
    return session.scalar(
        sa.select(HealthComputation)
        .where(HealthComputation.scorecard_version_id == version.id, HealthComputation.as_of == as_of)
        .order_by(HealthComputation.id.desc())
        .limit(1)
    )


def scorecard_versions(session: Session) -> Sequence[ScorecardVersion]:
    """Every published scorecard version, the newest first."""
    return session.scalars(sa.select(ScorecardVersion).order_by(ScorecardVersion.id.desc())).all()


def measured_metrics(session: Session) -> list[Measured]:
    """The metrics of the telemetry with their reach, those with the most accounts first."""
    accounts = sa.func.count(Telemetry.account_id.distinct())
    rows = session.execute(
        sa.select(Telemetry.metric, accounts, sa.func.min(Telemetry.value), sa.func.max(Telemetry.value))
        .group_by(Telemetry.metric)
        .order_by(accounts.desc(), Telemetry.metric)
        .limit(MOST_METRICS)
    )
    return [Measured(*row) for row in rows]


def health_of(session: Session, computation_id: int) -> Sequence[sa.Row[int, float | None, str | None]]:
    """Rows (account_id, score, band) of a computation by account_id; every account of that day has one."""
    return session.execute(
        sa.select(HealthScore.account_id, HealthScore.score, HealthScore.band)
        .where(HealthScore.computation_id == computation_id)
        .order_by(HealthScore.account_id)
    ).all()


def health_explanation(session: Session, *, computation_id: int, account_id: int) -> Explanation:
    """The health of one account, measure by measure; Missing where the account was not there yet."""
    found = session.execute(
        sa.select(HealthScore, ScorecardVersion.definition)
        .join(HealthComputation, HealthComputation.id == HealthScore.computation_id)
        .join(ScorecardVersion, ScorecardVersion.id == HealthComputation.scorecard_version_id)
        .where(HealthScore.computation_id == computation_id, HealthScore.account_id == account_id)
    ).first()
    if found is None:
        raise Missing("There is no health of this account in this computation.", "account_id")
    health, definition = found
    heads = {m["key"]: {"key": m["key"], "name": m["name"], "group": m["group"]} for m in definition["measures"]}
    return Explanation(
        score=health.score,
        band=health.band,
        measures=[{**heads[line["key"]], **line} for line in health.measures],
        missing=[heads[key] for key in health.missing],
        telemetry_score=health.telemetry_score,
        telemetry_band=health.telemetry_band,
        calculated_band=health.calculated_band,
        capped_by=health.capped_by,
    )


def band_counts(session: Session, computation_id: int) -> dict[str, int]:
    """Accounts per band, red first; accounts without a score are in none."""
    rows = session.execute(
        sa.select(HealthScore.band, sa.func.count())
        .where(HealthScore.computation_id == computation_id)
        .group_by(HealthScore.band)
    )
    found = {band: count for band, count in rows if band is not None}
    return {str(band): found.get(str(band), 0) for band in Band}


def account_count(session: Session, computation_id: int) -> int:
    """How many accounts a computation covers, scored or not."""
    return session.scalar(sa.select(sa.func.count()).where(HealthScore.computation_id == computation_id)) or 0


def missing_counts(session: Session, computation_id: int) -> dict[str, int]:
    """Accounts without a value per measure key, most first; measures that every account has are left out."""
    # Grouped as text, because databases differ in how they compare JSON; few combinations occur.
    missing = sa.cast(HealthScore.missing, sa.Text)
    groups = session.execute(
        sa.select(missing, sa.func.count()).where(HealthScore.computation_id == computation_id).group_by(missing)
    )
    counts: Counter[str] = Counter()
    for keys, count in groups:
        counts.update(dict.fromkeys(json.loads(keys), count))
    return dict(counts.most_common())


def scored_accounts(session: Session) -> ScoredAccounts:
    """All accounts, whatever their status, by id."""
    rows = session.execute(sa.select(Account.id, Account.seats, Account.lifecycle_stage).order_by(Account.id)).all()
    return ScoredAccounts(
        ids=np.array([row[0] for row in rows], dtype=np.int64),
        seats=np.array([np.nan if row[1] is None else row[1] for row in rows], dtype=np.float64),
        stages=[row[2] for row in rows],
    )


def _newest_first(key: str) -> sa.Select[ScorecardVersion]:
    return (
        sa.select(ScorecardVersion)
        .where(ScorecardVersion.key == key)
        .order_by(ScorecardVersion.version.desc())
        .limit(1)
    )
