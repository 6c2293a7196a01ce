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
    scores = [i for i, question in asked.items() if _speaks(question)]
    if not scores:
        return None
    is_told = (Answer.question_id.in_(scores), Answer.value_number.is_not(None), *people)
    ranked = _ranked(study_id, measure=_measure(asked), is_told=is_told, longest=(), only=only, side=side)
    # A number is nobody's words: whether the person may be quoted is looked up for words alone.
    return _told_at(ranked, text=sa.null(), permission=sa.null())


def _charged_words(
    study_id: int, asked: dict[int, AskedQuestion], only: Only, people: Conditions = (), side: Side = None
) -> sa.Select[Any] | None:
    texts = [i for i, question in asked.items() if question.kind == "text"]
    if not texts:
        return None
    length = sa.func.length(Answer.value_text)
    has_words = sa.func.length(sa.func.trim(sa.func.coalesce(Answer.value_text, ""))) > 0
    may_be_quoted = sa.func.coalesce(_permission(), "") != WITHHELD
    is_told = (Answer.question_id.in_(texts), has_words, may_be_quoted, *people)
    charge = sa.func.coalesce(VerbatimSentiment.compound, 0.0)
    ranked = _ranked(study_id, measure=charge, is_told=is_told, longest=(length.desc(),), only=only, side=side)
    return _told_at(ranked, text=Answer.value_text, permission=_permission())


def _interview_quotes(study_id: int, asked: dict[int, AskedQuestion], only: Only) -> sa.Select[Any]:
    """What interviewers took down word for word and may be used, with the person's own number at the same question."""
    said = sa.orm.aliased(Answer)
    same_question = sa.and_(
        said.response_id == Remark.response_id,
        said.question_id == Remark.question_id,
        said.item == Remark.item,
        counted(said),
    )
    return (
        sa.select(Account.crm_id, Response.external_id, Respondent.role, Response.mode, Remark.question_id)
        .add_columns(Remark.quote, _measure(asked, said), quote_permission(), -Remark.id)
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
    is_told: Conditions,
    longest: tuple[ColumnElement[Any], ...],
    only: Only,
    side: Side,
) -> sa.Subquery:
    """The answers whose measure is among the few of their account at the side that tells, or at either, by their ids.

    Ids and measures alone are sorted; what else is told is looked up for the few that are kept.
    """

    def rank(order: Any) -> ColumnElement[int]:
        by = (order, *longest, Answer.response_id, Answer.id)
        return sa.func.row_number().over(partition_by=Respondent.account_id, order_by=by)

    ends = (measure, measure.desc()) if side is None else (measure * side.c.side,)
    places = [rank(end).label(f"place_{number}") for number, end in enumerate(ends)]
    answers = (
        sa.select(Answer.id, measure.label("measure"), *places)
        .join(Response, Response.id == Answer.response_id)
        .join(Respondent, Respondent.id == Response.respondent_id)
        .where(
            Response.study_id == study_id,
            Response.submitted_at.is_not(None),
            counted(),
            *is_told,
            *within(Respondent.account_id, only),
        )
    )
    if longest:
        answers = answers.outerjoin(VerbatimSentiment, VerbatimSentiment.answer_id == Answer.id)
    if side is not None:
        answers = answers.join(side, side.c.account_id == Respondent.account_id)
    ranked = answers.subquery()
    is_kept = sa.or_(*(ranked.c[place.name] <= _KEPT for place in places))
    return sa.select(ranked.c.id, ranked.c.measure).where(is_kept).subquery()


def _told_at(ranked: sa.Subquery, *, text: Any, permission: ColumnElement[Any]) -> sa.Select[Any]:
    """What was said in these answers, and by whom."""
    return (
        sa.select(Account.crm_id, Response.external_id, Respondent.role, Response.mode, Answer.question_id)
        .add_columns(text, ranked.c.measure, permission, Answer.id)
        .join(ranked, ranked.c.id == Answer.id)
        .join(Response, Response.id == Answer.response_id)
        .join(Respondent, Respondent.id == Response.respondent_id)
        .join(Account, Account.id == Respondent.account_id)
        .order_by(Account.crm_id, Response.external_id, Answer.question_id)
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


def _measure(asked: dict[int, AskedQuestion], said: Any = Answer) -> ColumnElement[Any]:
    """The number of an answer on 0–100, high = good (percentage of the maximum possible, Cohen et al. 1999).

    A branch for each scale and not for each question: databases walk through them for every answer.
    """
    scales: dict[tuple[float, float, bool], list[int]] = {}
    for question_id, question in asked.items():
        if _speaks(question):
            scale = (question.minimum or 0.0, question.maximum or 1.0, question.reverse)
            scales.setdefault(scale, []).append(question_id)
    if not scales:
        return sa.null()
    return sa.case(*((said.question_id.in_(ids), _to_100(said.value_number, *scale)) for scale, ids in scales.items()))


def _to_100(number: Any, low: float, high: float, is_reversed: bool) -> ColumnElement[Any]:
    share: ColumnElement[Any] = (number - low) * (100.0 / (high - low))
    return 100.0 - share if is_reversed else share


def _speaks(question: AskedQuestion) -> bool:
    """Whether answers to the question enter the voice: what was promised, and what lies outside the voice, do not."""
    if question.dimension is None or question.minimum is None or question.maximum is None:
        return False
    return str(question.dimension) not in OUTSIDE_VOICE and question.value_side not in _NOT_RECEIVED
