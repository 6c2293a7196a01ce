"""Reads of an interview for who was asked to read it, whatever else they may see."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.interviews.models import Interview
from app.interviews.queries.talks import course_in
from app.interviews.rules.progress import Step
from app.questionnaires.models import QuestionnaireVersion
from app.responses.models import Response


def steps_to_code(session: Session, interview_id: int) -> tuple[Step, ...]:
    """Return what was written down at the questions asked once; the answers are the caller's to leave out."""
    row: Any = session.execute(
        select(
            Response.id.label("response_id"),
            Response.respondent_id,
            Response.version_id,
            QuestionnaireVersion.key.label("questionnaire_key"),
            QuestionnaireVersion.content_sha256,
        )
        .join(Interview, Interview.respondent_id == Response.respondent_id)
        .join(QuestionnaireVersion, QuestionnaireVersion.id == Response.version_id)
        .where(Interview.id == interview_id)
    ).one()
    return tuple(step for step in course_in(session, row).steps if not step.slot.item)
