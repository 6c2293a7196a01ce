"""What people said of relationships where a questionnaire asked about each: scored as the study's own answers are."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

import numpy as np
from sqlalchemy import and_, case, false, literal, or_, select, true, union_all
from sqlalchemy.orm import Session

from app.customers.models import Account
from app.questionnaires.models import Question, QuestionnaireVersion
from app.questionnaires.queries import definition_of
from app.questionnaires.rules.definition import ANY_TYPE, PROMISE, AskedIn, Questionnaire
from app.questionnaires.rules.kinds import Absence
from app.relationships.rules.types import type_key
from app.relationships.rules.voice import voice_figure
from app.responses.models import Answer, Remark, Response
from app.scoring.models import Scoring
from app.scoring.rules.respondents import Answers, applicable_items, heard, put_by_door
from app.scoring.services.columns import items_of
from app.studies.models import Respondent, Study
from app.studies.scope import visible_accounts
from app.users.rules import Scope

NOBODY = "No study has asked about it yet: a questionnaire asks about each relationship where a section is looped."


@dataclass(frozen=True)
class Voice:
    """What people said of a relationship in the newest scored study that heard them, 0–100; the ends stay in the scale.

    `low` and `high` are None where one person alone spoke.
    """

    value: float
    low: float | None
    high: float | None
    n: int
    study_key: str
    study_name: str
    closes_on: date


def voices_of(session: Session, *, scope: Scope, account_id: int, types: Mapping[str, str]) -> dict[str, Voice]:
    """Return the voice of each relationship of an account, by its CRM id; those of whom nobody said anything lack.

    `types` are their types by CRM id. Studies are those that the caller may see; anonymous ones know nothing of
    accounts. Two statements, one where nobody was asked.
    """
    rows = session.execute(_answers(scope, account_id)).all()
    rows = [row for row in rows if row.item in types]
    if not rows:
        return {}
    wanted = select(QuestionnaireVersion).where(QuestionnaireVersion.id.in_({row.version_id for row in rows}))
    definitions = {version.id: definition_of(version) for version in session.scalars(wanted)}
    found: dict[str, Voice] = {}
    # The oldest study first: what a newer one heard takes the place of what came before.
    for _, of_study in groupby(rows, key=lambda row: row.study_id):
        found |= _of_study(list(of_study), definitions, types)
    return found


def _answers(scope: Scope, account_id: int) -> Any:
    """Answers and what an interviewer noted as not applicable, with their studies, the oldest study first."""
    does_not_apply = or_(Answer.absence == Absence.NOT_APPLICABLE.value, ~Answer.is_counted)
    answers = select(
        Answer.response_id,
        Answer.question_id,
        Answer.item,
        Answer.value_number,
        case((does_not_apply, false()), else_=true()).label("counts"),
    ).where(Answer.item != "", Answer.superseded_at.is_(None), or_(Answer.absence.is_(None), does_not_apply))
    noted = select(
        Remark.response_id, Remark.question_id, Remark.item, literal(None, Answer.value_number.type), false()
    ).where(Remark.item != "", Remark.superseded_at.is_(None), Remark.absence == Absence.NOT_APPLICABLE.value)
    at_account = (
        select(Response.id).join(Respondent, Respondent.id == Response.respondent_id)
        .where(Respondent.account_id == account_id, Response.submitted_at.is_not(None))
    )  # fmt: skip
    each = union_all(
        answers.where(Answer.response_id.in_(at_account)), noted.where(Remark.response_id.in_(at_account))
    ).subquery()
    return (
        select(
            Study.id.label("study_id"),
            Study.key.label("study_key"),
            Study.name.label("study_name"),
            Study.version_id,
            Study.closes_on,
            Response.respondent_id,
            Response.mode,
            Response.source,
            Question.key.label("question"),
            each.c.item,
            each.c.value_number,
            each.c.counts,
        )
        .join(Response, Response.id == each.c.response_id)
        .join(Study, Study.id == Response.study_id)
        .join(Scoring, Scoring.study_id == Study.id)
        .join(Question, Question.id == each.c.question_id)
        .join(Account, Account.id == account_id)
        .where(and_(~Study.is_anonymous, visible_accounts(scope)))
        .order_by(Study.closes_on, Study.id)
    )


def _of_study(
    rows: Sequence[Any], definitions: Mapping[int, Questionnaire], types: Mapping[str, str]
) -> dict[str, Voice]:
    study, definition = rows[0], definitions[rows[0].version_id]
    by_type: defaultdict[str, list[Any]] = defaultdict(list)
    for row in rows:
        by_type[type_key(types[row.item])].append(row)
    said: defaultdict[str, list[float]] = defaultdict(list)
    for type_, of_type in by_type.items():
        for item, value in _values(of_type, definition, type_):
            said[item].append(value)
    return {item: _voice(values, study) for item, values in said.items()}


def _voice(values: Sequence[float], study: Any) -> Voice:
    figure = voice_figure(values)
    return Voice(
        value=float(np.mean(values)),
        low=None if figure.low is None else max(figure.low, 0.0),
        high=None if figure.high is None else min(figure.high, 100.0),
        n=figure.n,
        study_key=study.study_key,
        study_name=study.study_name,
        closes_on=study.closes_on,
    )


def _values(rows: Sequence[Any], definition: Questionnaire, type_: str) -> Iterable[tuple[str, float]]:
    """The item and voice 0–100 of each person about each item of one type, scored as a study's people are.

    A person about a relationship is what a person is to the study: dimensions by the half rule over what was put to
    them about it, and the mean of the dimensions.
    """
    asked = _asked(definition, type_)
    keys = {definition.questions[place].key for place in asked}
    rows = [row for row in rows if row.question in keys]
    if not rows:
        return
    pairs = {pair: place for place, pair in enumerate(dict.fromkeys((row.item, row.respondent_id) for row in rows))}
    voices = _scored(rows, [pairs[row.item, row.respondent_id] for row in rows], definition, asked)
    for (crm_id, _), value in zip(pairs, voices, strict=True):
        if not np.isnan(value):
            yield crm_id, value


def _asked(definition: Questionnaire, type_: str) -> list[int]:
    """The places of the questions that are asked about each relationship of a type."""
    about = {type_key(type_), ANY_TYPE} - {PROMISE}
    sections = {each.key for each in definition.sections if each.per and type_key(each.per) in about}
    return [place for place, each in enumerate(definition.questions) if each.section in sections]


def _scored(
    rows: Sequence[Any], persons: Sequence[int], definition: Questionnaire, asked: Sequence[int]
) -> list[float]:
    """The voice of each person about one thing, NaN where they said too little; `persons` are those of the rows."""
    every = items_of(definition)
    items = [every[place] for place in asked]
    places = {item.key: place for place, item in enumerate(items)}
    person, item = np.array(persons), np.array([places[row.question] for row in rows])
    number = np.array([np.nan if row.value_number is None else row.value_number for row in rows], dtype=np.float64)
    counts = np.array([bool(row.counts) for row in rows])
    answers = Answers.none(int(person.max()) + 1, len(items))
    answers.add(person[counts], item[counts], number[counts])
    doors = np.empty(len(answers.given), dtype="U20")
    doors[person] = ["" if row.source == "import" else row.mode for row in rows]
    by_door = {
        str(door): np.array([door in definition.questions[place].asked_in for place in asked], dtype=np.bool_)
        for door in AskedIn
    }
    put = put_by_door(applicable_items(answers, doors), doors, by_door, (person[~counts], item[~counts]))
    voices: list[float] = heard(answers, items, put).voice.tolist()
    return voices
