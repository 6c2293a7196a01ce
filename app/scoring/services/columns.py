"""Rows of the database as columns: drawn accounts, respondents and what they said."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from app.questionnaires.rules.definition import AskedIn, Questionnaire
from app.scoring import queries
from app.scoring.rules.accounts import Compared, Drawn
from app.scoring.rules.inputs import BoolArray, FloatArray, IntArray
from app.scoring.rules.respondents import Answers, Heard, Item, applicable_items, heard, put_by_door
from app.scoring.rules.rollup import Within
from app.scoring.rules.rollup_arrays import AccountVoices, account_voices
from app.studies.models import Study


@dataclass(frozen=True)
class People:
    """The study's respondents as columns; `account` and `role` are positions, `heard` holds what they said."""

    ids: list[int]
    account: IntArray
    role: IntArray
    roles: list[str]
    role_weights: FloatArray
    modes: list[str]
    has_response: NDArray[np.bool_]
    heard: Heard


def drawn_columns(rows: queries.Rows, currency: str | None, *, is_by_size: bool = False) -> Drawn:
    """Return the drawn accounts of `queries.drawn_accounts`; money in another currency is unknown here.

    `is_by_size` says that they were drawn by PPS, so that each has a weight of its own.
    """
    return Drawn(
        account_ids=[row.account_id for row in rows],
        strata=[row.stratum for row in rows],
        stratum_sizes={row.stratum: row.stratum_size for row in rows},
        arr=_column(_addable(row, currency) for row in rows),
        health=_column(row.score for row in rows),
        health_bands=[row.band for row in rows],
        weights=_column(row.weight for row in rows) if is_by_size else None,
    )


def _addable(row: Any, currency: str | None) -> float | None:
    is_ours = row.currency is None or row.currency == currency
    return float(row.arr) if row.arr is not None and is_ours else None


def _column(values: Iterable[float | None]) -> FloatArray:
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)


def items_of(definition: Questionnaire) -> list[Item]:
    """Return the questions as scoring sees them, in the order of asking."""
    return [
        Item(
            key=question.key,
            minimum=question.minimum,
            maximum=question.maximum,
            reverse=question.reverse,
            dimension=question.dimension,
            value_side=question.value_side,
            value_aspect=question.value_aspect,
            is_core=question.core,
        )
        for question in definition.questions
    ]


def people_columns(
    session: Session,
    study: Study,
    account_ids: Sequence[int],
    *,
    definition: Questionnaire,
    question_ids: Mapping[str, int],
    since: datetime | None = None,
) -> People:
    """Return the study's respondents, answered or not, with what they said; accounts by their position in the ids.

    With `since`, only those whose response changed then or later.
    """
    rows = queries.drawn_people(session, study, since)
    items = items_of(definition)
    people, questions = [row.id for row in rows], [question_ids[item.key] for item in items]
    answers = _answers(session, study, people, questions, since)
    modes = [row.answered_mode or row.mode for row in rows]
    _, group = np.unique(np.array(modes, dtype=np.str_), return_inverse=True)
    applicable = put_by_door(
        applicable_items(answers, group, len(items)),
        [row.source for row in rows],
        {door: _asked_in(definition, door) for door in AskedIn},
        _cells(queries.not_applicable(session, study, since), people, questions),
    )
    roles = sorted(study.plan["roles"])
    account = {account_id: position for position, account_id in enumerate(account_ids)}
    return People(
        ids=people,
        account=np.array([account[row.account_id] for row in rows], dtype=np.int64),
        role=np.array([roles.index(row.role) for row in rows], dtype=np.int64),
        roles=roles,
        role_weights=role_weights(roles, study.plan["roles"]),
        modes=modes,
        has_response=np.array([row.response_id is not None for row in rows], dtype=np.bool_),
        heard=heard(answers, items, applicable),
    )


def _answers(
    session: Session, study: Study, people: Sequence[int], questions: Sequence[int], since: datetime | None
) -> Answers:
    rows = queries.current_answers(session, study, since)
    person, item = _cells(rows, people, questions)
    number = np.fromiter((np.nan if row[2] is None else row[2] for row in rows), np.float64, len(rows))
    return Answers(person, item, number)


def _cells(rows: queries.Rows, people: Sequence[int], questions: Sequence[int]) -> tuple[IntArray, IntArray]:
    """Return the positions of (respondent id, question id, …) rows among the people and the questions."""
    person = {respondent_id: position for position, respondent_id in enumerate(people)}
    item = {question_id: position for position, question_id in enumerate(questions)}
    return (
        np.fromiter((person[row[0]] for row in rows), np.int64, len(rows)),
        np.fromiter((item[row[1]] for row in rows), np.int64, len(rows)),
    )


def _asked_in(definition: Questionnaire, door: AskedIn) -> BoolArray:
    return np.array([door in question.asked_in for question in definition.questions], dtype=np.bool_)


def role_weights(roles: Sequence[str], weights: dict[str, float]) -> FloatArray:
    """Return the study's role weights, as shares of 1 so that coverage is a fraction."""
    total = sum(weights.values())
    return np.array([weights[role] / total for role in roles])


def rolled_up(people: People, scores: FloatArray, drawn: Drawn) -> AccountVoices:
    """Return one score per respondent rolled up to the accounts (methods c); NaN scores are left out."""
    said = ~np.isnan(scores)
    return account_voices(
        people.account[said], people.role[said], scores[said], people.role_weights, len(drawn.account_ids)
    )


def traits(session: Session, study: Study, drawn: Drawn, rows: queries.Rows) -> dict[str, FloatArray]:
    """Return what is known of every drawn account, answered or not: ARR, tenure in days, cases, health."""
    cases = dict(map(tuple, queries.case_counts(session, study)))
    return {
        "arr": drawn.arr,
        "tenure": _column(_days(row.start_date, study.health_as_of) for row in rows),
        "cases": _column(cases.get(account_id, 0) if cases else None for account_id in drawn.account_ids),
        "health": drawn.health,
    }


def _days(start: date | None, end: date) -> int | None:
    return None if start is None else (end - start).days


@dataclass(frozen=True)
class Picture:
    """All that is known of a study's accounts when its figures are made."""

    drawn: Drawn
    people: People
    voices: AccountVoices
    within: Within
    compared: Compared
