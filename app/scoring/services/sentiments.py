"""Reading open answers and interviewers' quotes, once each, for their sentiment: neither ever changes."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.core.database import insert_rows
from app.responses.models import Answer
from app.scoring import queries
from app.scoring.models import QuoteSentiment, VerbatimSentiment
from app.scoring.queries.quotes import unread_quotes
from app.scoring.rules.marks import mark_of_words
from app.scoring.rules.quality import LONG_TEXT
from app.scoring.rules.verbatims import sentiment
from app.scoring.services.columns import Asked
from app.studies.models import Study

SENTIMENT_LANGUAGE = "en"
"""What a contact or a form of unknown language is taken to be in."""

AT_ONCE = 2_000
"""Words that are in memory at one time."""


def read_verbatims(session: Session, study: Study, asked: Asked, *, since: datetime | None = None) -> None:
    """Take the sentiment of new open answers and quotes; another language than English gets null, never 0.

    With `since`, answers are sought in responses alone that changed then or later.
    """
    unread = queries.unread_verbatims(session, study, asked.open_questions, since).tolist()
    for start in range(0, len(unread), AT_ONCE):
        rows = queries.verbatims(session, unread[start : start + AT_ONCE])
        found = [{"answer_id": row[0]} | _marked(row[1]) | _taken(*row[1:]) for row in rows]
        insert_rows(session, VerbatimSentiment, found)
    told = unread_quotes(session, study)
    insert_rows(session, QuoteSentiment, [{"remark_id": row[0], **_taken(*row[1:])} for row in told])


def forget_marks(session: Session, response_ids: Sequence[int]) -> None:
    """Forget the marks of the open answers of some responses: their words were taken away."""
    for start in range(0, len(response_ids), AT_ONCE):
        theirs = select(Answer.id).where(Answer.response_id.in_(response_ids[start : start + AT_ONCE]))
        session.execute(update(VerbatimSentiment).where(VerbatimSentiment.answer_id.in_(theirs)).values(mark=None))


def _marked(text: str | None) -> dict[str, Any]:
    return {"mark": None if text is None else mark_of_words(text), "is_long": len(text or "") >= LONG_TEXT}


def _taken(text: str | None, *languages: str | None) -> dict[str, Any]:
    found = sentiment(text) if all(map(_is_read, languages)) else None
    return {"compound": None if found is None else found.compound, "label": None if found is None else found.label}


def _is_read(language: str | None) -> bool:
    return (language or SENTIMENT_LANGUAGE).casefold().startswith(SENTIMENT_LANGUAGE)
