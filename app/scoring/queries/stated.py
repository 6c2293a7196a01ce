"""Reads of what people put into order."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.responses.models import Answer, Response
from app.responses.queries import counted
from app.studies.models import Study


def orders(session: Session, study: Study, question_id: int) -> dict[int, str]:
    """Return the keys of the options in the order given to a ranking, a space between two, by respondent."""
    rows = session.execute(
        select(Response.respondent_id, Answer.value_text)
        .join(Answer, Answer.response_id == Response.id)
        .where(
            Response.study_id == study.id,
            Response.submitted_at.is_not(None),
            Answer.question_id == question_id,
            Answer.value_text.is_not(None),
            counted(),
        )
    )
    return {row.respondent_id: row.value_text or "" for row in rows}
