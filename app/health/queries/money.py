"""What accounts earn and have in prospect, as shares of what they pay."""

from typing import Any

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from app.core.workspace import the_workspace
from app.customers.models import Account
from app.health.queries.measuring import placed
from app.health.rules.scorecard import AccountMetric
from app.health.rules.scores import Column


def account_figures(session: Session, *, metric: AccountMetric, account_ids: NDArray[np.int64]) -> Column:
    """The metric of each account by its figures of today, in the order of the sorted `account_ids`; NaN where unknown.

    The margin is (ARR − cost − incentives) ÷ ARR, where cost or incentives are known (the unknown one is then left
    out); the pipeline share is pipeline ÷ ARR. Both are unknown without an ARR above 0, and for accounts that are
    billed in another currency than the workspace's.
    """
    wanted = _margin() if metric is AccountMetric.MARGIN else _double(Account.pipeline) / _double(Account.arr)
    currency = the_workspace(session).currency
    is_comparable = sa.or_(Account.currency == currency, Account.currency.is_(None)) if currency else sa.true()
    rows = session.execute(
        sa.select(Account.id, wanted).where(Account.arr > 0, wanted.is_not(None), is_comparable)
    ).all()
    return placed(rows, account_ids, np.nan)


def _margin() -> sa.ColumnElement[Any]:
    spent = sa.func.coalesce(_double(Account.cost), 0.0) + sa.func.coalesce(_double(Account.incentives), 0.0)
    is_known = sa.or_(Account.cost.is_not(None), Account.incentives.is_not(None))
    return sa.case((is_known, (_double(Account.arr) - spent) / _double(Account.arr)))


def _double(money: Any) -> sa.ColumnElement[Any]:
    return sa.cast(money, sa.Double)
