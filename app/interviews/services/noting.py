"""What is noted around an interview: a look at the health score, that it comes from notes, and where the time went."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from functools import cache
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.core.display import day
from app.core.errors import Refusal
from app.interviews.models import Interview, QuestionTime
from app.interviews.queries.talks import Talk
from app.interviews.rules.period import refusal_to_count
from app.interviews.rules.times import Spent
from app.responses.services import Locked
from app.users.services.audit import record_event

_TIME = cast("sa.Table", QuestionTime.__table__)


def note_peek(session: Session, *, talk: Talk, at: datetime, by: int) -> None:
    """Note that the health score was looked at before the interview was over: who and when, each time."""
    if talk.submitted_at is not None:
        return
    first = sa.update(Interview).where(Interview.id == talk.id, Interview.peeked_at.is_(None))
    session.execute(first.values(peeked_at=at))
    record_event(
        session,
        actor_id=by,
        action="interview.peek",
        object_type="interview",
        object_id=talk.id,
        fields={"study": talk.study_key, "account": talk.account_crm_id},
    )


def mark_from_notes(session: Session, *, talk: Talk, held_on: date | None, today: date, by: int) -> None:
    """Mark an interview as entered from notes of a conversation on that day, or take the mark off (None).

    Refused for a day outside the fieldwork period or in the future, and once the interview is submitted. Times that
    were kept are taken away: they say how long the typing took.
    """
    if talk.submitted_at is not None:
        raise Locked
    refused = refusal_to_count(talk.closed_at) or _refusal_of_day(talk, held_on, today)
    if refused:
        raise Refusal(refused, "held_on")
    if held_on == talk.held_on:
        return
    session.execute(sa.update(Interview).where(Interview.id == talk.id).values(held_on=held_on))
    session.execute(sa.delete(_TIME).where(_TIME.c.interview_id == talk.id))
    record_event(
        session,
        actor_id=by,
        action="interview.from_notes",
        object_type="interview",
        object_id=talk.id,
        fields={"study": talk.study_key, "held_on": held_on.isoformat() if held_on else None},
    )


def keep_times(session: Session, *, talk: Talk, tab: str, spent: Sequence[Spent], at: datetime) -> None:
    """Keep the totals of one window; sent again or out of order they change nothing.

    Nothing is kept once the interview is submitted, and of one that is entered from notes.
    """
    if talk.submitted_at is not None or talk.held_on is not None or not spent:
        return
    rows = [{"interview_id": talk.id, "tab": tab, "begun_at": at, **asdict(each)} for each in spent]
    session.connection().execute(_keeping(session.get_bind().dialect.name), rows)


def _refusal_of_day(talk: Talk, held_on: date | None, today: date) -> str | None:
    if held_on is None:
        return None
    last = min(talk.closes_on, today)
    if not talk.opens_on <= held_on <= last:
        return f"Choose the day on which it was held: from {day(talk.opens_on)} to {day(last)}."
    return None


@cache
def _keeping(dialect: str) -> Any:
    kind: Any = postgresql if dialect == "postgresql" else sqlite
    insert = kind.insert(_TIME)
    totals = ("seconds", "seconds_to_answer", "edits", "visits", "jumps")
    return insert.on_conflict_do_update(
        index_elements=["interview_id", "tab", "slot"],
        set_={name: getattr(insert.excluded, name) for name in totals},
        where=insert.excluded.seconds >= _TIME.c.seconds,
    )
