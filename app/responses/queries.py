"""Reads of responses and answers, and the comparison of given answers with those on record."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.responses.models import Answer, Response
from app.responses.rules import Recorded

_KEPT_RESPONSE = sa.orm.aliased(Response.__table__, name="kept_response")
_KEPT_ANSWER = sa.orm.aliased(Answer.__table__, name="kept_answer")


@dataclass(frozen=True)
class Given:
    """Answers as they were given, joined with the responses and current answers of the same study.

    `rows` has one row per answer: respondent_id, external_id, submitted_at, mode, question_id, value_number,
    value_text. It may be a staged table of any length or the few values of one form.
    """

    study_id: int
    rows: sa.FromClause

    @property
    def response(self) -> sa.FromClause:
        """The responses of the study that bear the given external ids."""
        return _KEPT_RESPONSE

    @property
    def answer(self) -> sa.FromClause:
        """The current answers of those responses to the given questions."""
        return _KEPT_ANSWER

    @property
    def joined(self) -> sa.FromClause:
        """Given rows, each with its response and its current answer where there are such."""
        given, response, answer = self.rows.c, self.response.c, self.answer.c
        same_response = sa.and_(response.study_id == self.study_id, response.external_id == given.external_id)
        same_answer = sa.and_(
            answer.response_id == response.id,
            answer.question_id == given.question_id,
            answer.superseded_at.is_(None),
        )
        return self.rows.outerjoin(self.response, same_response).outerjoin(self.answer, same_answer)

    @property
    def is_new(self) -> sa.ColumnElement[bool]:
        """Whether nothing has been answered yet."""
        return self.answer.c.id.is_(None)

    @property
    def is_changed(self) -> sa.ColumnElement[bool]:
        """Whether the answer on record says something else."""
        given, answer = self.rows.c, self.answer.c
        differs = sa.or_(
            answer.value_number.is_distinct_from(given.value_number),
            answer.value_text.is_distinct_from(given.value_text),
        )
        return sa.and_(answer.id.is_not(None), differs)

    @property
    def is_moved(self) -> sa.ColumnElement[bool]:
        """Whether the response on record was given at another time or in another mode."""
        given, response = self.rows.c, self.response.c
        differs = sa.or_(
            response.submitted_at.is_distinct_from(given.submitted_at), response.mode.is_distinct_from(given.mode)
        )
        return sa.and_(response.id.is_not(None), differs)


def compare_answers(session: Session, *, given: Given) -> Recorded:
    """Count what recording the given answers would create, update and leave alone; stores nothing."""
    is_updated = sa.and_(sa.not_(given.is_new), sa.or_(given.is_changed, given.is_moved))
    total, created, updated = session.execute(
        sa.select(sa.func.count(), _times(given.is_new), _times(is_updated)).select_from(given.joined)
    ).one()
    return Recorded(int(created), int(updated), int(total) - int(created) - int(updated))


def _times(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[Any]:
    return sa.func.coalesce(sa.func.sum(sa.case((condition, 1), else_=0)), 0)
