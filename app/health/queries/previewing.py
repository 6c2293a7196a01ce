"""Health of all accounts by a scorecard that need not be published: what was measured is kept for a moment.

Values of a stored computation never change, so that a draft measures only what its metrics add to them.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from weakref import WeakKeyDictionary

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from app.customers.models import Account
from app.health.models import HealthComputation, HealthScore, ScorecardVersion
from app.health.queries import ScoredAccounts, scored_accounts
from app.health.queries.before import decided_accounts, measured_before
from app.health.queries.measuring import measured_values
from app.health.rules.comparing import Scored
from app.health.rules.scorecard import Measure, Scorecard, parse_scorecard
from app.health.rules.scores import Column, score_accounts
from app.users.rules import Permission, Reach, Scope

KEPT_SECONDS = 120.0
"""For how long measured columns are kept: an import meanwhile shows in a preview this much later."""
MOST_BYTES = 32_000_000

Recipe = tuple[str, str, int, str]
"""What makes a column: metric, aggregate, window in days, what it is divided by."""


@dataclass(frozen=True)
class Basis:
    """What a draft is held against: accounts, the day, and the scorecard by which they have their colours now."""

    as_of: date
    accounts: ScoredAccounts
    version: ScorecardVersion | None
    computation: HealthComputation | None


class _Columns:
    """Columns of measured values of one database, each for a while; several threads ask at once."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.kept: OrderedDict[tuple[object, ...], tuple[float, Column]] = OrderedDict()
        self.bytes = 0

    def get(self, key: tuple[object, ...]) -> Column | None:
        with self.lock:
            found = self.kept.get(key)
            return found[1] if found and found[0] > time.monotonic() else None

    def put(self, key: tuple[object, ...], column: Column) -> None:
        with self.lock:
            self.drop(key)
            self.kept[key] = (time.monotonic() + KEPT_SECONDS, column)
            self.bytes += column.nbytes
            while self.bytes > MOST_BYTES:
                self.drop(next(iter(self.kept)))

    def drop(self, key: tuple[object, ...]) -> None:
        _, column = self.kept.pop(key, (0.0, np.empty(0)))
        self.bytes -= column.nbytes


_COLUMNS: WeakKeyDictionary[Engine, _Columns] = WeakKeyDictionary()


def preview_basis(session: Session, *, key: str, as_of: date) -> Basis:
    """What a draft of that key is held against: its newest computation, else the newest of any key, else `as_of`."""
    newest = (
        sa.select(HealthComputation, ScorecardVersion)
        .join(ScorecardVersion, ScorecardVersion.id == HealthComputation.scorecard_version_id)
        .order_by((ScorecardVersion.key == key).desc(), HealthComputation.as_of.desc(), HealthComputation.id.desc())
        .limit(1)
    )
    found = session.execute(newest).first()
    accounts = scored_accounts(session)
    if found is None:
        return Basis(as_of, accounts, None, None)
    computation, version = found
    return Basis(computation.as_of, accounts, version, computation)


def stored_basis(session: Session, *, version: ScorecardVersion, as_of: date) -> Basis:
    """What another version is held against on a day: this version, with its stored computation where there is one."""
    computation = session.scalar(
        sa.select(HealthComputation)
        .where(HealthComputation.scorecard_version_id == version.id, HealthComputation.as_of == as_of)
        .order_by(HealthComputation.id.desc())
        .limit(1)
    )
    return Basis(as_of, scored_accounts(session), version, computation)


def scored_by(session: Session, *, scorecard: Scorecard, basis: Basis) -> Scored:
    """Health of the basis's accounts by a scorecard on the basis's day."""
    columns = measured_columns(session, measures=scorecard.measures, basis=basis)
    whole = replace(scorecard, measures=tuple(replace(measure, per=None) for measure in scorecard.measures))
    return Scored(scorecard, score_accounts(whole, columns, basis.accounts.seats, basis.accounts.stages))


def measured_columns(session: Session, *, measures: Sequence[Measure], basis: Basis) -> NDArray[np.float64]:
    """What each measure is worth in its own unit (after `per`), accounts × measures; NaN where nothing was measured."""
    kept = _columns_of(session)
    newest_id = basis.accounts.ids[-1:].tobytes()
    mark = (basis.as_of, len(basis.accounts.ids), newest_id, basis.computation.id if basis.computation else 0)
    wanted = [recipe(measure) for measure in measures]
    found = {name: column for name in wanted if (column := kept.get((*mark, name))) is not None}
    if any(name not in found for name in wanted):
        found = _stored_columns(session, basis) | found
        for name, measure in zip(wanted, measures, strict=True):
            if name not in found:
                found[name] = _measured(session, measure, basis)
        for name, column in found.items():
            kept.put((*mark, name), column)
    return np.column_stack([found[name] for name in wanted])


def recipe(measure: Measure) -> Recipe:
    """What makes a measure's column; two measures with the same recipe share one."""
    return measure.metric, str(measure.aggregate), measure.window_days, str(measure.per or "")


def bands_before_loss(session: Session, *, scorecard: Scorecard, as_of: date, lead_days: int) -> list[str | None]:
    """The bands that accounts had by this scorecard so many days before they were lost; None is too little signal."""
    decided = decided_accounts(session, as_of=as_of, lead_days=lead_days)
    if not len(decided.ids):
        return []
    values = [measured_before(session, measure=measure, decided=decided).values for measure in scorecard.measures]
    health = score_accounts(scorecard, np.column_stack(values), decided.seats, decided.stages)
    return [band for band, kept in zip(health.bands, decided.kept.tolist(), strict=True) if not kept]


def named_accounts(session: Session, *, scope: Scope, ids: Sequence[int]) -> dict[int, sa.Row[int, str, str]]:
    """Rows (id, crm_id, name) of those of the accounts whose pages the reader may open, by id."""
    wanted = set(ids)
    rows = session.execute(sa.select(Account.id, Account.crm_id, Account.name).where(_in_reach(scope))).all()
    return {row[0]: row for row in rows if row[0] in wanted}


def _in_reach(scope: Scope) -> sa.ColumnElement[bool]:
    reaches = scope.reaches(Permission.ACCOUNTS)
    if reaches & {Reach.ALL, Reach.WITHOUT_CONTACTS}:
        return sa.true()
    return sa.func.lower(Account.csm_email) == scope.email if Reach.ASSIGNED in reaches else sa.false()


def _columns_of(session: Session) -> _Columns:
    bind = session.get_bind()
    return _COLUMNS.setdefault(bind if isinstance(bind, Engine) else bind.engine, _Columns())


def _measured(session: Session, measure: Measure, basis: Basis) -> Column:
    values = measured_values(session, measure=measure, as_of=basis.as_of, account_ids=basis.accounts.ids)
    if measure.per is None:
        return values
    seats = basis.accounts.seats
    return np.divide(values, seats, out=np.full_like(values, np.nan), where=seats > 0)


def _stored_columns(session: Session, basis: Basis) -> dict[Recipe, Column]:
    """The columns of the stored computation, by what makes them; an account that came since has no values there."""
    if basis.computation is None or basis.version is None:
        return {}
    measures = parse_scorecard(basis.version.definition).measures
    rows = session.execute(
        sa.select(HealthScore.account_id, HealthScore.measures)
        .where(HealthScore.computation_id == basis.computation.id)
        .order_by(HealthScore.account_id)
    ).all()
    ids = basis.accounts.ids.tolist()
    if [row[0] for row in rows] != ids:
        return {}  # Somebody added accounts since: what was measured of them is not stored.
    places = {measure.key: place for place, measure in enumerate(measures)}
    values = np.full((len(ids), len(measures)), np.nan)
    for row, (_, lines) in enumerate(rows):
        for line in lines:
            values[row, places[line["key"]]] = line["value"]
    return {recipe(measure): values[:, place] for place, measure in enumerate(measures)}
