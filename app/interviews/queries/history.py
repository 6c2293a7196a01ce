"""Reads of what was written down at each question over time, and what of it was current when it was submitted."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from app.interviews.queries.talks import named
from app.interviews.rules.slots import slot_name
from app.questionnaires.models import Question
from app.questionnaires.rules.route import Slot
from app.responses.models import Answer, Remark
from app.responses.queries import content_of, said_in
from app.responses.rules import ItemContent
from app.users.models import User

_NOTED = (
    "note",
    "quote",
    "quote_permission",
    "is_paraphrase",
    "absence",
    "reason",
    "probes",
    "is_starred",
    "is_later",
)


@dataclass(frozen=True)
class Version:
    """What stood at a question from `since` until `until` (None: still), who wrote it, and the submissions it was in.

    `submissions` are their numbers, counted from 1.
    """

    since: datetime
    until: datetime | None
    by: str
    content: ItemContent
    submissions: tuple[int, ...]


def versions_of(session: Session, response_id: int | None, sent: Sequence[datetime]) -> dict[str, list[Version]]:
    """Return every version of each touched place by its name, newest first; `sent` are the instants of submission.

    Two statements, however many questions and versions there are. An answer and what was noted around it are saved at
    one instant, so they are one version.
    """
    answers, remarks = _rows(session, Answer, response_id), _rows(session, Remark, response_id)
    names = {row.recorded_by: row.author for row in (*answers, *remarks)}
    versions: dict[str, list[Version]] = {}
    for slot in dict.fromkeys(_slot(row) for row in (*remarks, *answers)):
        own_answers = [row for row in answers if _slot(row) == slot]
        own_remarks = [row for row in remarks if _slot(row) == slot]
        versions[slot_name(slot)] = _versions(own_answers, own_remarks, names, sent)
    return versions


def _slot(row: Row[Any]) -> Slot:
    return Slot(row.key, row.item)


def _versions(
    answers: Sequence[Row[Any]],
    remarks: Sequence[Row[Any]],
    names: dict[int | None, str | None],
    sent: Sequence[datetime],
) -> list[Version]:
    authors: dict[datetime, int | None] = defaultdict(lambda: None)
    for row in (*answers, *remarks):
        authors[row.recorded_at] = row.recorded_by
    edges = sorted({*authors, *(row.superseded_at for row in (*answers, *remarks) if row.superseded_at)})
    found = []
    for since, until in zip(edges, (*edges[1:], None), strict=True):
        submissions = tuple(
            number for number, at in enumerate(sent, start=1) if since <= at and (until is None or at < until)
        )
        content = _content(_at(answers, since), _at(remarks, since))
        found.append(Version(since, until, names.get(authors[since]) or "", content, submissions))
    return found[::-1]


def _at(rows: Sequence[Row[Any]], at: datetime) -> Row[Any] | None:
    return next(
        (row for row in rows if row.recorded_at <= at and (row.superseded_at is None or at < row.superseded_at)), None
    )


def _content(answer: Row[Any] | None, remark: Row[Any] | None) -> ItemContent:
    return content_of(said_in(answer, answer.absence) if answer else None, remark)


def _rows(session: Session, table: type[Answer] | type[Remark], response_id: int | None) -> Sequence[Row[Any]]:
    columns = (
        (Answer.value_number, Answer.value_text, Answer.absence, Answer.blanked_at)
        if table is Answer
        else tuple(getattr(Remark, name) for name in _NOTED)
    )
    return session.execute(
        select(
            Question.key,
            table.item,
            table.recorded_at,
            table.superseded_at,
            table.recorded_by,
            named(User).label("author"),
            *columns,
        )
        .join(Question, Question.id == table.question_id)
        .outerjoin(User, User.id == table.recorded_by)
        .where(table.response_id == response_id)
        .order_by(table.recorded_at, table.id)
    ).all()
