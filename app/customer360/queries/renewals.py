"""The renewals of the months to come: how many, what they pay, and how health and voice stand, by one aggregate."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, select
from sqlalchemy.orm import aliased

from app.customer360.queries.listing import Listing
from app.customers.models import Account
from app.health.models import HealthScore
from app.scoring.models import AccountScore

MOST_OF_A_MONTH = 100
BANDS = ("red", "amber", "green")


class Renewals(Listing):
    """The accounts that a caller asked for, by when their contracts end."""

    @property
    def _has_money(self) -> ColumnElement[bool]:
        return and_(Account.arr.is_not(None), self._is_comparable())

    def by_day(self, first: date, last: date) -> Sequence[Any]:
        """Rows (renewal_date, accounts, arr, uncounted, health_*, voice_*, unhappy, unhappy_arr), one for each day.

        `arr` is in the workspace's currency; `uncounted` are accounts without any, or with it in another currency.
        `unhappy` are those whose voice lies below their health with a flag on it.
        """
        newest, score, health = self._newest_scores(), aliased(AccountScore), aliased(HealthScore)
        is_money = self._has_money
        is_unhappy = and_(score.tier.in_(("confirmed", "probable")), score.p_low >= func.coalesce(score.p_high, 0.0))
        return self.session.execute(
            select(
                Account.renewal_date,
                func.count().label("accounts"),
                _total(is_money, Account.arr).label("arr"),
                _total(~is_money, 1).label("uncounted"),
                *(_total(health.band == band, 1).label(f"health_{band}") for band in BANDS),
                *(_total(score.voice_band == band, 1).label(f"voice_{band}") for band in BANDS),
                _total(is_unhappy, 1).label("unhappy"),
                _total(and_(is_unhappy, is_money), Account.arr).label("unhappy_arr"),
            )
            .select_from(Account)
            .outerjoin(newest, newest.c.account_id == Account.id)
            .outerjoin(score, and_(score.account_id == Account.id, score.scoring_id == newest.c.scoring_id))
            .outerjoin(health, and_(health.account_id == Account.id, health.computation_id == self.present.computation))
            .where(Account.renewal_date.between(first, last), *self.conditions)
            .group_by(Account.renewal_date)
            .order_by(Account.renewal_date)
        ).all()

    def of_days(self, first: date, last: date) -> list[Any]:
        """The accounts that renew within these days, those that pay most first; at most a hundred."""
        ids = list(
            self.session.scalars(
                select(Account.id)
                .where(Account.renewal_date.between(first, last), *self.conditions)
                .order_by(
                    case((self._is_comparable(), Account.arr), else_=None).is_(None), Account.arr.desc(), Account.id
                )
                .limit(MOST_OF_A_MONTH)
            )
        )
        rows = {row.id: row for row in self.session.execute(self._details(ids))}
        return [rows[each] for each in ids if each in rows]


def _total(condition: ColumnElement[bool], value: Any) -> ColumnElement[Any]:
    return func.coalesce(func.sum(case((condition, value), else_=0)), 0)
