"""The score of each account that says most, and its present health, as tables that other statements join."""

from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.customers.models import Account
from app.health.models import HealthComputation, ScorecardVersion
from app.health.queries.choice import present_health
from app.scoring.models import AccountScore, Scoring
from app.studies.models import Study
from app.studies.scope import visible_accounts
from app.users.rules import Scope

LEAST_SLACK = 3
"""By how many days at least the health of then may lie beside the day that is asked for."""


def newest_voices(scope: Scope) -> Any:
    """One score of each account as a table: of the last study in which voice and health compare, else the last heard.

    Of what the caller may see; its columns are those of AccountScore and `study`, the study's name.
    """
    says = sa.case((AccountScore.quadrant != "insufficient", 1), else_=0)
    order = (says.desc(), Study.closes_on.desc(), Study.id.desc())
    ranked = (
        sa.select(
            AccountScore.account_id,
            AccountScore.respondents,
            AccountScore.voice,
            AccountScore.voice_band,
            AccountScore.health,
            AccountScore.gap_shrunken.label("gap"),
            AccountScore.tier,
            AccountScore.quadrant,
            Study.name.label("study"),
            sa.func.row_number().over(partition_by=AccountScore.account_id, order_by=order).label("place"),
        )
        .join(Scoring, Scoring.id == AccountScore.scoring_id)
        .join(Study, Study.id == Scoring.study_id)
        .join(Account, Account.id == AccountScore.account_id)
        .where(AccountScore.voice.is_not(None), ~Study.is_anonymous, visible_accounts(scope))
        .subquery()
    )
    return sa.select(ranked).where(ranked.c.place == 1).subquery("newest_voice")


def computations_before(session: Session, *, days: int) -> dict[int, int]:
    """The computation so many days before each one that holds now, by its id, of the same scorecard.

    It is the one nearest to that day, within a quarter of the span beside it: month ends are not all 30 days apart.
    """
    ids = present_health(session).ids
    now = session.execute(_computed().where(HealthComputation.id.in_(ids))).all()
    slack = max(days // 4, LEAST_SLACK)
    found: dict[int, int] = {}
    for each in now:
        wanted = each.as_of - timedelta(days=days)
        near = (
            ScorecardVersion.key == each.key,
            HealthComputation.as_of.between(wanted - timedelta(days=slack), wanted + timedelta(days=slack)),
            HealthComputation.as_of < each.as_of,
        )
        others = session.execute(_computed().where(*near)).all()
        if others:
            found[each.id] = min(others, key=lambda other: _distance(other.as_of, wanted, other.id)).id
    return found


def _distance(as_of: date, wanted: date, number: int) -> tuple[int, int]:
    return abs((as_of - wanted).days), -number


def _computed() -> Any:
    return sa.select(HealthComputation.id, HealthComputation.as_of, ScorecardVersion.key).join(
        ScorecardVersion, ScorecardVersion.id == HealthComputation.scorecard_version_id
    )
