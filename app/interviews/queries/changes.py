"""What was written in an interview since a page last asked, so that two people see each other's answers."""

from datetime import datetime
from typing import Any, cast

from sqlalchemy import Integer, Row, Table, bindparam, or_, select
from sqlalchemy.orm import Session

from app.core.ids import LARGEST_ID
from app.interviews.models import Interview, NoteTaker
from app.interviews.queries.routes import instrument_asked, route_in
from app.interviews.queries.talks import Talk, course_in
from app.interviews.rules.branches import Branches, branches_of
from app.responses.models import Response
from app.responses.rules import Item


def last_change(session: Session, *, interview_id: int, user_id: int) -> Row[Any] | None:
    """Return (changed_at, submitted_at) of an interview that this person leads or takes notes in, else None.

    Pages ask every few seconds, so the statement is built but once and reads one row.
    """
    wanted = {"wanted": min(interview_id, LARGEST_ID), "person": user_id}
    return session.execute(_LAST, wanted).one_or_none()


def items_since(session: Session, talk: Talk, since: datetime | None) -> dict[str, Item]:
    """Return what stands at each question that was saved at that instant or later, by its name."""
    items = ((step.name, step.item) for step in course_in(session, talk).all_steps)
    return {name: item for name, item in items if item.recorded_at and (not since or item.recorded_at >= since)}


def branches_now(session: Session, talk: Talk) -> Branches | None:
    """Return what is asked as the answers stand, and in which words; None where that never changes."""
    instrument = instrument_asked(session, talk)
    return branches_of(route_in(session, talk), instrument.told) if instrument.is_live else None


def _last() -> Any:
    interview, noted, response = (cast("Table", model.__table__) for model in (Interview, NoteTaker, Response))
    person = bindparam("person", type_=Integer)
    return (
        select(response.c.changed_at, response.c.submitted_at)
        .select_from(
            interview.outerjoin(noted, noted.c.interview_id == interview.c.id).outerjoin(
                response, response.c.respondent_id == interview.c.respondent_id
            )
        )
        .where(
            interview.c.id == bindparam("wanted"), or_(interview.c.interviewer_id == person, noted.c.user_id == person)
        )
    )


_LAST = _last()
