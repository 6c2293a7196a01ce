"""What the quality of responses is judged by: how they were sent, and what stands in them."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import String, case, cast, func, select
from sqlalchemy.orm import Session

from app.questionnaires.models import Question
from app.responses.models import Answer, Response, Submission
from app.scoring.queries import IS_SAID, PORTION, Rows
from app.studies.models import Study
from app.studies.rules.plan import Mode


def sent_responses(session: Session, study: Study) -> Rows:
    """Return (respondent_id, external_id, version_id, submitted_at, seconds) of submitted responses, by respondent.

    `seconds` is the longest that a survey's form had stood open: who sends a second time mostly changes one answer.
    """
    timed = (
        select(Submission.response_id, func.max(Submission.seconds).label("seconds"))
        .where(Submission.seconds.is_not(None))
        .group_by(Submission.response_id)
        .subquery()
    )
    return session.execute(
        select(
            Response.respondent_id,
            Response.external_id,
            Response.version_id,
            Response.submitted_at,
            case((Response.mode == Mode.SURVEY, timed.c.seconds), else_=None).label("seconds"),
        )
        .outerjoin(timed, timed.c.response_id == Response.id)
        .where(Response.study_id == study.id, Response.submitted_at.is_not(None))
        .order_by(Response.respondent_id)
    ).all()


def answer_counts(session: Session, study: Study) -> Rows:
    """Return (respondent_id, questions answered) of the responses of which it is known how long the form was open."""
    is_timed = select(Submission.id).where(Submission.response_id == Response.id, Submission.seconds.is_not(None))
    return session.execute(
        select(Response.respondent_id, func.count(Answer.question_id.distinct()))
        .join(Answer, Answer.response_id == Response.id)
        .where(Response.study_id == study.id, Response.submitted_at.is_not(None), is_timed.exists(), *IS_SAID)
        .group_by(Response.respondent_id)
    ).all()


def long_texts(session: Session, study: Study, keys: Sequence[str], length: int) -> Rows:
    """Return (respondent_id, words) of the current answers to these questions that are as long or longer."""
    open_questions = select(Question.id).where(Question.key.in_(keys))
    return session.execute(
        select(Response.respondent_id, Answer.value_text)
        .join(Answer, Answer.response_id == Response.id)
        .where(
            Response.study_id == study.id,
            Response.submitted_at.is_not(None),
            Answer.question_id.in_(open_questions),
            Answer.value_text.is_not(None),
            func.length(Answer.value_text) >= length,
            *IS_SAID,
        )
        .order_by(Response.respondent_id, Answer.question_id)
    ).all()


def whole_answers(session: Session, study: Study, respondent_ids: Sequence[int]) -> Iterator[Any]:
    """Yield (respondent_id, question_id, item, number, text) of all current answers of some respondents.

    Words that were taken away are like no others.
    """
    text = case((Answer.blanked_at.is_not(None), cast(Answer.id, String)), else_=Answer.value_text)
    wanted = (
        select(Response.respondent_id, Answer.question_id, Answer.item, Answer.value_number, text)
        .join(Answer, Answer.response_id == Response.id)
        .where(Response.study_id == study.id, *IS_SAID)
    )
    for start in range(0, len(respondent_ids), PORTION):
        some = respondent_ids[start : start + PORTION]
        yield from session.execute(wanted.where(Response.respondent_id.in_(some)))
