"""What was said at the accounts of a study: the most telling current answers, read for evidence and for topics."""

import json
from collections.abc import Collection, Iterable
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import ColumnElement

from app.customers.models import Account
from app.questionnaires.models import Question, QuestionnaireVersion
from app.questionnaires.rules.definition import Question as AskedQuestion
from app.questionnaires.rules.definition import ValueSide
from app.questionnaires.rules.quoting import WITHHELD
from app.questionnaires.rules.reading import parse_definition
from app.reports.queries.reach import Only, within
from app.reports.rules.evidence import Told
from app.responses.models import Answer, Remark, Response
from app.responses.queries import counted, may_be_quoted, quote_permission
from app.responses.queries import permission_of as _permission
from app.scoring.models import AccountScore, VerbatimSentiment
from app.scoring.queries.choosing import people_conditions
from app.scoring.rules.choice import Choice
from app.scoring.rules.respondents import OUTSIDE_VOICE
from app.studies.models import Respondent, Study

Conditions = tuple[ColumnElement[bool], ...]

_NOT_RECEIVED = {ValueSide.PROMISED, ValueSide.TO_BE_DELIVERED}
_KEPT = 3

REMEMBERED = 64
"""Studies for which a process keeps what it read of questionnaires, and the statements that it wrote."""

Definitions = tuple[str, ...]
Ids = tuple[Any, ...]
Side = sa.Subquery | None
"""At which end of an account's answers to look; None is at both."""
Telling = tuple[sa.Select[Any] | None, sa.Select[Any] | None, sa.Select[Any]]


def told_by_account(
    session: Session, study: Study, scoring_id: int, only: Only = None, choice: Choice | None = None
) -> dict[str, list[Told]]:
    """The most telling current answers of each account: its extreme scores and its most charged words, by `crm_id`.

    The lowest where the scoring has the voice below health, else the highest. With a choice of people, of those alone,
    and of both ends: for them it may lie on the other side.
    """
    key = _asked_key(session, study)
    asked = _asked(*key)
    if only is None and choice is None:
        *statements, quotes = _telling_of_all(study.id, scoring_id, *key)
    else:
        people = () if choice is None else people_conditions(choice)
        side = None if people else _side(scoring_id)
        *statements, quotes = _telling(study.id, asked, only, people, side)
    told: dict[str, list[Told]] = {}
    for statement in statements:
        if statement is not None:
            _collect(told, session.execute(statement), asked)
    _collect_quotes(told, session.execute(quotes), asked)
    return told


@lru_cache(maxsize=REMEMBERED)
def _telling_of_all(study_id: int, scoring_id: int, definitions: Definitions, ids: Ids) -> Telling:
    """The statements over all accounts, remembered: to write them takes longer than to find their rows."""
    return _telling(study_id, _asked(definitions, ids), None, (), _side(scoring_id))


def _telling(study_id: int, asked: dict[int, AskedQuestion], only: Only, people: Conditions, side: Side) -> Telling:
    scores = _extreme_scores(study_id, asked, only, people, side)
    words = _charged_words(study_id, asked, only, people, side)
    return scores, words, _interview_quotes(study_id, asked, only).where(*people)


def _side(scoring_id: int) -> sa.Subquery:
    """Of each account, 1 where the lowest answers tell most, and −1 where the highest do."""
    score = AccountScore
    is_low = sa.func.coalesce(score.p_low, 0.0) >= sa.func.coalesce(score.p_high, 0.0)
    side = sa.case((is_low, 1), else_=-1).label("side")
    return sa.select(score.account_id, side).where(score.scoring_id == scoring_id).subquery()


def told_about(session: Session, study: Study, keys: Collection[str], only: Only) -> dict[str, list[Told]]:
    """The words about some questions that may be quoted, the most charged of each account, by `crm_id`."""
    every = _asked(*_asked_key(session, study))
    asked = {question_id: question for question_id, question in every.items() if question.key in keys}
    told: dict[str, list[Told]] = {}
    words = _charged_words(study.id, asked, only)
    if words is not None:
        _collect(told, session.execute(words), asked)
    quotes = _interview_quotes(study.id, asked, only).where(Remark.question_id.in_(list(asked)))
    _collect_quotes(told, session.execute(quotes), asked)
    return told


def _asked_key(session: Session, study: Study) -> tuple[Definitions, Ids]:
    """The versions that were answered in the study as texts, its own last, and the ids and keys of all questions."""
    used = sa.select(Response.version_id).where(Response.study_id == study.id)
    version = QuestionnaireVersion
    is_own = version.id == study.version_id
    definitions = tuple(
        session.scalars(
            sa.select(sa.cast(version.definition, sa.Text))
            .where(sa.or_(version.id.in_(used), is_own))
            .order_by(is_own, version.id)
        )
    )
    wanted = sa.select(Question.id, Question.key).where(Question.key.in_(_by_key(definitions)))
    return definitions, tuple(sorted(map(tuple, session.execute(wanted))))


@lru_cache(maxsize=REMEMBERED)
def _by_key(definitions: Definitions) -> dict[str, AskedQuestion]:
    """Every question by its key, as the last of the versions that have it asks it."""
    parsed = (parse_definition(json.loads(definition)) for definition in definitions)
    return {question.key: question for definition in parsed for question in definition.questions}


@lru_cache(maxsize=REMEMBERED)
def _asked(definitions: Definitions, ids: Ids) -> dict[int, AskedQuestion]:
    """Every question of the versions by its id."""
    by_key = _by_key(definitions)
    return {question_id: by_key[key] for question_id, key in ids}


def _extreme_scores(
    study_id: int, asked: dict[int, AskedQuestion], only: Only, people: Conditions = (), side: Side = None
) -> sa.Select[Any] | None:
    scores = {i: _to_100(question) for i, question in asked.items() if _speaks(question)}
    if not scores:
        return None
    scored = sa.case(scores, value=Answer.question_id, else_=None)
    is_told = sa.and_(Answer.value_number.is_not(None), *people)
    # A number is nobody's words: whether the person may be quoted is looked up for words alone.
    return _ranked(
        study_id,
        measure=scored,
        text=sa.null(),
        permission=sa.null(),
        is_told=is_told,
        questions=list(scores),
        only=only,
        side=side,
    )


def _charged_words(
    study_id: int, asked: dict[int, AskedQuestion], only: Only, people: Conditions = (), side: Side = None
) -> sa.Select[Any] | None:
    texts = [i for i, question in asked.items() if question.kind == "text"]
    if not texts:
        return None
    charge = sa.func.coalesce(VerbatimSentiment.compound, 0.0)
    has_words = sa.func.length(sa.func.trim(sa.func.coalesce(Answer.value_text, ""))) > 0
    may_be_quoted = sa.func.coalesce(_permission(), "") != WITHHELD
    is_told = sa.and_(has_words, may_be_quoted, *people)
    return _ranked(
        study_id,
        measure=charge,
        text=Answer.value_text,
        permission=_permission(),
        is_told=is_told,
        questions=texts,
        only=only,
        side=side,
    )


def _interview_quotes(study_id: int, asked: dict[int, AskedQuestion], only: Only) -> sa.Select[Any]:
    """What interviewers took down word for word and may be used, with the person's own number at the same question."""
    said = sa.orm.aliased(Answer)
    scores = {i: _to_100(question, said.value_number) for i, question in asked.items() if _speaks(question)}
    measure = sa.case(scores, value=Remark.question_id, else_=None) if scores else sa.null()
    same_question = sa.and_(
        said.response_id == Remark.response_id,
        said.question_id == Remark.question_id,
        said.item == Remark.item,
        counted(said),
    )
    return (
        sa.select(Account.crm_id, Response.external_id, Respondent.role, Response.mode, Remark.question_id)
        .add_columns(Remark.quote, measure, quote_permission(), -Remark.id)
        .join(Response, Response.id == Remark.response_id)
        .join(Respondent, Respondent.id == Response.respondent_id)
        .join(Account, Account.id == Respondent.account_id)
        .outerjoin(said, same_question)
        .where(
            Response.study_id == study_id,
            Response.submitted_at.is_not(None),
            may_be_quoted(),
            *within(Respondent.account_id, only),
        )
        .order_by(Account.crm_id, Response.external_id, Remark.question_id)
    )


def _ranked(
    study_id: int,
    *,
    measure: ColumnElement[Any],
    text: ColumnElement[Any] | Any,
    permission: ColumnElement[Any],
    is_told: ColumnElement[bool],
    questions: list[int],
    only: Only,
    side: Side,
) -> sa.Select[Any]:
    """The answers whose measure is among the few of their account at the side that tells, or at either."""

    def rank(order: Any) -> ColumnElement[int]:
        by = (order, sa.func.length(sa.func.coalesce(Answer.value_text, "")).desc(), Answer.response_id, Answer.id)
        return sa.func.row_number().over(partition_by=Respondent.account_id, order_by=by)

    ends = (measure, measure.desc()) if side is None else (measure * side.c.side,)
    answers = (
        sa.select(
            Respondent.account_id,
            Response.external_id,
            Respondent.role,
            Response.mode,
            Answer.question_id,
            text.label("words"),
            measure.label("measure"),
            permission.label("permission"),
            Answer.id.label("statement"),
            *(rank(end).label(f"place_{number}") for number, end in enumerate(ends)),
        )
        .join(Response, Response.id == Answer.response_id)
        .join(Respondent, Respondent.id == Response.respondent_id)
        .outerjoin(VerbatimSentiment, VerbatimSentiment.answer_id == Answer.id)
        .where(
            Response.study_id == study_id,
            Response.submitted_at.is_not(None),
            counted(),
            Answer.question_id.in_(questions),
            is_told,
            *within(Respondent.account_id, only),
        )
    )
    if side is not None:
        answers = answers.join(side, side.c.account_id == Respondent.account_id)
    inner = answers.subquery()
    return (
        sa.select(Account.crm_id, inner.c.external_id, inner.c.role, inner.c.mode, inner.c.question_id)
        .add_columns(inner.c.words, inner.c.measure, inner.c.permission, inner.c.statement)
        .join(inner, inner.c.account_id == Account.id)
        .where(sa.or_(*(inner.c[f"place_{number}"] <= _KEPT for number in range(len(ends)))))
        .order_by(Account.crm_id, inner.c.external_id, inner.c.question_id)
    )


def _collect(told: dict[str, list[Told]], rows: Iterable[Any], asked: dict[int, AskedQuestion]) -> None:
    for crm_id, response_id, role, mode, question_id, words, measure, permission, statement in rows:
        question = asked[question_id]
        text = None if words is None else " ".join(words.split())
        score = float(measure) if words is None else None
        compound = None if words is None else float(measure)
        dimension = str(question.dimension) if question.dimension else None
        told.setdefault(crm_id, []).append(
            Told(response_id, role, mode, question.key, dimension, text, score, compound, permission, statement)
        )


def _collect_quotes(told: dict[str, list[Told]], rows: Iterable[Any], asked: dict[int, AskedQuestion]) -> None:
    for crm_id, response_id, role, mode, question_id, words, measure, permission, statement in rows:
        question = asked[question_id]
        dimension = str(question.dimension) if question.dimension else None
        # The number given at the same question says whether the words are a complaint or praise.
        mood = None if measure is None else float(measure) / 50 - 1
        text = " ".join(words.split())
        told.setdefault(crm_id, []).append(
            Told(response_id, role, mode, question.key, dimension, text, None, mood, permission, statement)
        )


def _to_100(question: AskedQuestion, number: Any = Answer.value_number) -> ColumnElement[Any]:
    """The answer on 0–100, high = good (percentage of the maximum possible, Cohen et al. 1999)."""
    low, high = question.minimum or 0.0, question.maximum or 1.0
    share: ColumnElement[Any] = (number - low) * (100.0 / (high - low))
    return 100.0 - share if question.reverse else share


def _speaks(question: AskedQuestion) -> bool:
    """Whether answers to the question enter the voice: what was promised, and what lies outside the voice, do not."""
    if question.dimension is None or question.minimum is None or question.maximum is None:
        return False
    return str(question.dimension) not in OUTSIDE_VOICE and question.value_side not in _NOT_RECEIVED
