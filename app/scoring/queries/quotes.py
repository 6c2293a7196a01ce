"""Reads of the sentences that interviewers wrote down word for word, as far as they may be quoted."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from numpy.typing import NDArray
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core.columns import read_columns
from app.customers.models import Contact
from app.responses.models import Remark, Response
from app.responses.queries import may_be_quoted
from app.scoring.models import QuoteSentiment
from app.scoring.queries import PORTION, Rows
from app.scoring.queries.words import language_left_out
from app.studies.models import Respondent, Study


def unread_quotes(session: Session, study: Study) -> Rows:
    """Return (remark_id, words, the contact's language, the form's) of quotes whose sentiment was not taken yet.

    Either language may be null.
    """
    rows = (
        select(Remark.id, Remark.quote, Contact.language, Response.language)
        .join(Response, Response.id == Remark.response_id)
        .join(Respondent, Respondent.id == Response.respondent_id)
        .join(Contact, Contact.id == Respondent.contact_id)
        .outerjoin(QuoteSentiment, QuoteSentiment.remark_id == Remark.id)
        .where(_is_told(study), QuoteSentiment.remark_id.is_(None))
    )
    return session.execute(rows.order_by(Remark.id)).all()


def said_in_quotes(
    session: Session, study: Study, question_ids: Collection[int] | None = None
) -> tuple[NDArray[Any], ...]:
    """Return columns (remark id, respondent id, question id, compound) of quotes with a sentiment, by remark.

    With `question_ids`, only of those that stand at these questions.
    """
    rows: Any = (
        select(Remark.id, Response.respondent_id, Remark.question_id, QuoteSentiment.compound)
        .join(QuoteSentiment, QuoteSentiment.remark_id == Remark.id)
        .join(Response, Response.id == Remark.response_id)
        .where(_is_told(study), QuoteSentiment.compound.is_not(None))
    )
    if question_ids is not None:
        rows = rows.where(Remark.question_id.in_(question_ids))
    return tuple(read_columns(session, rows.order_by(Remark.id), ["i8", "i8", "i8", "f8"]))


def words_of_quotes(session: Session, remark_ids: Sequence[int]) -> Iterator[str]:
    """Yield the words of some quotes, by remark id; `remark_ids` rise."""
    for start in range(0, len(remark_ids), PORTION):
        some = remark_ids[start : start + PORTION]
        yield from session.scalars(
            select(func.coalesce(Remark.quote, "")).where(Remark.id.in_(some)).order_by(Remark.id)
        )


def quotes_in_other_languages(session: Session, study: Study) -> Rows:
    """Return (language, quotes) of the languages in which sentiment is not taken."""
    language = language_left_out()
    return session.execute(
        select(language.label("language"), func.count().label("quotes"))
        .select_from(Remark)
        .join(QuoteSentiment, QuoteSentiment.remark_id == Remark.id)
        .join(Response, Response.id == Remark.response_id)
        .join(Respondent, Respondent.id == Response.respondent_id)
        .join(Contact, Contact.id == Respondent.contact_id)
        .where(_is_told(study), QuoteSentiment.compound.is_(None), func.length(func.trim(Remark.quote)) > 0)
        .group_by(language)
    ).all()


def _is_told(study: Study) -> Any:
    # Not by the index of the study's responses: what was written down is little, and each knows its response.
    return (Response.study_id + 0 == study.id) & Response.submitted_at.is_not(None) & may_be_quoted()
