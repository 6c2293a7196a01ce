"""What was measured of each account some time before its outcome: the day to look at is another for every account."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from app.customers.models import Account, Outcome
from app.customers.rules import KEPT, LOST
from app.health.models import SupportCase
from app.health.queries.measuring import aggregated, day_number, placed, source_of
from app.health.rules.scorecard import CASE_COUNTS, CaseMetric, Measure
from app.health.rules.scores import Column

Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Decided:
    """Accounts with an outcome, by id, and what they look like beside it.

    `kept` is whether the account stayed with all that it pays; `cut` is the last day (counted from 1970-01-01) whose
    values were early enough; `seats` is NaN where unknown.
    """

    ids: NDArray[np.int64]
    kept: Flags
    cut: Column
    seats: Column
    stages: list[str | None]
    rows: sa.Subquery


@dataclass(frozen=True)
class Before:
    """A measure's value per account (before `per`), NaN where none was early enough; `late`: there are later ones."""

    values: Column
    late: Flags


def decided_accounts(session: Session, *, as_of: date, lead_days: int) -> Decided:
    """Return the accounts of which an outcome is known by that day, each with its latest one.

    Of two outcomes on one day the loss counts. Values measured less than `lead_days` before the outcome are too late.
    """
    is_lost = sa.case((Outcome.outcome.in_(sorted(LOST)), 1), else_=0)
    order = (Outcome.outcome_date.desc(), is_lost.desc(), Outcome.id.desc())
    ranked = (
        sa.select(
            Outcome.account_id,
            is_lost.label("is_lost"),
            (day_number(Outcome.outcome_date) - lead_days).label("cut"),
            sa.func.row_number().over(partition_by=Outcome.account_id, order_by=order).label("place"),
        )
        .where(Outcome.outcome.in_(sorted(KEPT | LOST)), Outcome.outcome_date <= as_of)
        .subquery()
    )
    chosen = sa.select(ranked.c.account_id, ranked.c.is_lost, ranked.c.cut).where(ranked.c.place == 1)
    rows = chosen.subquery("decided")
    found = session.execute(
        sa.select(rows.c.account_id, rows.c.is_lost, rows.c.cut, Account.seats, Account.lifecycle_stage)
        .join(Account, Account.id == rows.c.account_id)
        .order_by(rows.c.account_id)
    ).all()
    return Decided(
        ids=np.array([row[0] for row in found], dtype=np.int64),
        kept=np.array([not row[1] for row in found], dtype=np.bool_),
        cut=np.array([row[2] for row in found], dtype=np.float64),
        seats=np.array([np.nan if row[3] is None else row[3] for row in found], dtype=np.float64),
        stages=[row[4] for row in found],
        rows=rows,
    )


def measured_before(session: Session, *, measure: Measure, decided: Decided) -> Before:
    """Return the measure at each account's own last day that is early enough, over the window that ends with it.

    The same aggregates as for health at a date. Counts of cases are missing where the workspace knew of no case yet.
    """
    if measure.metric in CASE_COUNTS:
        return _counted(session, measure, decided)
    source, cut = source_of(measure.metric), decided.rows.c.cut
    day = day_number(source.at)
    is_inside = sa.and_(day >= cut - measure.window_days + 1, day < cut + 1)
    rows = source.rows(is_inside).join(decided.rows, decided.rows.c.account_id == source.account_id).subquery()
    values = placed(session.execute(aggregated(rows, measure.aggregate)).all(), decided.ids, np.nan)
    return Before(values, _is_late(session, source.account_id, sa.and_(source.counts, day >= cut + 1), decided))


def _counted(session: Session, measure: Measure, decided: Decided) -> Before:
    cut, opened, closed = decided.rows.c.cut, day_number(SupportCase.opened_at), day_number(SupportCase.closed_at)
    wanted = sa.and_(opened < cut + 1, opened >= cut - measure.window_days + 1)
    if measure.metric == CaseMetric.OPEN:
        wanted = sa.and_(opened < cut + 1, sa.or_(SupportCase.closed_at.is_(None), closed >= cut + 1))
    counts = (
        sa.select(SupportCase.account_id, sa.func.count())
        .join(decided.rows, decided.rows.c.account_id == SupportCase.account_id)
        .where(wanted)
        .group_by(SupportCase.account_id)
    )
    first = session.scalar(sa.select(sa.func.min(opened)))
    values = placed(session.execute(counts).all(), decided.ids, 0.0)
    values[decided.cut + 1 <= (np.inf if first is None else first)] = np.nan
    return Before(values, _is_late(session, SupportCase.account_id, opened >= cut + 1, decided))


def _is_late(session: Session, account_id: Any, is_later: sa.ColumnElement[bool], decided: Decided) -> Flags:
    """Whether an account has values that came after its last day."""
    later = sa.select(account_id).join(decided.rows, decided.rows.c.account_id == account_id).where(is_later).distinct()
    return np.isin(decided.ids, np.array(session.scalars(later).all(), dtype=np.int64))
