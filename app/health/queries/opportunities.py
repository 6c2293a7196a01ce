"""How many opportunities are new at each account: created within a window of days, as the CRM dates them."""

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from app.customers.models import Opportunity
from app.health.queries.measuring import Window, placed
from app.health.rules.scores import Column


def new_opportunities(session: Session, *, window: Window, account_ids: NDArray[np.int64]) -> Column:
    """The opportunities created in the window, in the order of the sorted `account_ids`; NaN where not known.

    An account without any has a true count of 0 as soon as the workspace knows an opportunity from up to the window's
    end; before that nobody's are recorded. Which day one without a date was created is not known, but not later than it
    was imported: where that was before the window it is none of the new ones, else the account's count is not known.
    """
    opportunity, is_dated = Opportunity, Opportunity.created_on.is_not(None)
    is_new = sa.and_(opportunity.created_on > window.after, opportunity.created_on <= window.until)
    is_open_question = sa.and_(~is_dated, opportunity.created_at >= window.starts)
    were_known = sa.or_(
        opportunity.created_on <= window.until, sa.and_(~is_dated, opportunity.created_at < window.ends)
    )
    if not session.scalar(sa.select(sa.exists().where(were_known))):
        return np.full(len(account_ids), np.nan)
    new, unknown = (sa.func.sum(sa.case((wanted, 1), else_=0)) for wanted in (is_new, is_open_question))
    counts = sa.select(opportunity.account_id, sa.case((unknown == 0, new))).group_by(opportunity.account_id)
    rows = session.execute(counts.where(sa.or_(is_new, is_open_question))).all()
    return placed([(row[0], np.nan if row[1] is None else row[1]) for row in rows], account_ids, 0.0)
