"""Reads of scorecards, of measured values in a window, and of computed health."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.core.errors import Missing
from app.customers.models import Account
from app.health.models import HealthComputation, HealthScore, ScorecardVersion, SupportCase, Telemetry
from app.health.rules.scorecard import Aggregate, CaseMetric, Measure
from app.health.rules.scores import Band, Column
from app.health.rules.starter import Measured

# Two measured values near the largest float would overflow when added; no scorecard has points as far out as this.
MOST_METRICS = 50

_LARGEST = 1e100
_SECONDS_PER_DAY = 86_400.0


@dataclass(frozen=True)
class ScoredAccounts:
    """All accounts, by id: seats (NaN where unknown) and lifecycle stage."""

    ids: NDArray[np.int64]
    seats: Column
    stages: list[str | None]


@dataclass(frozen=True)
class Explanation:
    """The health of one account: measures as key, name, group, value, points, weight; missing as key, name, group."""

    score: float | None
    band: str | None
    measures: list[dict[str, Any]]
    missing: list[dict[str, Any]]


@dataclass(frozen=True)
class Window:
    """The days (as_of − window_days, as_of], as dates and as UTC instants [starts, ends)."""

    after: date
    until: date

    @property
    def starts(self) -> datetime:
        """The first instant inside."""
        return datetime.combine(self.after + timedelta(days=1), time(), UTC)

    @property
    def ends(self) -> datetime:
        """The first instant behind it."""
        return datetime.combine(self.until + timedelta(days=1), time(), UTC)


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


def measured_values(session: Session, *, measure: Measure, as_of: date, account_ids: NDArray[np.int64]) -> Column:
    """The measure's value per account (before `per`), in the order of the sorted `account_ids`; NaN where none.

    One statement for all accounts. Telemetry rows of the window become one value by the measure's aggregate: the last,
    the sum, the mean, or the ordinary least squares slope per 30 days (two rows at different times at least).
    `cases.days_to_close` and `cases.csat` do the same with one row per case closed in the window, respectively rated in
    it (dated by its closing, else its opening). `cases.opened` counts the cases opened in the window, `cases.open`
    those open at the end of `as_of`, whenever they were opened. An account without cases has a true count of 0 as
    soon as the workspace knows any case opened up to `as_of`; without any, nobody's cases were recorded and the counts
    are missing for all.
    """
    window = Window(as_of - timedelta(days=measure.window_days), as_of)
    if measure.metric == CaseMetric.OPEN:
        return _case_counts(session, _open_cases(window), window, account_ids)
    if measure.metric == CaseMetric.OPENED:
        return _case_counts(session, _opened_cases(window), window, account_ids)
    rows = _rows(measure.metric, window)
    return _placed(session.execute(_aggregated(rows, measure.aggregate)).all(), account_ids, np.nan)


def _newest_first(key: str) -> sa.Select[ScorecardVersion]:
    return (
        sa.select(ScorecardVersion)
        .where(ScorecardVersion.key == key)
        .order_by(ScorecardVersion.version.desc())
        .limit(1)
    )


def _rows(metric: str, window: Window) -> sa.Subquery:
    """Rows (account_id, at, day, value) of a metric in the window; `day` counts days from 1970-01-01."""
    at: sa.ColumnElement[Any] | InstrumentedAttribute[Any]
    value: sa.ColumnElement[Any]
    if metric == CaseMetric.DAYS_TO_CLOSE:
        at, account_id = SupportCase.closed_at, SupportCase.account_id
        value = _day_number(SupportCase.closed_at) - _day_number(SupportCase.opened_at)
        condition = sa.and_(at >= window.starts, at < window.ends, SupportCase.closed_at >= SupportCase.opened_at)
    elif metric == CaseMetric.CSAT:
        at = sa.func.coalesce(SupportCase.closed_at, SupportCase.opened_at)
        account_id, value = SupportCase.account_id, _clipped(SupportCase.csat)
        condition = sa.and_(at >= window.starts, at < window.ends, SupportCase.csat.is_not(None))
    else:
        at, account_id, value = Telemetry.period_end, Telemetry.account_id, _clipped(Telemetry.value)
        condition = sa.and_(Telemetry.metric == metric, at > window.after, at <= window.until)
    columns = (account_id.label("account_id"), at.label("at"), _day_number(at).label("day"), value.label("value"))
    return sa.select(*columns).where(condition).subquery("measured")


def _aggregated(rows: sa.Subquery, aggregate: Aggregate) -> sa.Select[int, float]:
    if aggregate is Aggregate.LAST:
        return _last(rows)
    if aggregate is Aggregate.SLOPE:
        return _slope(rows)
    function = sa.func.sum if aggregate is Aggregate.SUM else sa.func.avg
    return sa.select(rows.c.account_id, function(rows.c.value)).group_by(rows.c.account_id)


def _last(rows: sa.Subquery) -> sa.Select[int, float]:
    # Two cases may close at the same instant: the greater value counts, so that the answer does not hang on row order.
    order = (rows.c.at.desc(), rows.c.value.desc())
    place = sa.func.row_number().over(partition_by=rows.c.account_id, order_by=order)
    ranked = sa.select(rows.c.account_id, rows.c.value, place.label("place")).subquery()
    return sa.select(ranked.c.account_id, ranked.c.value).where(ranked.c.place == 1)


def _slope(rows: sa.Subquery) -> sa.Select[int, float]:
    """Σ(t−t̄)(v−v̄)/Σ(t−t̄)²·30: centred first, because the plain sums cancel badly."""
    days = rows.c.day - sa.func.avg(rows.c.day).over(partition_by=rows.c.account_id)
    values = rows.c.value - sa.func.avg(rows.c.value).over(partition_by=rows.c.account_id)
    centred = sa.select(rows.c.account_id, days.label("day"), values.label("value")).subquery()
    spread = sa.func.sum(centred.c.day * centred.c.day)
    return (
        sa.select(centred.c.account_id, sa.func.sum(centred.c.day * centred.c.value) / spread * 30.0)
        .group_by(centred.c.account_id)
        .having(spread > 0)
    )


def _open_cases(window: Window) -> sa.ColumnElement[bool]:
    is_open = sa.or_(SupportCase.closed_at.is_(None), SupportCase.closed_at >= window.ends)
    return sa.and_(SupportCase.opened_at < window.ends, is_open)


def _opened_cases(window: Window) -> sa.ColumnElement[bool]:
    return sa.and_(SupportCase.opened_at >= window.starts, SupportCase.opened_at < window.ends)


def _case_counts(
    session: Session, condition: sa.ColumnElement[bool], window: Window, account_ids: NDArray[np.int64]
) -> Column:
    are_recorded = session.scalar(sa.select(sa.exists().where(SupportCase.opened_at < window.ends)))
    counts = sa.select(SupportCase.account_id, sa.func.count()).where(condition).group_by(SupportCase.account_id)
    return _placed(session.execute(counts).all(), account_ids, 0.0 if are_recorded else np.nan)


def _placed(pairs: Sequence[sa.Row[int, float]], account_ids: NDArray[np.int64], otherwise: float) -> Column:
    column = np.full(len(account_ids), otherwise, dtype=np.float64)
    found = np.fromiter((pair[0] for pair in pairs), np.int64, len(pairs))
    values = np.fromiter((pair[1] for pair in pairs), np.float64, len(pairs))
    # An account that somebody adds between two statements has values but no place yet.
    is_known = np.isin(found, account_ids)
    column[np.searchsorted(account_ids, found[is_known])] = values[is_known]
    return column


def _clipped(value: InstrumentedAttribute[float] | InstrumentedAttribute[float | None]) -> sa.ColumnElement[Any]:
    return sa.case((value > _LARGEST, _LARGEST), (value < -_LARGEST, -_LARGEST), else_=value)


def _day_number(at: sa.ColumnElement[Any] | InstrumentedAttribute[Any]) -> sa.ColumnElement[Any]:
    return sa.cast(sa.extract("epoch", at), sa.Double) / _SECONDS_PER_DAY
