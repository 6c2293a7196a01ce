"""Loading scorecards and computing the health of all accounts."""

import json
import math
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from app.core.columns import insert_columns
from app.core.documents import EARLIEST, LATEST, FieldError, canonical_sha256
from app.core.errors import Refusal
from app.health import queries
from app.health.models import HealthComputation, HealthScore, ScorecardVersion
from app.health.queries import ScoredAccounts
from app.health.rules.scorecard import Scorecard, parse_scorecard, to_document
from app.health.rules.scores import Column, HealthScores, explanations, score_accounts, scores_sha256
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

    Compared is the meaning: defaults may be written out or left out. Refusal where the document is no scorecard.
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
    if not EARLIEST <= as_of <= LATEST:
        raise Refusal(f"Health can be computed for dates from {EARLIEST} to {LATEST}.", "as_of")
    scorecard = parse_scorecard(version.definition)
    accounts = queries.scored_accounts(session)
    health = _scores(session, scorecard, accounts, as_of)
    digest = scores_sha256(health, accounts.ids.tolist(), version.content_sha256, as_of)
    newest = queries.newest_computation(session, version=version, as_of=as_of)
    if newest is not None and newest.content_sha256 == digest:
        return newest
    computation = HealthComputation(scorecard_version_id=version.id, as_of=as_of, content_sha256=digest)
    session.add(computation)
    session.flush()
    store_scores(
        session,
        computation_id=computation.id,
        account_ids=accounts.ids.tolist(),
        scorecard=scorecard,
        health=health,
    )
    return computation


def _scores(session: Session, scorecard: Scorecard, accounts: ScoredAccounts, as_of: date) -> HealthScores:
    found = queries.measured_columns(session, scorecard=scorecard, as_of=as_of, account_ids=accounts.ids)
    return score_accounts(scorecard, found.values, accounts.seats, accounts.stages, found.ages)


def store_scores(
    session: Session, *, computation_id: int, account_ids: Sequence[int], scorecard: Scorecard, health: HealthScores
) -> None:
    """Store the scores of these accounts in a computation."""
    session.flush()
    insert_columns(session, HealthScore, _STORED, _rows(computation_id, account_ids, scorecard, health))


def _rows(
    computation_id: int, account_ids: Sequence[int], scorecard: Scorecard, health: HealthScores
) -> Iterator[tuple[Any, ...]]:
    """Rows of `_STORED` as the driver takes them: documents are text."""
    columns = zip(
        account_ids,
        _plain(health.scores),
        health.bands,
        _plain(health.telemetry_scores),
        health.telemetry_bands,
        health.calculated_bands,
        health.capped_by,
        explanations(scorecard, health),
        strict=True,
    )
    for *facts, capped, (lines, missing) in columns:
        told = json.dumps(capped.document()) if capped else None
        yield (computation_id, *facts, told, json.dumps(lines), json.dumps(missing))


def _plain(scores: Column) -> list[float | None]:
    return [None if math.isnan(score) else score for score in scores.tolist()]
