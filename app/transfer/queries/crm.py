"""What a CRM is told about each account: its health, and its voice in the newest study that heard it."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.customers.models import Account
from app.health.models import HealthScore
from app.scoring.models import AccountScore, Scoring
from app.studies.models import Study
from app.studies.scope import WHOLE, assigned_accounts, visible_accounts
from app.users.rules import Permission, Scope

STREAMED = 2_000


def crm_rows(session: Session, *, computation_id: int | None, scope: Scope | None = None) -> Iterator[Any]:
    """Stream (crm_id, health, voice, gap, tier, study) of every account, by its CRM id; nulls where there is none.

    Health is that of the computation. Voice, gap and tier are those of the study that closes last among the scored ones
    in which the account has a voice; anonymous studies know nothing of accounts. With a scope, only the accounts that
    it may open, and only studies that it may see.
    """
    newest = _newest_scores(scope)
    wanted = (
        sa.select(
            Account.crm_id,
            HealthScore.score.label("health"),
            newest.c.voice,
            newest.c.gap,
            newest.c.tier,
            newest.c.study,
        )
        .outerjoin(
            HealthScore,
            sa.and_(HealthScore.account_id == Account.id, HealthScore.computation_id == computation_id),
        )
        .outerjoin(newest, sa.and_(newest.c.account_id == Account.id, newest.c.place == 1))
        .where(_reachable(scope))
        .order_by(Account.crm_id)
    )
    yield from session.execute(wanted.execution_options(yield_per=STREAMED))


def _newest_scores(scope: Scope | None) -> sa.Subquery:
    place = sa.func.row_number().over(
        partition_by=AccountScore.account_id, order_by=(Study.closes_on.desc(), Study.id.desc())
    )
    return (
        sa.select(
            AccountScore.account_id,
            AccountScore.voice,
            AccountScore.gap,
            AccountScore.tier,
            Study.key.label("study"),
            place.label("place"),
        )
        .join(Scoring, Scoring.id == AccountScore.scoring_id)
        .join(Study, Study.id == Scoring.study_id)
        .join(Account, Account.id == AccountScore.account_id)
        .where(AccountScore.voice.is_not(None), ~Study.is_anonymous)
        .where(visible_accounts(scope) if scope else sa.true())
        .subquery()
    )


def _reachable(scope: Scope | None) -> sa.ColumnElement[bool]:
    if scope is None or scope.reaches(Permission.ACCOUNTS) & WHOLE:
        return sa.true()
    return assigned_accounts(scope, Permission.ACCOUNTS)
