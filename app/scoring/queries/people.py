"""The people of a study and their answers as whole columns."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import case, literal, or_, select
from sqlalchemy.orm import Session

from app.core.columns import MANY_KEYS, place_in, read_columns, read_portions
from app.questionnaires.rules.kinds import Absence
from app.responses.models import Answer, Remark, Response
from app.studies.models import Respondent, Study
from app.studies.queries.people import people_statement

COUNTED, OTHER_DOOR, MARKS = 1, 2, 4
"""What an answer is marked with, and how many marks there can be."""


AnswerColumns = tuple[NDArray[Any], NDArray[Any], NDArray[Any], NDArray[Any]]


@dataclass(frozen=True)
class Names:
    """The texts that columns of people hold the places of."""

    roles: Sequence[str]
    modes: Sequence[str]
    doors: Sequence[str]


def drawn_people(
    session: Session, study: Study, names: Names, since: datetime | None = None
) -> tuple[NDArray[Any], ...]:
    """Return columns over the drawn people, by respondent id: what `Names` and `people_statement` make of each.

    Respondent id, account id, role, mode drawn, state (see studies), mode answered, source and version; role, modes and
    source by their place in the names. The last three are -1, -1 and 0 for who has no submitted response. With `since`,
    here as below, only those whose response changed then or later.
    """
    is_sent = Response.submitted_at.is_not(None)
    people = people_statement(session, study)
    whose, account, role, mode, state = people.selected_columns
    wanted = people.with_only_columns(
        whose,
        account,
        place_in(names.roles, role),
        place_in(names.modes, mode),
        state,
        case((is_sent, place_in(names.modes, Response.mode)), else_=-1),
        case((is_sent, place_in(names.doors, Response.source)), else_=-1),
        case((is_sent, Response.version_id), else_=0),
    )
    if since is not None:
        wanted = wanted.where(Response.changed_at >= since)
    # By the second part of the index that a study is found by: by id SQLite would walk through all of it each time.
    types = ["i8", "i8", "i1", "i1", "i8", "i1", "i1", "i4"]
    columns = read_columns(session, wanted, types, by=Respondent.contact_id, keys=MANY_KEYS)
    order = np.argsort(columns[0])
    return tuple(column[order] for column in columns)


def current_answers(
    session: Session, study: Study, since: datetime | None = None, *, is_ordered: bool = False
) -> Iterator[AnswerColumns]:
    """Yield columns (respondent id, question id, number or NaN, marks) of current answers that were submitted.

    Portion by portion: of a million people they would be 200 megabytes. What is not `COUNTED` does not apply: they said
    so, or the branch that leads to the question is closed. Answers that lack a value for another reason are left out.
    `OTHER_DOOR` marks what was given by another door than the rest of its response; of imports nobody knows. In order
    of questions and of what they are asked about where asked for.
    """
    wanted = _of_study(answers_statement(), study, Answer, since)
    if is_ordered:
        wanted = wanted.order_by(Response.respondent_id, Answer.question_id, Answer.item)
    by = None if is_ordered else Response.id
    for who, what_and_marks, number in read_portions(session, wanted, ["i4", "i4", "f8"], by=by):
        yield who, what_and_marks // MARKS, number, what_and_marks % MARKS


def answers_statement() -> Any:
    """Return the query for the columns of `current_answers`, of everybody and superseded ones too.

    Questions and marks are one number, a column less to write and to read: question id × `MARKS` + marks.
    """
    does_not_apply = or_(Answer.absence == Absence.NOT_APPLICABLE.value, ~Answer.is_counted)
    by_other_door = (Response.source != "import") & (Answer.mode != Response.mode)
    marks = case((does_not_apply, 0), else_=COUNTED) + case((by_other_door, OTHER_DOOR), else_=0)
    return (
        select(Response.respondent_id, Answer.question_id * MARKS + marks, Answer.value_number)
        .select_from(Response)
        .join(Answer, Answer.response_id == Response.id)
        .where(or_(Answer.absence.is_(None), does_not_apply))
    )


def not_asked(session: Session, study: Study, since: datetime | None = None) -> tuple[NDArray[Any], ...]:
    """Return columns (respondent id, question id) of the questions that an interviewer noted as not applicable."""
    return tuple(read_columns(session, _of_study(noted_statement(), study, Remark, since), ["i4", "i4"]))


def noted_statement() -> Any:
    """Return the query for the columns of `not_asked`, of everybody and superseded ones too."""
    noted = select(Response.respondent_id, Remark.question_id).join(Remark, Remark.response_id == Response.id)
    return noted.where(Remark.absence == Absence.NOT_APPLICABLE.value)


def _of_study(rows: Any, study: Study, current: Any, since: datetime | None) -> Any:
    is_changed = literal(value=True) if since is None else Response.changed_at >= since
    return rows.where(
        Response.study_id == study.id, Response.submitted_at.is_not(None), current.superseded_at.is_(None), is_changed
    )
