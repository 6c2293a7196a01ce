"""What the gap report reads: a handful of set-based queries, however many accounts there are."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.core.workspace import the_workspace
from app.customers.models import Account
from app.health.models import HealthComputation, ScorecardVersion
from app.questionnaires.models import QuestionnaireVersion
from app.reports.queries.reach import Only, within
from app.reports.rules.document import AccountRow, Facts
from app.responses.models import ResponseChange
from app.scoring.models import AccountScore, Scoring
from app.studies.models import DrawRecord, SampledAccount, Study
from app.studies.scope import assigned_accounts
from app.users.models import User
from app.users.rules import Scope


@dataclass(frozen=True)
class ScoredStudy:
    """A study's present scoring: its id, when it was made, its portfolio figures, and the facts that a report names."""

    scoring_id: int
    scored_at: datetime
    figures: dict[str, Any]
    facts: Facts


def scored_study(session: Session, study: Study) -> ScoredStudy | None:
    """The present scoring of the study with the versions it was computed by; None where it has not been scored."""
    row = session.execute(_scored(), {"study": study.id, "version": study.version_id}).one_or_none()
    if row is None:
        return None
    scoring, as_of, scorecard, key, version, name, audit_sha256 = row
    workspace = the_workspace(session)
    facts = Facts(
        study=study.key,
        name=study.name,
        as_of=as_of,
        opens_on=study.opens_on,
        closes_on=study.closes_on,
        currency=workspace.currency,
        is_sample=workspace.is_sample,
        scorecard=_scorecard(scorecard),
        questionnaire={"key": key, "version": version, "name": name},
        draw=_draw(study.plan, audit_sha256),
    )
    return ScoredStudy(scoring.id, scoring.scored_at, scoring.figures, facts)


@cache
def _scored() -> sa.Select[Any]:
    asked = QuestionnaireVersion
    return (
        sa.select(Scoring, HealthComputation.as_of, ScorecardVersion, asked.key, asked.version, asked.name)
        .add_columns(DrawRecord.audit_sha256)
        .join(HealthComputation, HealthComputation.id == Scoring.health_computation_id)
        .join(ScorecardVersion, ScorecardVersion.id == HealthComputation.scorecard_version_id)
        .join(asked, asked.id == sa.bindparam("version"))
        .outerjoin(DrawRecord, DrawRecord.study_id == Scoring.study_id)
        .where(Scoring.study_id == sa.bindparam("study"))
    )


def drawn_accounts(session: Session, scoring_id: int, only: Only = None) -> list[AccountRow]:
    """Every drawn account with its scores, and the name of its CSM where that address is a user here."""
    statement = _drawn().where(*within(AccountScore.account_id, only))
    return [_account_row(row) for row in session.execute(statement, {"scoring": scoring_id})]


@cache
def _drawn() -> sa.Select[*tuple[Any, ...]]:
    csm = sa.func.coalesce(sa.func.nullif(User.name, ""), Account.csm_email)
    score = AccountScore
    return (
        sa.select(
            Account.crm_id,
            Account.name,
            Account.arr,
            Account.currency,
            Account.renewal_date,
            csm,
            SampledAccount.stratum,
            score.health,
            score.health_band,
            score.voice,
            score.voice_se,
            score.voice_band,
            score.respondents,
            score.role_coverage,
            score.role_range,
            score.equated_health,
            score.gap,
            score.gap_shrunken,
            score.gap_se,
            score.p_low,
            score.p_high,
            score.tier,
            score.quadrant,
        )
        .join(Account, Account.id == score.account_id)
        .join(Scoring, Scoring.id == score.scoring_id)
        .join(
            SampledAccount,
            sa.and_(SampledAccount.study_id == Scoring.study_id, SampledAccount.account_id == score.account_id),
        )
        .outerjoin(User, sa.func.lower(User.email) == sa.func.lower(Account.csm_email))
        .where(score.scoring_id == sa.bindparam("scoring"))
    )


def account_ids(session: Session, crm_ids: Collection[str]) -> set[int]:
    """The ids of the accounts of these names in the customer's own system."""
    return set(session.scalars(sa.select(Account.id).where(Account.crm_id.in_(sorted(crm_ids)))))


def hidden_risk_tiers(session: Session, scoring_id: int) -> dict[str, int]:
    """How many accounts of the whole study stand in hidden risk and are flagged low, by tier."""
    score = AccountScore
    statement = (
        sa.select(score.tier, sa.func.count())
        .where(score.scoring_id == scoring_id, score.quadrant == "hidden_risk", score.p_low >= score.p_high)
        .group_by(score.tier)
    )
    flags = {"confirmed": 0, "probable": 0}
    return flags | {tier: n for tier, n in session.execute(statement) if tier in flags}


def _scorecard(version: ScorecardVersion) -> dict[str, Any]:
    bands = version.definition.get("bands") or {}
    return {
        "key": version.key,
        "version": version.version,
        "circular": version.is_circular,
        "name": version.name,
        "amber_from": float(bands.get("amber_from", 50)),
        "green_from": float(bands.get("green_from", 75)),
        "has_lifecycle_bands": bool(version.definition.get("lifecycle")),
    }


def _draw(plan: dict[str, Any], audit_sha256: str | None) -> dict[str, Any]:
    if "trigger" in plan:
        kept = {name: plan.get(name) for name in ("wave", "strata", "roles", "mode", "trigger")}
        return {**kept, "method": None, "seed": None, "audit_sha256": audit_sha256}
    names = ("method", "seed", "wave", "strata", "roles", "mode")
    return {**{name: plan.get(name) for name in names}, "audit_sha256": audit_sha256}


def _account_row(row: Any) -> AccountRow:
    crm_id, name, arr, *rest = row
    return AccountRow(crm_id, name, None if arr is None else float(arr), *rest)


def is_waiting(session: Session, study: Study) -> bool:
    """Whether answers have come that no scoring has seen yet."""
    return bool(session.scalar(sa.select(sa.exists().where(ResponseChange.study_id == study.id))))


def assigned_ids(session: Session, study: Study, scope: Scope) -> set[int]:
    """The drawn accounts of the study that are assigned to the caller."""
    statement = (
        sa.select(SampledAccount.account_id)
        .join(Account, Account.id == SampledAccount.account_id)
        .where(SampledAccount.study_id == study.id, assigned_accounts(scope))
    )
    return set(session.scalars(statement))
