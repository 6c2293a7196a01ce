"""Submitted answers of a drawn contact."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.customers.models import Contact
from app.questionnaires.models import Question
from app.responses.models import Answer, Response
from app.studies.models import Respondent, Study


def question_ids(session: Session) -> dict[str, int]:
    """Return the id of every question by its key."""
    return {row.key: row.id for row in session.execute(select(Question.key, Question.id))}


def answer(session: Session, study: Study, contact: str, **said: Any) -> Response:
    """Store a submitted response of a contact: texts as words, everything else as numbers."""
    person = session.scalars(
        select(Respondent)
        .join(Contact, Contact.id == Respondent.contact_id)
        .where(Contact.crm_id == contact, Respondent.study_id == study.id)
    ).one()
    response = Response(
        study_id=study.id,
        respondent_id=person.id,
        external_id=f"R-{contact}",
        version_id=study.version_id,
        mode="survey",
        source="import",
        submitted_at=datetime(2026, 3, 15, tzinfo=UTC),
    )
    session.add(response)
    session.flush()
    keys = question_ids(session)
    for key, value in said.items():
        number, text = (None, value) if isinstance(value, str) else (value, None)
        session.add(Answer(response_id=response.id, question_id=keys[key], value_number=number, value_text=text))
    session.flush()
    return response
