"""Taking the sentiment of open answers, once each: an answer never changes."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from app.core.database import insert_rows
from app.questionnaires.rules.definition import Questionnaire
from app.scoring import queries
from app.scoring.models import VerbatimSentiment
from app.scoring.rules.verbatims import sentiment
from app.studies.models import Study

SENTIMENT_LANGUAGE = "en"
"""What a contact or a form of unknown language is taken to be in."""


def read_verbatims(session: Session, study: Study, definition: Questionnaire, question_ids: Mapping[str, int]) -> None:
    """Take the sentiment of new open answers; another language than English gets null, never 0."""
    open_ids = [question_ids[question.key] for question in definition.questions if question.kind == "text"]
    values = []
    for answer_id, text, *languages in queries.unread_verbatims(session, study, open_ids):
        found = sentiment(text) if all(map(_is_read, languages)) else None
        values.append(
            {
                "answer_id": answer_id,
                "compound": None if found is None else found.compound,
                "label": None if found is None else found.label,
            }
        )
    insert_rows(session, VerbatimSentiment, values)


def _is_read(language: str | None) -> bool:
    return (language or SENTIMENT_LANGUAGE).casefold().startswith(SENTIMENT_LANGUAGE)
