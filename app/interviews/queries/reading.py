"""Reads of an interview for who was asked to read it, whatever else they may see."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.interviews.models import Interview
from app.interviews.queries.talks import questionnaire_asked
from app.interviews.rules.progress import Course, course_of
from app.questionnaires.models import Question, QuestionnaireVersion
from app.responses.models import Response
from app.responses.queries import items_of


def course_to_code(session: Session, interview_id: int) -> Course:
    """Return what was written down in an interview; its answers are the caller's to leave out."""
    row = session.execute(
        select(
            Response.id,
            Response.version_id,
            QuestionnaireVersion.key.label("questionnaire_key"),
            QuestionnaireVersion.content_sha256,
        )
        .join(Interview, Interview.respondent_id == Response.respondent_id)
        .join(QuestionnaireVersion, QuestionnaireVersion.id == Response.version_id)
        .where(Interview.id == interview_id)
    ).one()
    items = items_of(session, row.id)
    keys = session.execute(select(Question.id, Question.key).where(Question.id.in_(items)))
    return course_of(questionnaire_asked(session, row), {key: items[identity] for identity, key in keys})
