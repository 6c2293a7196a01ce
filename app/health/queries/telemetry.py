"""What telemetry says of many measures at once: one statement looks each up for each account, or goes through all rows.

Looked up, by the primary key, a last value costs the same however many rows there are, and a sum as much as its own
rows. To go through all rows once and group them is PostgreSQL's strength where most of them are wanted.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Any

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from app.core.columns import read_columns
from app.customers.models import Account, Relationship
from app.health.models import RelationshipTelemetry, Telemetry
from app.health.queries.measuring import clipped, day_number
from app.health.rules.scorecard import Aggregate, Measure
from app.health.rules.scores import Column

Ids = NDArray[np.int64]

PORTION = 5_000
"""Accounts that are looked up by one statement."""
COLUMNS = 50
"""Measures that are looked up by one statement: a database has its limit of columns and of tables in one."""

_PER_DAYS = 30.0
_JULIAN = 1_721_424.5  # SQLite counts days from noon in 4714 BC, Python from the year 1.


@dataclass(frozen=True)
class Kept:
    """Where telemetry is kept: the model of whose it is, the model of its rows, and the column that says whose."""

    owner: Any
    row: Any
    whose: Any


OF_ACCOUNTS = Kept(Account, Telemetry, Telemetry.account_id)
OF_RELATIONSHIPS = Kept(Relationship, RelationshipTelemetry, RelationshipTelemetry.relationship_id)


@dataclass(frozen=True)
class Telemetries:
    """Telemetry up to a day, for owners (accounts or relationships) sorted by id: all (`is_whole`), or some of them."""

    session: Session
    as_of: date
    ids: Ids
    is_whole: bool
    kept: Kept = OF_ACCOUNTS

    def values(self, measures: Sequence[Measure]) -> Column:
        """The measures' values (owners × measures); NaN where an owner has no row in the window."""
        by_group = [measure for measure in measures if self._is_grouped(measure)]
        found = {measure.key: column for measure, column in self._grouped(by_group)}
        sought = [measure for measure in measures if measure.key not in found]
        found |= self._sought(sought, [self._value(measure) for measure in sought])
        return np.column_stack([found[measure.key] for measure in measures])

    def last_days(self, measures: Sequence[Measure]) -> Column:
        """The day of the last row in each measure's window, counted from 1970-01-01; NaN where there is none."""
        days = [day_number(self._of_owner(measure, sa.func.max(self.kept.row.period_end))) for measure in measures]
        found = self._sought(measures, days)
        return np.column_stack([found[measure.key] for measure in measures])

    def _is_grouped(self, measure: Measure) -> bool:
        return self.is_whole and self._is_on_postgres and measure.aggregate is not Aggregate.LAST

    @property
    def _is_on_postgres(self) -> bool:
        return self.session.get_bind().dialect.name == "postgresql"

    def _sought(self, measures: Sequence[Measure], columns: Sequence[Any]) -> dict[str, Column]:
        """Columns that are scalars of an owner, by their measure's key."""
        found = {measure.key: np.full(len(self.ids), np.nan) for measure in measures}
        for start in range(0, len(measures), COLUMNS):
            part = slice(start, start + COLUMNS)
            for condition in self._portions():
                self._place(measures[part], sa.select(self.kept.owner.id, *columns[part]).where(condition), found)
        return found

    def _place(self, measures: Sequence[Measure], statement: Any, found: dict[str, Column]) -> None:
        ids, *columns = read_columns(self.session, statement, ["i8", *["f8"] * len(measures)])
        is_known = np.isin(ids, self.ids)  # One that somebody adds meanwhile has no place yet.
        places = np.searchsorted(self.ids, ids[is_known])
        for measure, column in zip(measures, columns, strict=True):
            found[measure.key][places] = column[is_known]

    def _portions(self) -> Iterator[sa.ColumnElement[bool]]:
        """Conditions on the owner, each for some of them."""
        for start in range(0, len(self.ids), PORTION):
            ids = self.ids[start : start + PORTION].tolist()
            yield self.kept.owner.id.between(ids[0], ids[-1]) if self.is_whole else self.kept.owner.id.in_(ids)

    def _value(self, measure: Measure) -> sa.ColumnElement[Any]:
        """The measure of the owner that the statement around it is at."""
        value = clipped(self.kept.row.value)
        if measure.aggregate is Aggregate.LAST:
            last = sa.select(value).where(*self._is_inside(measure), self.kept.whose == self.kept.owner.id)
            return last.order_by(self.kept.row.period_end.desc()).limit(1).correlate(self.kept.owner).scalar_subquery()
        if measure.aggregate is Aggregate.SLOPE and not self._is_on_postgres:
            return self._centred_slope(measure)
        return self._of_owner(measure, self._aggregated(measure.aggregate))

    def _of_owner(self, measure: Measure, value: sa.ColumnElement[Any]) -> sa.ScalarSelect[Any]:
        wanted = sa.select(value).where(*self._is_inside(measure), self.kept.whose == self.kept.owner.id)
        return wanted.correlate(self.kept.owner).scalar_subquery()

    def _centred_slope(self, measure: Measure) -> sa.ScalarSelect[Any]:
        """The slope by sums of days before `as_of` and of values above the last one: plain sums would cancel badly."""
        inside = (*self._is_inside(measure), self.kept.whose == self.kept.owner.id)
        last = sa.select(clipped(self.kept.row.value).label("value")).where(*inside)
        last_row = last.order_by(self.kept.row.period_end.desc()).limit(1).correlate(self.kept.owner).subquery()
        x = sa.func.julianday(self.kept.row.period_end) - (self.as_of.toordinal() + _JULIAN)
        y, n = clipped(self.kept.row.value) - last_row.c.value, sa.func.count()
        spread = sa.func.sum(x * x) - sa.func.sum(x) * sa.func.sum(x) / n
        slope = (sa.func.sum(x * y) - sa.func.sum(x) * sa.func.sum(y) / n) / spread * _PER_DAYS
        joined = sa.select(slope).select_from(last_row).join(self.kept.row, sa.true()).where(*inside).having(spread > 0)
        return joined.correlate(self.kept.owner).scalar_subquery()

    def _is_inside(self, measure: Measure) -> tuple[sa.ColumnElement[bool], ...]:
        after = self.as_of - timedelta(days=measure.window_days)
        return (
            self.kept.row.metric == measure.metric,
            self.kept.row.period_end > after,
            self.kept.row.period_end <= self.as_of,
        )

    def _grouped(self, measures: Sequence[Measure]) -> Iterator[tuple[Measure, Column]]:
        """The measures with their columns, those of one aggregate and window by one walk over the rows."""
        for alike in _alike(measures):
            found = {measure.key: np.full(len(self.ids), np.nan) for measure in alike}
            metrics = sorted({measure.metric for measure in alike})
            value = self._aggregated(alike[0].aggregate)
            inside = self._is_inside(alike[0])[1:]
            rows = (
                sa.select(self.kept.whose.label("whose"), self.kept.row.metric, value.label("value"))
                .where(self.kept.row.metric.in_(metrics), *inside)
                .group_by(self.kept.whose, self.kept.row.metric)
                .subquery()
            )
            columns = [sa.func.max(rows.c.value).filter(rows.c.metric == measure.metric) for measure in alike]
            self._place(alike, sa.select(rows.c.whose, *columns).group_by(rows.c.whose), found)
            yield from ((measure, found[measure.key]) for measure in alike)

    def _aggregated(self, aggregate: Aggregate) -> sa.ColumnElement[Any]:
        """A sum, a mean, or PostgreSQL's slope, which centres by itself (Youngs & Cramer 1971)."""
        value = clipped(self.kept.row.value)
        if aggregate is Aggregate.SLOPE:
            return sa.func.regr_slope(value, day_number(self.kept.row.period_end)) * _PER_DAYS
        return sa.func.sum(value) if aggregate is Aggregate.SUM else sa.func.avg(value)


def _alike(measures: Sequence[Measure]) -> Iterable[list[Measure]]:
    def kind(measure: Measure) -> tuple[str, int]:
        return str(measure.aggregate), measure.window_days

    return [list(each) for _, each in groupby(sorted(measures, key=kind), kind)]
