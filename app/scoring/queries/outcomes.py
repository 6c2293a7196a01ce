"""Reads for what outcomes say of a health score, and of the distress index."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Row, Select, bindparam, func, select
from sqlalchemy.orm import Session

from app.health.models import ScorecardVersion
from app.responses.models import Response
from app.scoring.models import AccountScore, Distress, DistressScore, RespondentScore, Scoring, Validation
from app.studies.models import Respondent, Study

Rows = Sequence[Row[*tuple[Any, ...]]]


def voices_said(session: Session, account_ids: Select[int]) -> Iterator[Any]:
    """Yield (account_id, submitted_at, voice, dimensions) of everybody who was scored at some accounts."""
    yield from session.execute(
        select(Respondent.account_id, Response.submitted_at, RespondentScore.voice, RespondentScore.dimensions)
        .join(Scoring, Scoring.id == RespondentScore.scoring_id)
        .join(Respondent, Respondent.id == RespondentScore.respondent_id)
        .join(Response, (Response.respondent_id == Respondent.id) & (Response.study_id == Scoring.study_id))
        .where(Respondent.account_id.in_(account_ids), Response.submitted_at.is_not(None))
        .order_by(Respondent.account_id, Respondent.id)
        .execution_options(yield_per=5_000)
    )


def newest_voices(session: Session) -> Rows:
    """Return (account_id, voice, dimensions) of the study that closed last among those that heard enough of them."""
    place = func.row_number().over(
        partition_by=AccountScore.account_id, order_by=(Study.closes_on.desc(), Study.id.desc())
    )
    ranked = (
        select(AccountScore.account_id, AccountScore.voice, AccountScore.dimensions, place.label("place"))
        .join(Scoring, Scoring.id == AccountScore.scoring_id)
        .join(Study, Study.id == Scoring.study_id)
        .where(AccountScore.voice_band.is_not(None))
        .subquery()
    )
    return session.execute(
        select(ranked.c.account_id, ranked.c.voice, ranked.c.dimensions).where(ranked.c.place == 1)
    ).all()


def validations_of(session: Session, key: str) -> Sequence[tuple[Validation, ScorecardVersion]]:
    """Return the tests of a scorecard's versions with the version each tested, the newest first; at most twenty."""
    rows = session.execute(
        select(Validation, ScorecardVersion)
        .join(ScorecardVersion, ScorecardVersion.id == Validation.scorecard_version_id)
        .where(ScorecardVersion.key == key)
        .order_by(Validation.id.desc())
        .limit(20)
    )
    return [(validation, version) for validation, version in rows]


def newest_validation(session: Session, key: str) -> dict[str, Any] | None:
    """Return the figures of the newest test of a scorecard's versions that was computed; None before the first."""
    found: dict[str, Any] | None = session.scalar(_NEWEST, {"key": key})
    return found


_NEWEST = (
    select(Validation.figures)
    .join(ScorecardVersion, ScorecardVersion.id == Validation.scorecard_version_id)
    .where(ScorecardVersion.key == bindparam("key"), Validation.computed_at.is_not(None))
    .order_by(Validation.id.desc())
    .limit(1)
)


def waiting_validations(session: Session) -> list[int]:
    """Return the ids of the tests that were asked for and not computed yet, the oldest first."""
    return list(session.scalars(select(Validation.id).where(Validation.computed_at.is_(None)).order_by(Validation.id)))


def present_distress(session: Session) -> Distress | None:
    """Return the present distress index of the portfolio; None before the first."""
    return session.scalar(select(Distress).order_by(Distress.id.desc()).limit(1))


def distress_of(session: Session, account_id: int) -> DistressScore | None:
    """Return an account's distress in the present index; None where it has none."""
    return session.scalar(
        select(DistressScore)
        .where(DistressScore.account_id == account_id)
        .order_by(DistressScore.distress_id.desc())
        .limit(1)
    )
