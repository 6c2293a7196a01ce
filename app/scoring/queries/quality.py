"""What the quality of responses is judged by: how they were sent, and what stands in them."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from numpy.typing import NDArray
from sqlalchemy import String, case, cast, func, or_, select
from sqlalchemy.orm import Session

from app.core.columns import read_columns, read_rows
from app.responses.models import Answer, Response, Submission
from app.scoring.queries import IS_SAID, PORTION
from app.studies.models import Study
from app.studies.rules.plan import Mode


def timed_responses(session: Session, study: Study) -> tuple[NDArray[Any], ...]:
    """Return columns (respondent id, seconds, questions answered) of the surveys of which it is known how long.

    `seconds` is the longest that a form had stood open: who sends a second time mostly changes one answer.
    """
    timed = (
        select(Submission.response_id, func.max(Submission.seconds).label("seconds"))
        .join(Response, Response.id == Submission.response_id)
        .where(Submission.seconds.is_not(None), Response.study_id == study.id, Response.mode == Mode.SURVEY)
        .group_by(Submission.response_id)
        .subquery()
    )
    answered = (
        select(Answer.response_id, func.count(Answer.question_id.distinct()).label("questions"))
        .join(timed, timed.c.response_id == Answer.response_id)
        .where(*IS_SAID)
        .group_by(Answer.response_id)
        .subquery()
    )
    wanted = (
        select(Response.respondent_id, timed.c.seconds, func.coalesce(answered.c.questions, 0))
        .join(timed, timed.c.response_id == Response.id)
        .outerjoin(answered, answered.c.response_id == Response.id)
        .where(Response.submitted_at.is_not(None))
    )
    return tuple(read_columns(session, wanted, ["i8", "f8", "i8"]))


def names_of(session: Session, respondent_ids: Sequence[int]) -> dict[int, tuple[str, datetime]]:
    """Return by which id each of these people's response goes, and when it was sent."""
    # Nobody is in two studies under one id; asked for a study as well, SQLite would walk through all of it each time.
    wanted = select(Response.respondent_id, Response.external_id, Response.submitted_at)
    found: dict[int, tuple[str, datetime]] = {}
    for start in range(0, len(respondent_ids), PORTION):
        some = wanted.where(Response.respondent_id.in_(respondent_ids[start : start + PORTION]))
        found |= {row[0]: (row[1], row[2]) for row in session.execute(some) if row[2] is not None}
    return found


def texts_of(session: Session, answer_ids: Sequence[int]) -> Iterator[Any]:
    """Yield (respondent_id, words) of some open answers, in the order of people and questions."""
    wanted = select(Response.respondent_id, Answer.value_text).join(Answer, Answer.response_id == Response.id)
    for start in range(0, len(answer_ids), PORTION):
        some = wanted.where(Answer.id.in_(answer_ids[start : start + PORTION]))
        yield from read_rows(session, some.order_by(Response.respondent_id, Answer.question_id))


def answers_beside_numbers(session: Session, respondent_ids: Sequence[int]) -> Iterator[Any]:
    """Yield (respondent_id, question_id, item, number, text) of some respondents' current answers past plain numbers.

    Words, choices, and whatever is asked of several things. Words that were taken away are like no others.
    """
    text = case((Answer.blanked_at.is_not(None), cast(Answer.id, String)), else_=Answer.value_text)
    wanted = (
        select(Response.respondent_id, Answer.question_id, Answer.item, Answer.value_number, text)
        .join(Answer, Answer.response_id == Response.id)
        .where(*IS_SAID, or_(Answer.value_number.is_(None), Answer.item != ""))
    )
    for start in range(0, len(respondent_ids), PORTION):
        some = respondent_ids[start : start + PORTION]
        yield from read_rows(session, wanted.where(Response.respondent_id.in_(some)))
