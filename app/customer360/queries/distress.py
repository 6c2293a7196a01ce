"""Accounts by their distress, as far as the caller may see them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, case, func, literal, select
from sqlalchemy.orm import Session

from app.customer360.queries.scope import reachable_accounts
from app.customers.models import Account
from app.scoring.models import Distress, DistressScore
from app.scoring.queries import present_distress
from app.studies.scope import WHOLE
from app.users.rules import Permission, Reach, Scope

SILENT = "silent"


@dataclass(frozen=True)
class DistressCounts:
    """The present index, and how many of the caller's accounts are in each band."""

    distress: Distress
    bands: dict[str, int]

    @property
    def total(self) -> int:
        """How many accounts there are in all bands."""
        return sum(self.bands.values())


def distress_counts(session: Session, *, scope: Scope) -> DistressCounts | None:
    """Return the present index with the caller's accounts by band; None before the first."""
    distress = present_distress(session)
    if distress is None:
        return None
    counted = session.execute(
        select(DistressScore.band, func.count())
        .join(Account, Account.id == DistressScore.account_id)
        .where(DistressScore.distress_id == distress.id, reachable_accounts(scope))
        .group_by(DistressScore.band)
    )
    return DistressCounts(distress, {row[0]: row[1] for row in counted})


def distress_rows(
    session: Session, *, scope: Scope, distress: Distress, start: int, length: int
) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return some of the caller's accounts, the most distressed first and the silent last.

    `with_voice` is null for who may not see what every study's customers said: it would give that away.
    """
    is_told = case((DistressScore.band == SILENT, 2), (DistressScore.score.is_(None), 1), else_=0)
    with_voice = DistressScore.with_voice if sees_voices(scope) else literal(None)
    return session.execute(
        select(
            Account.crm_id,
            Account.name,
            Account.arr,
            Account.currency,
            DistressScore.score,
            DistressScore.earlier,
            with_voice.label("with_voice"),
            DistressScore.band,
            DistressScore.rank,
            DistressScore.rank_lo,
            DistressScore.rank_hi,
            DistressScore.indicators,
        )
        .join(Account, Account.id == DistressScore.account_id)
        .where(DistressScore.distress_id == distress.id, reachable_accounts(scope))
        .order_by(is_told, DistressScore.score.desc(), Account.arr.desc(), Account.id)
        .offset(start)
        .limit(length)
    ).all()


def sees_voices(scope: Scope) -> bool:
    """Tell whether the caller may see what customers said in every study at the accounts that they may open."""
    return bool(scope.reaches(Permission.REPORTS) & (WHOLE | {Reach.ASSIGNED}))
