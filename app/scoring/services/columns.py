"""Rows of the database as columns: drawn accounts, respondents and what they said."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from app.core.columns import places_among, positions
from app.questionnaires.rules.definition import AskedIn, Questionnaire
from app.scoring import queries
from app.scoring.queries import people as people_queries
from app.scoring.rules.accounts import Compared, Drawn
from app.scoring.rules.inputs import BoolArray, FloatArray, IntArray
from app.scoring.rules.respondents import Answers, Heard, Item, applicable_items, heard, put_by_door
from app.scoring.rules.rollup import Within
from app.scoring.rules.rollup_arrays import AccountVoices, account_voices
from app.studies.models import Study
from app.studies.queries.people import HEARD, UNWILLING
from app.studies.rules.plan import Mode

MODES = tuple(map(str, Mode))
DOORS = tuple(map(str, AskedIn))
NO_DOOR = ""
"""Stands for the door of imported answers, which do not say what was asked."""


@dataclass(frozen=True)
class People:
    """The study's respondents as columns, by rising id; `account` and `role` are positions.

    `modes` is the mode of their answers, else of the draw; `version` the questionnaire's that was answered. `facts`
    says how each was asked (see studies), `other_door` how many answers were given by another door than the rest of
    their response, `heard` what they said.
    """

    ids: IntArray
    account: IntArray
    role: IntArray
    roles: list[str]
    role_weights: FloatArray
    modes: NDArray[np.str_]
    version: IntArray
    has_response: BoolArray
    is_unwilling: BoolArray
    facts: IntArray
    other_door: int
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


@dataclass(frozen=True)
class Asked:
    """What a study asks: its questionnaire as the rules know it, the row of each question, and the roles' weights."""

    definition: Questionnaire
    question_ids: Mapping[str, int]
    roles: Mapping[str, float]

    @cached_property
    def items(self) -> list[Item]:
        """The questions as scoring sees them."""
        return items_of(self.definition)

    @cached_property
    def questions(self) -> IntArray:
        """The questions' rows, in the order of the items."""
        return np.array([self.question_ids[item.key] for item in self.items], dtype=np.int64)

    @property
    def open_questions(self) -> list[int]:
        """The rows of the questions that are answered in words."""
        return [self.question_ids[each.key] for each in self.definition.questions if each.kind == "text"]

    @cached_property
    def by_door(self) -> dict[str, BoolArray]:
        """Which questions each door asks."""
        return {
            str(door): np.array([door in question.asked_in for question in self.definition.questions], dtype=np.bool_)
            for door in AskedIn
        }


@dataclass(frozen=True)
class Read:
    """All that is read of people: who they are (columns as of `queries.drawn_people`), and what they answered.

    `excepted` are the cells of what does not apply to them, `other_door` how many answers came by another door than the
    rest of their response.
    """

    people: tuple[NDArray[Any], ...]
    answers: Answers
    excepted: tuple[IntArray, IntArray]
    other_door: int


def read_people(session: Session, study: Study, asked: Asked, since: datetime | None = None) -> Read:
    """Return what is read of the study's people; with `since`, of those whose response changed then or later."""
    is_looped = any(section.per for section in asked.definition.sections)
    names = people_queries.Names(sorted(asked.roles), MODES, DOORS)
    people = people_queries.drawn_people(session, study, names, since)
    noted = people_queries.not_asked(session, study, since)
    answers = people_queries.current_answers(session, study, since, is_ordered=is_looped)
    return gathered(people, answers, noted, asked.questions)


def gathered(
    people: tuple[NDArray[Any], ...],
    answers: Iterable[people_queries.AnswerColumns],
    noted: tuple[NDArray[Any], ...],
    questions: IntArray,
) -> Read:
    """Return people with their answers, portion by portion as they come, and what was noted as not asked."""
    ids, (noted_by, not_asked) = people[0], noted
    told, place, other_door = Answers.none(len(ids), len(questions)), places_among(ids, len(ids)), 0
    excepted = [(positions(ids, noted_by), _items(questions, not_asked))]
    for who, what, numbers, marks in answers:
        person, item, counts = place(who), _items(questions, what), marks & people_queries.COUNTED > 0
        other_door += int((marks == people_queries.COUNTED + people_queries.OTHER_DOOR).sum())
        excepted.append((person[~counts], item[~counts]))
        told.add(person[counts], item[counts], numbers[counts])
    persons, items = (np.concatenate(each) for each in zip(*excepted, strict=True))
    return Read(people, told, (persons, items), other_door)


def people_of(read: Read, account_ids: Sequence[int], asked: Asked, facts: IntArray) -> People:
    """Return the people who were read, with what they said; accounts by their position in the ids.

    `facts` says how each was asked (see studies).
    """
    ids, accounts, role, drawn_mode, state, answered_mode, source, version = read.people
    roles = sorted(asked.roles)
    mode = np.where(answered_mode < 0, drawn_mode, answered_mode)
    doors = np.array([*DOORS, NO_DOOR])[source]
    applicable = put_by_door(applicable_items(read.answers, mode), doors, asked.by_door, read.excepted)
    return People(
        ids=ids,
        account=positions(np.array(account_ids, dtype=np.int64), accounts),
        role=role.astype(np.int64),
        roles=roles,
        role_weights=role_weights(roles, asked.roles),
        modes=np.array(MODES)[mode],
        version=version,
        has_response=state & HEARD > 0,
        is_unwilling=state & UNWILLING > 0,
        facts=facts,
        other_door=read.other_door,
        heard=heard(read.answers, asked.items, applicable),
    )


def _items(questions: IntArray, ids: NDArray[np.integer]) -> IntArray:
    """The positions of question ids among the questionnaire's questions."""
    order = np.argsort(questions)
    found: IntArray = order[positions(questions[order], ids)]
    return found


def role_weights(roles: Sequence[str], weights: Mapping[str, float]) -> FloatArray:
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
class Spoken:
    """Open answers as columns, by rising id: the person by position, the question's row, sentiment −1…1.

    Sentiment is NaN where the words are in a language that is not read; it stays where the words were taken away, which
    `has_words` tells. `is_long` is for words that nobody writes twice by chance; `mark` is one for the same words.
    """

    answer: IntArray
    person: IntArray
    question: IntArray
    compound: FloatArray
    has_words: BoolArray
    is_long: BoolArray
    mark: IntArray


def spoken_columns(columns: Sequence[NDArray[Any]], people: People) -> Spoken:
    """Return the open answers of people whose sentiment was taken, from the columns of `queries.words.spoken_words`."""
    order = np.argsort(columns[0])
    answer, who, question, compound, length, mark = (each[order] for each in columns)
    return Spoken(answer, positions(people.ids, who), question, compound, length > 0, length > 1, mark)


@dataclass(frozen=True)
class Picture:
    """All that is known of a study's accounts when its figures are made."""

    drawn: Drawn
    people: People
    voices: AccountVoices
    within: Within
    compared: Compared
    spoken: Spoken
