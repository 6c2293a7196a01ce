"""Support cases of every account on a day, as five figures each; two statements for all accounts."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from app.customers.models import Account
from app.health.models import SupportCase
from app.health.queries.measuring import day_number, placed
from app.health.rules.scores import Column

RECENT_DAYS = 30
_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True)
class Cases:
    """Per account, in the order of their ids: cases ever, opened within 30 days, still open, and two mean times.

    Counts are 0 where there is none. `days_open` (of open cases) and `days_to_close` (of closed ones) are NaN there.
    """

    ever: Column
    recent: Column
    still_open: Column
    days_open: Column
    days_to_close: Column


@dataclass(frozen=True)
class Portfolio:
    """The accounts that are still customers, by id: their seats, NaN where unknown."""

    ids: NDArray[np.int64]
    seats: Column


def present_accounts(session: Session, *, gone: frozenset[str]) -> Portfolio:
    """Return the accounts whose status is none of `gone`."""
    rows = session.execute(
        sa.select(Account.id, Account.seats)
        .where(sa.func.lower(Account.status).not_in(sorted(gone)))
        .order_by(Account.id)
    ).all()
    return Portfolio(
        ids=np.array([row[0] for row in rows], dtype=np.int64),
        seats=np.array([np.nan if row[1] is None else row[1] for row in rows], dtype=np.float64),
    )


def cases_on(session: Session, *, as_of: date, ids: NDArray[np.int64]) -> Cases:
    """Return what was known of each account's cases at the end of a day; what was opened or closed later is not."""
    ends = datetime.combine(as_of + timedelta(days=1), time(), UTC)
    end = float((as_of - _EPOCH).days + 1)
    opened, closed = day_number(SupportCase.opened_at), day_number(SupportCase.closed_at)
    is_closed = sa.and_(SupportCase.closed_at.is_not(None), SupportCase.closed_at < ends)
    is_timed = sa.and_(is_closed, SupportCase.closed_at >= SupportCase.opened_at)
    rows = session.execute(
        sa.select(
            SupportCase.account_id,
            sa.func.count(),
            sa.func.sum(sa.case((opened >= end - RECENT_DAYS, 1), else_=0)),
            sa.func.sum(sa.case((is_closed, 0), else_=1)),
            sa.func.avg(sa.case((is_closed, None), else_=end - opened)),
            sa.func.avg(sa.case((is_timed, closed - opened), else_=None)),
        )
        .where(SupportCase.opened_at < ends)
        .group_by(SupportCase.account_id)
    ).all()
    columns = [
        placed([(row[0], row[i]) for row in rows if row[i] is not None], ids, otherwise)
        for i, otherwise in ((1, 0.0), (2, 0.0), (3, 0.0), (4, np.nan), (5, np.nan))
    ]
    return Cases(*columns)


def has_cases(session: Session, *, as_of: date) -> bool:
    """Tell whether any case was opened up to a day."""
    ends = datetime.combine(as_of + timedelta(days=1), time(), UTC)
    return bool(session.scalar(sa.select(sa.exists().where(SupportCase.opened_at < ends))))


def case_print(session: Session) -> list[str]:
    """Return what tells whether cases or accounts have changed: counts, and the last openings and closings."""
    cases = session.execute(
        sa.select(
            sa.func.count(),
            sa.func.count(SupportCase.closed_at),
            sa.func.max(SupportCase.opened_at),
            sa.func.max(SupportCase.closed_at),
        )
    ).one()
    accounts = session.execute(sa.select(sa.func.count(), sa.func.sum(Account.seats))).one()
    return [str(part) for part in (*cases, *accounts)]
