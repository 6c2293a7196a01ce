"""Reads of earlier waves: studies that were scored before, and what each person said in them."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Row, and_, or_, select
from sqlalchemy.orm import Session

from app.questionnaires.models import QuestionnaireVersion
from app.responses.models import Answer, Response
from app.responses.queries import counted
from app.scoring.models import RespondentScore, Scoring
from app.studies.models import Respondent, Study

STREAMED = 5_000


def earlier_waves(session: Session, study: Study) -> Sequence[Row[Study, Scoring, QuestionnaireVersion]]:
    """Return (Study, Scoring, QuestionnaireVersion) of the studies that closed before this one, the last one first."""
    return session.execute(
        select(Study, Scoring, QuestionnaireVersion)
        .join(Scoring, Scoring.study_id == Study.id)
        .join(QuestionnaireVersion, QuestionnaireVersion.id == Study.version_id)
        .where(
            or_(
                Study.closes_on < study.closes_on,
                and_(Study.closes_on == study.closes_on, Study.id < study.id),
            )
        )
        .order_by(Study.closes_on.desc(), Study.id.desc())
    ).all()


def people_of(session: Session, scoring: Scoring) -> Iterator[Any]:
    """Yield (respondent_id, contact_id, account_id, role, mode, dimensions) of everyone a scoring heard."""
    return iter(
        session.execute(
            select(
                Respondent.id,
                Respondent.contact_id,
                Respondent.account_id,
                Respondent.role,
                Response.mode,
                RespondentScore.dimensions,
            )
            .join(RespondentScore, RespondentScore.respondent_id == Respondent.id)
            .join(Response, Response.respondent_id == Respondent.id)
            .where(RespondentScore.scoring_id == scoring.id)
            .order_by(Respondent.id),
            execution_options={"yield_per": STREAMED},
        )
    )


def numbers_said(session: Session, study: Study, question_key_id: int) -> Iterator[Any]:
    """Yield (respondent_id, number) of the current answers to one question in submitted responses."""
    return iter(
        session.execute(
            select(Response.respondent_id, Answer.value_number)
            .join(Answer, Answer.response_id == Response.id)
            .where(
                Response.study_id == study.id,
                Response.submitted_at.is_not(None),
                Answer.question_id == question_key_id,
                Answer.value_number.is_not(None),
                counted(),
            ),
            execution_options={"yield_per": STREAMED},
        )
    )


def contacts_of(session: Session, study: Study) -> dict[int, int]:
    """Return the contact of each respondent, by respondent id."""
    rows = session.execute(select(Respondent.id, Respondent.contact_id).where(Respondent.study_id == study.id))
    return {row.id: row.contact_id for row in rows}
