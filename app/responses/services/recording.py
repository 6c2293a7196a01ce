"""Recording the answers of a whole file, however many, in a few statements."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.core.database import Instant
from app.responses.models import Answer, Response, ResponseChange
from app.responses.queries import Given, compare_answers
from app.responses.rules import Recorded


def record_answers(
    session: Session, *, study_id: int, version_id: int, source: str, at: datetime, given: sa.FromClause
) -> Recorded:
    """Record answers of one study, however many, in a few statements; the same answers again change nothing.

    `given` has one row per answer, no question twice in a response: respondent_id, external_id, submitted_at, mode,
    question_id, value_number, value_text. A new external_id opens a response of its respondent; a different value
    supersedes the current answer, which stays on record; answers that are not given stay as they are. Which respondent
    may have which response is the caller's to check: the database refuses a second response of one respondent.
    """
    answers = Given(study_id, given)
    recorded = compare_answers(session, given=answers)
    if recorded.created:
        _open_responses(session, answers, version_id=version_id, source=source, at=at)
    if recorded.updated:
        _supersede_answers(session, answers, at=at)
    if recorded.created or recorded.updated:
        _insert_answers(session, answers, at=at)
        session.add(ResponseChange(study_id=study_id, changed_at=at))
        session.flush()
    session.expire_all()
    return recorded


def _open_responses(session: Session, answers: Given, *, version_id: int, source: str, at: datetime) -> None:
    given = answers.rows.c
    facts = {
        "study_id": sa.literal(answers.study_id),
        "respondent_id": given.respondent_id,
        "external_id": given.external_id,
        "version_id": sa.literal(version_id),
        "mode": given.mode,
        "source": sa.literal(source),
        "submitted_at": given.submitted_at,
        "created_at": sa.literal(at, Instant),
        "changed_at": sa.literal(at, Instant),
    }
    labelled = (value.label(f"new_{name}") for name, value in facts.items())
    unopened = sa.select(*labelled).select_from(answers.joined).where(answers.response.c.id.is_(None)).distinct()
    session.execute(sa.insert(Response).from_select(list(facts), unopened))


def _supersede_answers(session: Session, answers: Given, *, at: datetime) -> None:
    given, response = answers.rows.c, answers.response.c
    moved = (
        sa.select(response.id.label("response_id"), given.submitted_at, given.mode)
        .select_from(answers.joined)
        .where(sa.or_(answers.is_changed, answers.is_moved))
        .distinct()
        .subquery("moved")
    )
    changed = sa.select(answers.answer.c.id).select_from(answers.joined).where(answers.is_changed)
    # The mode of a file is that of the whole response. This comes first: afterwards no response is a moved one.
    session.execute(
        sa.update(Answer)
        .where(Answer.response_id == moved.c.response_id, Answer.superseded_at.is_(None))
        .values(mode=moved.c.mode)
        .execution_options(synchronize_session=False)
    )
    session.execute(
        sa.update(Response)
        .where(Response.id == moved.c.response_id)
        .values(submitted_at=moved.c.submitted_at, mode=moved.c.mode, changed_at=at)
        .execution_options(synchronize_session=False)
    )
    session.execute(
        sa.update(Answer)
        .where(Answer.id.in_(changed))
        .values(superseded_at=at)
        .execution_options(synchronize_session=False)
    )


def _insert_answers(session: Session, answers: Given, *, at: datetime) -> None:
    given = answers.rows.c
    facts = {
        "response_id": answers.response.c.id,
        "question_id": given.question_id,
        "mode": given.mode,
        "value_number": given.value_number,
        "value_text": given.value_text,
        "recorded_at": sa.literal(at, Instant),
    }
    labelled = (value.label(f"new_{name}") for name, value in facts.items())
    missing = sa.select(*labelled).select_from(answers.joined).where(answers.is_new)
    grown = sa.select(answers.response.c.id).select_from(answers.joined).where(answers.is_new)
    session.execute(
        sa.update(Response)
        .where(Response.id.in_(grown), Response.changed_at < at)
        .values(changed_at=at)
        .execution_options(synchronize_session=False)
    )
    session.execute(sa.insert(Answer).from_select(list(facts), missing))
