"""Who changed colour between two computations, as far as the caller may see it; every statement over all accounts."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from app.customers.models import Account
from app.health.models import HealthScore
from app.health.queries.reach import reachable_health
from app.health.queries.trend import standings_in
from app.health.rules.changes import Change, change_between
from app.health.rules.moves import ORDER, Asked, Move, Show
from app.health.rules.scorecard import Scorecard
from app.users.rules import Scope

PORTION = 1_000

_BEFORE, _AFTER = aliased(HealthScore), aliased(HealthScore)
_RANKS = {band: place for place, band in enumerate(ORDER)}


@dataclass(frozen=True)
class Pair:
    """Two computations that are held against each other."""

    before: int
    after: int


def band_moves(session: Session, *, scope: Scope, pair: Pair, asked: Asked, currency: str | None) -> list[Move]:
    """Return how many accounts went from which band to which, with their revenue in the workspace's currency."""
    is_ours = sa.or_(Account.currency.is_(None), Account.currency == currency)
    rows = session.execute(
        sa.select(
            _BEFORE.band,
            _AFTER.band,
            sa.func.count(),
            sa.func.sum(sa.case((is_ours, Account.arr))),
            sa.func.count(sa.case((sa.and_(~is_ours, Account.arr.is_not(None)), 1))),
        )
        .select_from(_AFTER)
        .join(_BEFORE, _BEFORE.account_id == _AFTER.account_id)
        .join(Account, Account.id == _AFTER.account_id)
        .where(*_moved(scope, pair, asked))
        .group_by(_BEFORE.band, _AFTER.band)
    )
    return [Move(*row) for row in rows]


def moved_accounts(
    session: Session, *, scope: Scope, pair: Pair, asked: Asked, start: int = 0, length: int | None = None
) -> Sequence[Any]:
    """Return rows (id, crm_id, name, segment, csm_email, arr, currency, and score and band of both days).

    Those for the worse stand first, then those without a signal, each by revenue.
    """
    kind = sa.case(
        (_AFTER.band.is_(None), 1),
        (_BEFORE.band.is_(None), 3),
        (_rank(_AFTER.band) < _rank(_BEFORE.band), 0),
        else_=2,
    )
    return session.execute(
        sa.select(
            Account.id,
            Account.crm_id,
            Account.name,
            Account.segment,
            Account.csm_email,
            Account.arr,
            Account.currency,
            _BEFORE.score.label("before_score"),
            _BEFORE.band.label("before_band"),
            _AFTER.score.label("after_score"),
            _AFTER.band.label("after_band"),
        )
        .select_from(_AFTER)
        .join(_BEFORE, _BEFORE.account_id == _AFTER.account_id)
        .join(Account, Account.id == _AFTER.account_id)
        .where(*_moved(scope, pair, asked), _is_shown(asked.show))
        .order_by(kind, sa.func.coalesce(Account.arr, -1).desc(), Account.id)
        .offset(start)
        .limit(length)
    ).all()


def changes_of(
    session: Session, *, pair: Pair, account_ids: Sequence[int], scorecards: dict[int, Scorecard]
) -> Iterator[tuple[int, Change]]:
    """Yield the change of each of these accounts between two computations that both know it, some at a time."""
    for start in range(0, len(account_ids), PORTION):
        some = account_ids[start : start + PORTION]
        found = standings_in(session, computation_ids=(pair.before, pair.after), account_ids=some)
        for account_id in some:
            before, after = (found.get((each, account_id)) for each in (pair.before, pair.after))
            if before is not None and after is not None:
                yield account_id, change_between(before, after, scorecards)


def segments_and_owners(session: Session, *, scope: Scope) -> tuple[list[str], list[str]]:
    """Return the segments of the caller's accounts, and the addresses in small letters of those who look after them."""
    reachable = reachable_health(scope)
    owner = sa.func.lower(Account.csm_email)
    segments = session.scalars(sa.select(Account.segment).where(reachable, Account.segment.is_not(None)).distinct())
    owners = session.scalars(sa.select(owner).where(reachable, Account.csm_email.is_not(None)).distinct())
    return sorted(str(each) for each in segments if each), sorted(str(each) for each in owners if each)


def _moved(scope: Scope, pair: Pair, asked: Asked) -> list[sa.ColumnElement[bool]]:
    conditions = [
        _BEFORE.computation_id == pair.before,
        _AFTER.computation_id == pair.after,
        _AFTER.band.is_distinct_from(_BEFORE.band),
        reachable_health(scope),
    ]
    if asked.segment:
        conditions.append(Account.segment == asked.segment)
    if asked.owner:
        conditions.append(sa.func.lower(Account.csm_email) == asked.owner)
    return conditions


def _is_shown(show: Show) -> sa.ColumnElement[bool]:
    if show is Show.SILENT:
        return _AFTER.band.is_(None)
    if show is Show.HEARD:
        return _BEFORE.band.is_(None)
    if show is Show.WORSE:
        return _rank(_AFTER.band) < _rank(_BEFORE.band)
    if show is Show.BETTER:
        return _rank(_AFTER.band) > _rank(_BEFORE.band)
    return sa.true()


def _rank(band: Any) -> sa.ColumnElement[int | None]:
    """Where a band stands from the worst on; null, so that no comparison holds, where there is none."""
    return sa.case(_RANKS, value=band, else_=None)
