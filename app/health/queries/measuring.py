"""Measured values per account: what each measure was worth in a window of days, one statement for all accounts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.health.models import SupportCase, Telemetry
from app.health.rules.scorecard import Aggregate, CaseMetric, Measure
from app.health.rules.scores import Column

# Two measured values near the largest float would overflow when added; no scorecard has points as far out as this.
_LARGEST = 1e100
_SECONDS_PER_DAY = 86_400.0
EPOCH = date(1970, 1, 1)


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
    return placed(session.execute(aggregated(rows, measure.aggregate)).all(), account_ids, np.nan)


def measured_ages(session: Session, *, measure: Measure, as_of: date, account_ids: NDArray[np.int64]) -> Column:
    """Whole days from the measure's last row in its window to `as_of`, in the order of `account_ids`; NaN: no row."""
    rows = _rows(measure.metric, Window(as_of - timedelta(days=measure.window_days), as_of))
    last = sa.select(rows.c.account_id, sa.func.max(rows.c.day)).group_by(rows.c.account_id)
    days = np.floor(placed(session.execute(last).all(), account_ids, np.nan))
    ages: Column = (as_of - EPOCH).days - days
    return ages


@dataclass(frozen=True)
class Source:
    """Where the rows of a metric lie: whose they are, when each was measured, its value, and which rows count."""

    account_id: InstrumentedAttribute[int]
    at: sa.ColumnElement[Any] | InstrumentedAttribute[Any]
    value: sa.ColumnElement[Any]
    counts: sa.ColumnElement[bool]

    def rows(self, condition: sa.ColumnElement[bool]) -> sa.Select[*tuple[Any, ...]]:
        """Return rows (account_id, at, day, value) under a further condition; `day` counts days from 1970-01-01."""
        return sa.select(
            self.account_id.label("account_id"),
            self.at.label("at"),
            day_number(self.at).label("day"),
            self.value.label("value"),
        ).where(self.counts, condition)


def source_of(metric: str) -> Source:
    """Return where the rows of a metric lie that is no count of cases."""
    if metric == CaseMetric.DAYS_TO_CLOSE:
        value = day_number(SupportCase.closed_at) - day_number(SupportCase.opened_at)
        closed = SupportCase.closed_at
        return Source(SupportCase.account_id, closed, value, closed >= SupportCase.opened_at)
    if metric == CaseMetric.CSAT:
        at = sa.func.coalesce(SupportCase.closed_at, SupportCase.opened_at)
        return Source(SupportCase.account_id, at, clipped(SupportCase.csat), SupportCase.csat.is_not(None))
    return Source(Telemetry.account_id, Telemetry.period_end, clipped(Telemetry.value), Telemetry.metric == metric)


def _rows(metric: str, window: Window) -> sa.Subquery:
    source = source_of(metric)
    is_inside = sa.and_(source.at >= window.starts, source.at < window.ends)
    if source.account_id is Telemetry.account_id:
        is_inside = sa.and_(source.at > window.after, source.at <= window.until)
    return source.rows(is_inside).subquery("measured")


def aggregated(rows: sa.Subquery, aggregate: Aggregate) -> sa.Select[int, float]:
    """Return (account_id, value): the rows (account_id, at, day, value) of each account as one value."""
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
    return placed(session.execute(counts).all(), account_ids, 0.0 if are_recorded else np.nan)


def placed(pairs: Sequence[Any], account_ids: NDArray[np.int64], otherwise: float) -> Column:
    """Return a column in the order of the sorted `account_ids` from pairs (account_id, value)."""
    column = np.full(len(account_ids), otherwise, dtype=np.float64)
    found = np.fromiter((pair[0] for pair in pairs), np.int64, len(pairs))
    values = np.fromiter((pair[1] for pair in pairs), np.float64, len(pairs))
    # An account that somebody adds between two statements has values but no place yet.
    is_known = np.isin(found, account_ids)
    column[np.searchsorted(account_ids, found[is_known])] = values[is_known]
    return column


def clipped(value: InstrumentedAttribute[float] | InstrumentedAttribute[float | None]) -> sa.ColumnElement[Any]:
    """Return a value that can be added to others."""
    return sa.case((value > _LARGEST, _LARGEST), (value < -_LARGEST, -_LARGEST), else_=value)


def day_number(at: sa.ColumnElement[Any] | InstrumentedAttribute[Any]) -> sa.ColumnElement[Any]:
    """Return an instant or a date as days from 1970-01-01, with the part of the day."""
    return sa.cast(sa.extract("epoch", at), sa.Double) / _SECONDS_PER_DAY
