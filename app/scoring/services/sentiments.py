"""Taking the sentiment of open answers and of interviewers' quotes, once each: neither ever changes."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.core.database import insert_rows
from app.scoring import queries
from app.scoring.models import QuoteSentiment, VerbatimSentiment
from app.scoring.queries.quotes import unread_quotes
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
        insert_rows(session, VerbatimSentiment, [{"answer_id": row[0], **_taken(*row[1:])} for row in rows])
    told = unread_quotes(session, study)
    insert_rows(session, QuoteSentiment, [{"remark_id": row[0], **_taken(*row[1:])} for row in told])


def _taken(text: str | None, *languages: str | None) -> dict[str, Any]:
    found = sentiment(text) if all(map(_is_read, languages)) else None
    return {"compound": None if found is None else found.compound, "label": None if found is None else found.label}


def _is_read(language: str | None) -> bool:
    return (language or SENTIMENT_LANGUAGE).casefold().startswith(SENTIMENT_LANGUAGE)
