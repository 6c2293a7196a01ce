"""Health computed again for what changed: telemetry of those accounts is read anew, of all others what was stored."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from app.core.clock import now
from app.customers.models import Account
from app.health import queries
from app.health.models import HealthChange, HealthComputation, ScorecardVersion
from app.health.queries import ScoredAccounts
from app.health.queries.columns import BUILT_IN, Measured
from app.health.queries.stored import stored_columns
from app.health.rules.scorecard import Measure, Scorecard, parse_scorecard
from app.health.rules.scores import divided, score_values
from app.health.services import Computed, computed_health, store_health

_PORTION = 5_000


def note_changed(session: Session, *, accounts: sa.Select[int]) -> None:
    """Note that something was measured, or told, of the accounts whose ids a query gives: their health is due again.

    Whoever writes telemetry or what scorecards read of an account says so, in the same transaction.
    """
    ids = accounts.subquery()
    column = ids.c[0]
    session.execute(sa.delete(HealthChange).where(HealthChange.account_id.in_(sa.select(column))))
    rows = sa.select(Account.id, sa.literal(now(), HealthChange.at.type)).where(Account.id.in_(sa.select(column)))
    session.execute(sa.insert(HealthChange).from_select(["account_id", "at"], rows))


def forget_changed(session: Session, *, numbers: Sequence[int]) -> None:
    """Forget that accounts changed, by the ids of the rows that were read before their health was computed."""
    for start in range(0, len(numbers), _PORTION):
        session.execute(sa.delete(HealthChange).where(HealthChange.id.in_(numbers[start : start + _PORTION])))


def compute_changed(
    session: Session, *, version: ScorecardVersion, as_of: date, account_ids: Collection[int]
) -> HealthComputation:
    """Compute and store health where only these accounts, and those that are new, have other telemetry than before.

    The result, and its hash, are those of `compute_health`: what comes from cases and from accounts themselves is read
    anew for all. Before the first computation of that version and date everything is computed.
    """
    return store_health(
        session, computed=computed_changes(session, version=version, as_of=as_of, account_ids=account_ids)
    )


def computed_changes(
    session: Session, *, version: ScorecardVersion, as_of: date, account_ids: Collection[int]
) -> Computed:
    """The same by reading alone."""
    newest = queries.newest_computation(session, version=version, as_of=as_of)
    if newest is None:
        return computed_health(session, version=version, as_of=as_of)
    scorecard, accounts = parse_scorecard(version.definition), queries.scored_accounts(session)
    keys = [measure.key for measure in scorecard.measures]
    stored, is_there = stored_columns(session, computation_id=newest.id, keys=keys, account_ids=accounts.ids)
    changed = ~is_there | np.isin(accounts.ids, np.array(sorted(account_ids), dtype=np.int64))
    _refresh(session, stored, scorecard=scorecard, as_of=as_of, accounts=accounts, changed=changed)
    decays = any(measure.half_life_days for measure in scorecard.measures)
    health = score_values(scorecard, stored.values, accounts.stages, stored.ages if decays else None)
    return Computed(version, as_of, scorecard, accounts.ids.tolist(), health)


def _refresh(
    session: Session,
    stored: Measured,
    *,
    scorecard: Scorecard,
    as_of: date,
    accounts: ScoredAccounts,
    changed: NDArray[np.bool_],
) -> None:
    """Write into the columns what is read anew: built-in measures of all accounts, telemetry of those that changed."""
    everybody = np.ones_like(changed)
    for rows, is_built_in in ((everybody, True), (changed, False)):
        places = [p for p, measure in enumerate(scorecard.measures) if (measure.metric in BUILT_IN) is is_built_in]
        if not places or not rows.any():
            continue
        measures = tuple(scorecard.measures[place] for place in places)
        found = queries.measured_columns(
            session,
            scorecard=_only(scorecard, measures),
            as_of=as_of,
            account_ids=accounts.ids[rows],
            is_whole=is_built_in,
        )
        cells = np.ix_(np.flatnonzero(rows), np.array(places))
        stored.values[cells] = divided(measures, found.values, accounts.seats[rows])
        if stored.ages is not None:
            stored.ages[cells] = np.nan if found.ages is None else found.ages


def _only(scorecard: Scorecard, measures: tuple[Measure, ...]) -> Scorecard:
    return replace(scorecard, measures=measures, groups=(), exceptions=())
