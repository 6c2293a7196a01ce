"""Which relationships are scored by which scorecard, and whether their health is due."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ScalarSelect, exists, func, select
from sqlalchemy.orm import Session

from app.core.database import small_letters
from app.customers.models import Account, Relationship
from app.health.models import RelationshipHealth, RelationshipTelemetry, ScorecardVersion
from app.health.queries.columns import is_told_of_relationships
from app.health.rules.scorecard import parse_scorecard
from app.relationships.models import RelationshipChange
from app.relationships.queries.types import defined_types


@dataclass(frozen=True)
class Scored:
    """Relationships by id, with the lifecycle stage of their accounts, by which scorecards cut their bands."""

    ids: NDArray[np.int64]
    stages: list[str | None]


@dataclass(frozen=True)
class Wanted:
    """A scorecard version with the keys of the types that it scores, and the day to score them on."""

    version: ScorecardVersion
    types: list[str]
    as_of: date


def scorecards_in_use(session: Session, as_of: date) -> list[Wanted]:
    """Return the newest version of each scorecard that a type names, to score a day; two statements."""
    types: defaultdict[str, list[str]] = defaultdict(list)
    for key, definition in defined_types(session).items():
        if definition.scorecard:
            types[definition.scorecard].append(key)
    if not types:
        return []
    newest = select(func.max(ScorecardVersion.id)).where(ScorecardVersion.key.in_(types)).group_by(ScorecardVersion.key)
    rows = session.scalars(
        select(ScorecardVersion).where(ScorecardVersion.id.in_(newest)).order_by(ScorecardVersion.id)
    )
    return [Wanted(row, sorted(types[row.key]), as_of) for row in rows]


def scorecards_due(session: Session, today: date, *, is_noted: bool) -> list[Wanted]:
    """Return the scorecards whose health of relationships is missing, or all with any where something was told.

    Health is of today where something was measured within a window; else of the last day on which something was: a
    portfolio of years ago keeps the health of its own day.
    """
    days = [(wanted, _day_of(session, wanted.version, today)) for wanted in scorecards_in_use(session, today)]
    due = [replace(wanted, as_of=day) for wanted, day in days if day is not None]
    return [wanted for wanted in due if is_noted or _lacks_some(session, wanted)]


def scored_relationships(session: Session, keys: Sequence[str]) -> Scored:
    """Return all relationships of these types, by id."""
    rows = session.execute(
        select(Relationship.id, Account.lifecycle_stage)
        .join(Account, Account.id == Relationship.account_id)
        .where(small_letters(Relationship.type).in_(keys))
        .order_by(Relationship.id)
    ).all()
    return Scored(np.array([row[0] for row in rows], dtype=np.int64), [row[1] for row in rows])


def noted_changes(session: Session) -> list[int]:
    """Return the ids of the rows that say that something was told of relationships."""
    return list(session.scalars(select(RelationshipChange.id)))


def _day_of(session: Session, version: ScorecardVersion, today: date) -> date | None:
    """The day whose health says something by a scorecard; None where nothing that it reads was ever measured."""
    measures = [each for each in parse_scorecard(version.definition).measures if is_told_of_relationships(each)]
    metrics = sorted({each.metric for each in measures})
    if not metrics:
        return None
    # The last day of each metric is looked up at the end of an index, however many rows there are.
    columns = [_last_day(metric, today).label(f"m{place}") for place, metric in enumerate(metrics)]
    found = dict(zip(metrics, session.execute(select(*columns)).one(), strict=True))
    days = [day for day in found.values() if day is not None]
    lately = any(
        found[each.metric] is not None and found[each.metric] > today - timedelta(days=each.window_days)
        for each in measures
    )
    return today if lately else max(days, default=None)


def _last_day(metric: str, today: date) -> ScalarSelect[date]:
    measured = select(func.max(RelationshipTelemetry.period_end))
    return measured.where(
        RelationshipTelemetry.metric == metric, RelationshipTelemetry.period_end <= today
    ).scalar_subquery()


def _lacks_some(session: Session, wanted: Wanted) -> bool:
    is_stored = exists().where(
        RelationshipHealth.relationship_id == Relationship.id,
        RelationshipHealth.scorecard_version_id == wanted.version.id,
        RelationshipHealth.as_of == wanted.as_of,
    )
    is_theirs = small_letters(Relationship.type).in_(wanted.types)
    return session.scalar(select(Relationship.id).where(is_theirs, ~is_stored).limit(1)) is not None
