"""The newest studies that the reader sees whole, with how far each has come, and the newest that was scored."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.home.rules.studies import StudyFacts
from app.responses.models import Response
from app.responses.queries import anonymous_counts
from app.scoring.models import Scoring
from app.studies.models import Respondent, SampledAccount, Study
from app.studies.scope import whole_studies
from app.users.rules import Scope


def newest_scored(session: Session, scope: Scope) -> tuple[Study, datetime] | None:
    """The study with a gap report whose fieldwork ends last, of those that the reader sees whole, and its scoring."""
    row = session.execute(
        sa.select(Study, Scoring.scored_at)
        .join(Scoring, Scoring.study_id == Study.id)
        .where(whole_studies(scope), ~Study.is_anonymous)
        .order_by(Study.closes_on.desc(), Study.id.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else (row[0], row[1])


def newest_studies(session: Session, scope: Scope, most: int) -> list[StudyFacts]:
    """The studies that begin last, of those that the reader sees whole, with their counts.

    What was scored has been counted with the scoring; only the others are counted here.
    """
    rows = session.execute(
        sa.select(Study, Scoring.figures, Scoring.scored_at)
        .outerjoin(Scoring, Scoring.study_id == Study.id)
        .where(whole_studies(scope))
        .order_by(Study.opens_on.desc(), Study.id.desc())
        .limit(most)
    ).all()
    counted = _counts(session, [row.Study.id for row in rows if _is_to_count(row)])
    came = anonymous_counts(session, [row.Study.id for row in rows if row.Study.is_anonymous])
    return [_facts(row, counted.get(row.Study.id, (0, 0)), came.get(row.Study.id, 0)) for row in rows]


def _is_to_count(row: Any) -> bool:
    return row.figures is None and row.Study.drawn_at is not None and not row.Study.is_anonymous


def _counts(session: Session, ids: Collection[int]) -> dict[int, tuple[int, int]]:
    """How many accounts each of these studies has drawn, and how many of them were heard."""
    if not ids:
        return {}
    drawn = (
        sa.select(SampledAccount.study_id, sa.func.count())
        .where(SampledAccount.study_id.in_(ids))
        .group_by(SampledAccount.study_id)
    )
    answered = (
        sa.select(Response.study_id, sa.func.count(Respondent.account_id.distinct()))
        .join(Respondent, Respondent.id == Response.respondent_id)
        .where(Response.study_id.in_(ids), Response.submitted_at.is_not(None))
        .group_by(Response.study_id)
    )
    heard = {row[0]: row[1] for row in session.execute(answered)}
    return {row[0]: (row[1], heard.get(row[0], 0)) for row in session.execute(drawn)}


def _facts(row: Any, counted: tuple[int, int], answers: int) -> StudyFacts:
    study: Study = row.Study
    sample = (row.figures or {}).get("sample") or {}
    rates = sample.get("response_rates") or {}
    drawn, heard = (sample.get("drawn") or 0, sample.get("responded") or 0) if sample else counted
    return StudyFacts(
        key=study.key,
        name=study.name,
        opens_on=study.opens_on,
        closes_on=study.closes_on,
        closed_on=study.closed_at.date() if study.closed_at else None,
        drawn_at=study.drawn_at,
        scored_at=row.scored_at,
        is_anonymous=study.is_anonymous,
        is_triggered="trigger" in study.plan,
        drawn=drawn,
        heard=heard,
        answers=answers,
        rr1_accounts=rates.get("rr1"),
        rr1_people=(rates.get("people") or {}).get("rr1"),
    )
