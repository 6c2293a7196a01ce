"""The health of all relationships on a day, by the scorecards of their types."""

import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.core.columns import insert_columns
from app.core.documents import EARLIEST, LATEST
from app.core.errors import Refusal
from app.health.models import RelationshipHealth
from app.health.queries.columns import relationship_columns
from app.health.rules.scorecard import Scorecard, parse_scorecard
from app.health.rules.scores import HealthScores, explanations, score_accounts
from app.relationships.models import RelationshipChange
from app.relationships.queries.computing import Scored, Wanted, scorecards_in_use, scored_relationships

_STORED = ("relationship_id", "scorecard_version_id", "as_of", "score", "band", "measures", "missing")
_PORTION = 5_000


@dataclass(frozen=True)
class Computed:
    """The health of the relationships of one scorecard, not stored yet."""

    version_id: int
    as_of: date
    scorecard: Scorecard
    ids: list[int]
    health: HealthScores


def compute_relationships(session: Session, as_of: date) -> int:
    """Compute and store the health of all relationships whose type has a scorecard; returns how many have a score.

    What was stored of that day by the same versions is replaced: the same inputs give the same rows. Refused are dates
    far from any telemetry (before 1900, after 2200).
    """
    if not EARLIEST <= as_of <= LATEST:
        raise Refusal(f"Health can be computed for dates from {EARLIEST} to {LATEST}.", "as_of")
    return store_relationships(session, computed_relationships(session, scorecards_in_use(session, as_of)))


def computed_relationships(session: Session, wanted: Sequence[Wanted]) -> list[Computed]:
    """Compute health by reading alone: a few statements for each scorecard, whatever the number of relationships."""
    found = [(each, scored_relationships(session, each.types)) for each in wanted]
    return [_computed(session, each, scored) for each, scored in found if len(scored.ids)]


def store_relationships(session: Session, computed: Sequence[Computed]) -> int:
    """Store what was computed in place of what was stored of that day by those versions; returns how many have a score.

    Relationships of other types that the version scored before on that day lose that score: another one holds.
    """
    for each in computed:
        session.execute(
            delete(RelationshipHealth).where(
                RelationshipHealth.scorecard_version_id == each.version_id, RelationshipHealth.as_of == each.as_of
            )
        )
        day = each.as_of.isoformat() if session.get_bind().dialect.name == "sqlite" else each.as_of
        insert_columns(session, RelationshipHealth, _STORED, _rows(each, day))
    session.expire_all()
    return sum(int(np.count_nonzero(~np.isnan(each.health.scores))) for each in computed)


def forget_noted(session: Session, numbers: Sequence[int]) -> None:
    """Forget that something was told, by the rows that were read before health was computed."""
    for start in range(0, len(numbers), _PORTION):
        some = numbers[start : start + _PORTION]
        session.execute(delete(RelationshipChange).where(RelationshipChange.id.in_(some)))


def _computed(session: Session, wanted: Wanted, scored: Scored) -> Computed:
    scorecard = parse_scorecard(wanted.version.definition)
    found = relationship_columns(session, scorecard=scorecard, as_of=wanted.as_of, relationship_ids=scored.ids)
    # How many seats an account has says nothing of one relationship: what is told per seat is missing.
    seats = np.full(len(scored.ids), np.nan)
    health = score_accounts(scorecard, found.values, seats, scored.stages, found.ages)
    return Computed(wanted.version.id, wanted.as_of, scorecard, scored.ids.tolist(), health)


def _rows(computed: Computed, day: Any) -> Iterator[tuple[Any, ...]]:
    """Rows of `_STORED` as the driver takes them: documents are text."""
    health = computed.health
    columns = zip(
        computed.ids, health.scores.tolist(), health.bands, explanations(computed.scorecard, health), strict=True
    )
    for relationship_id, score, band, (lines, missing) in columns:
        told = None if math.isnan(score) else score
        yield relationship_id, computed.version_id, day, told, band, json.dumps(lines), json.dumps(missing)
