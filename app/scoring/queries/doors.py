"""Reads about the doors by which people answered."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.orm import Session, aliased

from app.responses.models import Answer, Response
from app.responses.queries import counted
from app.studies.models import Respondent, SampledAccount, Study


def drawn_modes(session: Session, study: Study) -> dict[int, str]:
    """Return the door that was drawn for each account, by account id."""
    rows = session.execute(
        select(SampledAccount.account_id, SampledAccount.mode).where(SampledAccount.study_id == study.id)
    )
    return {row.account_id: row.mode for row in rows}


def other_door(session: Session, study: Study, question_ids: Sequence[int], near: timedelta) -> Iterator[Any]:
    """Yield (respondent_id, study_id, question_id, number) of what the study's people said elsewhere by the other door.

    Answers given within `near` of the person's response here; the nearest comes last, so that it may replace others.
    """
    if not session.scalar(select(select(Study.id).where(Study.id != study.id, Study.drawn_at.is_not(None)).exists())):
        return
    here, there, person = aliased(Response), aliased(Response), aliased(Respondent)
    rows: Any = session.execute(
        select(
            Respondent.id,
            there.study_id,
            Answer.question_id,
            Answer.value_number,
            here.submitted_at,
            there.submitted_at,
        )
        .join(here, here.respondent_id == Respondent.id)
        .join(person, and_(person.contact_id == Respondent.contact_id, person.study_id != Respondent.study_id))
        .join(there, there.respondent_id == person.id)
        .join(Answer, Answer.response_id == there.id)
        .where(
            Respondent.study_id == study.id,
            here.submitted_at.is_not(None),
            there.submitted_at.is_not(None),
            there.mode != here.mode,
            Answer.question_id.in_(question_ids),
            Answer.value_number.is_not(None),
            counted(),
        )
        .order_by(Respondent.id, Answer.question_id, there.id)
    ).all()
    apart = [(abs(row[4] - row[5]), *row[:4]) for row in rows]
    yield from (row[1:] for row in sorted(apart, key=lambda row: row[0], reverse=True) if row[0] <= near)
