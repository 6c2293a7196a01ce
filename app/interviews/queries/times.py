"""Reads of how the time of an interview went."""

from typing import cast

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from app.interviews.models import QuestionTime
from app.interviews.rules.times import Spent, summed

_TIME = cast("Table", QuestionTime.__table__)


def time_spent(session: Session, interview_id: int) -> dict[str, Spent]:
    """Return what was done at each question over all windows, by its name."""
    rows = session.execute(
        select(_TIME).where(_TIME.c.interview_id == interview_id).order_by(_TIME.c.begun_at, _TIME.c.tab)
    )
    spent: dict[str, Spent] = {}
    for row in rows:
        here = Spent(row.slot, row.seconds, row.seconds_to_answer, row.edits, row.visits, row.jumps)
        spent[row.slot] = summed(spent[row.slot], here) if row.slot in spent else here
    return spent
