"""Health of all accounts by a scorecard that need not be published: what was measured is kept for a moment.

Values of a stored computation never change, so that a draft measures only what its metrics add to them.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from app.customers.models import Account
from app.health.models import HealthComputation, HealthScore, ScorecardVersion
from app.health.queries import ScoredAccounts, measured_columns, scored_accounts
from app.health.queries.before import decided_accounts, measured_before
from app.health.queries.sealing import open_seal
from app.health.rules.comparing import Scored
from app.health.rules.scorecard import Measure, Scorecard, parse_scorecard
from app.health.rules.scores import Column, score_accounts, score_values
from app.users.rules import Permission, Reach, Scope

KEPT_SECONDS = 120.0
"""For how long measured columns are kept: an import meanwhile shows in a preview this much later."""
MOST_BYTES = 32_000_000

VALUE, AGE = "value", "age"
Recipe = tuple[str, str, str, int, str]
"""What makes a column: values or ages, metric, aggregate, window in days, what it is divided by."""


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
    """Health of the basis's accounts by a scorecard on the basis's day; without judgement while that is sealed."""
    columns = _columns(session, scorecard.measures, basis)
    values = _unsealed(session, scorecard, [columns[recipe(measure)] for measure in scorecard.measures])
    ages = None
    if any(measure.half_life_days for measure in scorecard.measures):
        unknown = np.full(len(basis.accounts.ids), np.nan)
        ages = np.column_stack([columns.get(recipe(m, AGE), unknown) for m in scorecard.measures])
    return Scored(scorecard, score_values(scorecard, values, basis.accounts.stages, ages))


def recipe(measure: Measure, what: str = VALUE) -> Recipe:
    """What makes a measure's column of values (after `per`) or of ages; measures with the same recipe share one."""
    return what, measure.metric, str(measure.aggregate), measure.window_days, str(measure.per or "")


def bands_before_loss(session: Session, *, scorecard: Scorecard, as_of: date, lead_days: int) -> list[str | None]:
    """The bands that accounts had by this scorecard so many days before they were lost; None is too little signal."""
    decided = decided_accounts(session, as_of=as_of, lead_days=lead_days)
    if not len(decided.ids):
        return []
    values = [measured_before(session, measure=measure, decided=decided).values for measure in scorecard.measures]
    health = score_accounts(scorecard, _unsealed(session, scorecard, values), decided.seats, decided.stages)
    return [band for band, kept in zip(health.bands, decided.kept.tolist(), strict=True) if not kept]


def named_accounts(session: Session, *, scope: Scope, ids: Sequence[int]) -> dict[int, sa.Row[int, str, str]]:
    """Rows (id, crm_id, name) of those of the accounts whose pages the reader may open, by id."""
    wanted = set(ids)
    rows = session.execute(sa.select(Account.id, Account.crm_id, Account.name).where(_in_reach(scope))).all()
    return {row[0]: row for row in rows if row[0] in wanted}


def _unsealed(session: Session, scorecard: Scorecard, values: Sequence[Column]) -> NDArray[np.float64]:
    """The values of a scorecard's measures as who sets its weights may see them: sealed ones are missing."""
    table = np.column_stack(values)
    if scorecard.has_judgement and open_seal(session) is not None:
        table[:, [measure.is_judgement for measure in scorecard.measures]] = np.nan
    return table


def _in_reach(scope: Scope) -> sa.ColumnElement[bool]:
    reaches = scope.reaches(Permission.ACCOUNTS)
    if reaches & {Reach.ALL, Reach.WITHOUT_CONTACTS}:
        return sa.true()
    return sa.func.lower(Account.csm_email) == scope.email if Reach.ASSIGNED in reaches else sa.false()


def _columns(session: Session, measures: Sequence[Measure], basis: Basis) -> dict[Recipe, Column]:
    """The columns that measures need, kept, stored or measured now; accounts in the order of the basis."""
    bind = session.get_bind()
    kept = _COLUMNS.setdefault(bind if isinstance(bind, Engine) else bind.engine, _Columns())
    newest_id = basis.accounts.ids[-1:].tobytes()
    mark = (basis.as_of, len(basis.accounts.ids), newest_id, basis.computation.id if basis.computation else 0)
    wanted = {recipe(m): m for m in measures} | {recipe(m, AGE): m for m in measures if m.half_life_days}
    found = {name: column for name in wanted if (column := kept.get((*mark, name))) is not None}
    if len(found) < len(wanted):
        found = _stored_columns(session, basis) | found
        lacking = {recipe(m): m for name, m in wanted.items() if name not in found}
        found |= _measured(session, tuple(lacking.values()), basis) if lacking else {}
        for name, column in found.items():
            kept.put((*mark, name), column)
    return found


def _measured(session: Session, measures: tuple[Measure, ...], basis: Basis) -> dict[Recipe, Column]:
    accounts = basis.accounts
    scorecard = Scorecard(key="measured", name="", measures=measures)
    measured = measured_columns(session, scorecard=scorecard, as_of=basis.as_of, account_ids=accounts.ids)
    found: dict[Recipe, Column] = {}
    for place, measure in enumerate(measures):
        values = measured.values[:, place]
        if measure.per is not None:
            values = np.divide(values, accounts.seats, out=np.full_like(values, np.nan), where=accounts.seats > 0)
        found[recipe(measure)] = values
        if measured.ages is not None and measure.half_life_days:
            found[recipe(measure, AGE)] = measured.ages[:, place]
    return found


def _stored_columns(session: Session, basis: Basis) -> dict[Recipe, Column]:
    """The columns of the stored computation, by what makes them; none where accounts came or went since."""
    if basis.computation is None or basis.version is None:
        return {}
    measures = parse_scorecard(basis.version.definition).measures
    rows = session.execute(
        sa.select(HealthScore.account_id, HealthScore.measures)
        .where(HealthScore.computation_id == basis.computation.id)
        .order_by(HealthScore.account_id)
    ).all()
    if [row[0] for row in rows] != basis.accounts.ids.tolist():
        return {}
    places = {measure.key: place for place, measure in enumerate(measures)}
    told = [lines for _, lines in rows]
    values = _table(told, places, "value")
    found = {recipe(measure): values[:, place].copy() for place, measure in enumerate(measures)}
    decaying = {recipe(m, AGE): place for place, m in enumerate(measures) if m.half_life_days}
    if decaying:
        ages = _table(told, places, "age_days")
        found |= {name: ages[:, place].copy() for name, place in decaying.items()}
    return found


def _table(told: list[list[dict[str, Any]]], places: dict[str, int], name: str) -> NDArray[np.float64]:
    """One figure of all explanations, accounts × measures; in lists, because cells of an array are slow to write."""
    cells = [[np.nan] * len(places) for _ in told]
    for row, lines in zip(cells, told, strict=True):
        for line in lines:
            row[places[line["key"]]] = line.get(name, np.nan)
    return np.array(cells, dtype=np.float64).reshape(len(told), len(places))
