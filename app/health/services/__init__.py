"""Loading scorecards and computing the health of all accounts."""

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.columns import insert_columns
from app.core.documents import EARLIEST, LATEST, FieldError, canonical_sha256
from app.core.errors import Refusal
from app.health import queries
from app.health.models import HealthComputation, HealthScore, ScorecardVersion
from app.health.queries import ScoredAccounts
from app.health.rules.scorecard import Scorecard, parse_scorecard, to_document
from app.health.rules.scores import Column, HealthScores, explanations, score_accounts, scores_sha256
from app.health.services.sealing import heed_seal
from app.users.services import record_event

_STORED = (
    "computation_id",
    "account_id",
    "score",
    "band",
    "telemetry_score",
    "telemetry_band",
    "calculated_band",
    "capped_by",
    "measures",
    "missing",
)


def load_scorecard(session: Session, *, document: dict[str, Any], actor_id: int | None = None) -> ScorecardVersion:
    """Publish a scorecard as the next version of its key; what says the same as the newest version is that version.

    Compared is the meaning: defaults may be written out or left out. Refusal where the document is no scorecard, and
    where it weighs judgement while that is sealed for the weights of another.
    """
    try:
        scorecard = parse_scorecard(document)
    except FieldError as error:
        raise Refusal(str(error), error.field) from error
    definition = to_document(scorecard)
    digest = canonical_sha256(definition)
    newest = queries.locked_newest_scorecard(session, scorecard.key)
    if newest is not None and newest.content_sha256 == digest:
        return newest
    version = ScorecardVersion(
        key=scorecard.key,
        version=newest.version + 1 if newest else 1,
        name=scorecard.name,
        definition=definition,
        content_sha256=digest,
        is_circular=scorecard.is_circular,
    )
    session.add(version)
    session.flush()
    heed_seal(session, version=version, at=now())
    record_event(
        session,
        actor_id=actor_id,
        action="scorecard.load",
        object_type="scorecard",
        object_id=version.key,
        fields={"version": version.version, "content_sha256": digest, "is_circular": version.is_circular},
    )
    return version


def compute_health(session: Session, *, version: ScorecardVersion, as_of: date) -> HealthComputation:
    """Compute and store the health of all accounts, whatever their status, at a date by a scorecard version.

    Where the newest computation of that version and date came to the same, it is returned and nothing is stored.
    Refused are dates far from any telemetry (before 1900, after 2200).
    """
    return store_health(session, computed=computed_health(session, version=version, as_of=as_of))


@dataclass(frozen=True)
class Computed:
    """Health that is computed and not stored yet."""

    version: ScorecardVersion
    as_of: date
    scorecard: Scorecard
    account_ids: list[int]
    health: HealthScores

    @property
    def sha256(self) -> str:
        """The hash by which the same health is known again."""
        return scores_sha256(self.health, self.account_ids, self.version.content_sha256, self.as_of)


def computed_health(session: Session, *, version: ScorecardVersion, as_of: date) -> Computed:
    """Compute the health of all accounts by reading alone; refused as `compute_health` is."""
    if not EARLIEST <= as_of <= LATEST:
        raise Refusal(f"Health can be computed for dates from {EARLIEST} to {LATEST}.", "as_of")
    scorecard = parse_scorecard(version.definition)
    accounts = queries.scored_accounts(session)
    return Computed(version, as_of, scorecard, accounts.ids.tolist(), _scores(session, scorecard, accounts, as_of))


def store_health(session: Session, *, computed: Computed) -> HealthComputation:
    """Store what was computed, unless the newest computation of that version and date came to the same."""
    digest = computed.sha256
    newest = queries.newest_computation(session, version=computed.version, as_of=computed.as_of)
    if newest is not None and newest.content_sha256 == digest:
        return newest
    computation = HealthComputation(
        scorecard_version_id=computed.version.id, as_of=computed.as_of, content_sha256=digest
    )
    session.add(computation)
    session.flush()
    insert_columns(session, HealthScore, _STORED, _rows(computation.id, computed))
    return computation


def _scores(session: Session, scorecard: Scorecard, accounts: ScoredAccounts, as_of: date) -> HealthScores:
    found = queries.measured_columns(session, scorecard=scorecard, as_of=as_of, account_ids=accounts.ids)
    return score_accounts(scorecard, found.values, accounts.seats, accounts.stages, found.ages)


def _rows(computation_id: int, computed: Computed) -> Iterator[tuple[Any, ...]]:
    """Rows of `_STORED` as the driver takes them: documents are text."""
    health = computed.health
    columns = zip(
        computed.account_ids,
        _plain(health.scores),
        health.bands,
        _plain(health.telemetry_scores),
        health.telemetry_bands,
        health.calculated_bands,
        health.capped_by,
        explanations(computed.scorecard, health),
        strict=True,
    )
    for *facts, capped, (lines, missing) in columns:
        told = json.dumps(capped.document()) if capped else None
        yield (computation_id, *facts, told, json.dumps(lines), json.dumps(missing))


def _plain(scores: Column) -> list[float | None]:
    return [None if math.isnan(score) else score for score in scores.tolist()]
