"""The metrics that telemetry has lately brought, with their reach: asked by index, whatever the years before hold."""

import time
from collections.abc import Sequence
from datetime import date, timedelta
from weakref import WeakKeyDictionary

import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from app.health.models import Telemetry
from app.health.queries import MOST_METRICS
from app.health.rules.starter import Measured

DAYS = 31
"""How far back from its own newest day a metric is looked at: a month, so that monthly values count."""
KEPT_SECONDS = 600.0

Newest = list[tuple[str, date]]

_KEPT: WeakKeyDictionary[Engine, tuple[float, Newest, list[Measured]]] = WeakKeyDictionary()


def recent_metrics(session: Session) -> list[Measured]:
    """Each metric with accounts, lowest, highest and mean value of its newest month, those with most accounts first.

    Kept for some minutes, as long as no metric comes and none has a newer day.
    """
    bind = session.get_bind()
    engine = bind if isinstance(bind, Engine) else bind.engine
    newest = _newest_days(session)
    expires, known, found = _KEPT.get(engine, (0.0, [], []))
    if newest and (known != newest or expires < time.monotonic()):
        found = _reaches(session, newest)
        _KEPT[engine] = (time.monotonic() + KEPT_SECONDS, newest, found)
    return found if newest else []


def _newest_days(session: Session) -> Newest:
    """Metrics and their newest day: a step of the index for each, where `distinct` would walk through every row."""
    first = sa.select(sa.func.min(Telemetry.metric).label("metric"), sa.literal(1).label("number"))
    names = first.cte("names", recursive=True)
    following = sa.select(sa.func.min(Telemetry.metric)).where(Telemetry.metric > names.c.metric).scalar_subquery()
    is_known = sa.and_(names.c.metric.is_not(None), names.c.number < MOST_METRICS)
    names = names.union_all(sa.select(following, names.c.number + 1).where(is_known))
    newest = sa.select(sa.func.max(Telemetry.period_end)).where(Telemetry.metric == names.c.metric).scalar_subquery()
    rows = session.execute(sa.select(names.c.metric, newest).where(names.c.metric.is_not(None))).all()
    return [(metric, day) for metric, day in rows]


def _reaches(session: Session, newest: Sequence[tuple[str, date]]) -> list[Measured]:
    rows = session.execute(sa.union_all(*(_reach(metric, day) for metric, day in newest))).all()
    found = [Measured(*row) for row in rows]
    return sorted(found, key=lambda each: (-each.accounts, each.metric))


def _reach(metric: str, newest: date) -> sa.Select[str, int, float, float, float]:
    is_recent = sa.and_(Telemetry.metric == metric, Telemetry.period_end > newest - timedelta(days=DAYS))
    accounts = sa.func.count(Telemetry.account_id.distinct())
    lowest, highest, mean = (reach(Telemetry.value) for reach in (sa.func.min, sa.func.max, sa.func.avg))
    return sa.select(sa.literal(metric), accounts, lowest, highest, mean).where(is_recent)
