"""Whether anything that a scorecard reads was measured lately, so that a health of today says something."""

from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.customers.models import Account
from app.health.models import SupportCase, Telemetry
from app.health.queries.measuring import Window
from app.health.rules.scorecard import CaseMetric, Measure, Scorecard


def is_measured_lately(session: Session, *, scorecard: Scorecard, as_of: date) -> bool:
    """Whether a measure of behaviour has something in its window at a date, whosever it is: a value, a case at work.

    That no case is open stays true long after the last file, so that a case counts by its opening and closing alone.
    What CSMs think, and what accounts pay and cost, is no behaviour: it counts only where nothing else is read.
    """
    behaviour = [measure for measure in scorecard.measures if not measure.is_judgement and not measure.is_of_account]
    judgement = [measure for measure in scorecard.measures if measure.is_judgement]
    conditions = [_happened(measure, as_of) for measure in behaviour or judgement] or [
        sa.exists().where(Account.id > 0)
    ]
    return any(session.scalar(sa.select(condition)) for condition in conditions)


def _happened(measure: Measure, as_of: date) -> sa.ColumnElement[bool]:
    window = Window(as_of - timedelta(days=measure.window_days), as_of)
    if measure.metric not in list(CaseMetric):
        is_inside = sa.and_(Telemetry.period_end > window.after, Telemetry.period_end <= window.until)
        return sa.exists().where(Telemetry.metric == measure.metric, is_inside)
    moments = (SupportCase.opened_at, SupportCase.closed_at)
    return sa.exists().where(sa.or_(*(sa.and_(at >= window.starts, at < window.ends) for at in moments)))
