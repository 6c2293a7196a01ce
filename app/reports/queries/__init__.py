"""What the gap report reads: a handful of set-based queries, however many accounts there are."""

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import ColumnElement

from app.core.workspace import the_workspace
from app.customers.models import Account
from app.health.models import HealthComputation, ScorecardVersion
from app.questionnaires.models import Question, QuestionnaireVersion
from app.questionnaires.rules.definition import Question as AskedQuestion
from app.questionnaires.rules.definition import ValueSide
from app.questionnaires.rules.quoting import WITHHELD
from app.questionnaires.rules.reading import parse_definition
from app.reports.rules.document import AccountRow, Facts
from app.reports.rules.evidence import Told
from app.responses.models import Answer, Remark, Response, ResponseChange
from app.responses.queries import counted, may_be_quoted, quote_permission
from app.responses.queries import permission_of as _permission
from app.scoring.models import AccountScore, Scoring, VerbatimSentiment
from app.scoring.queries.choosing import people_conditions
from app.scoring.rules.choice import Choice
from app.scoring.rules.respondents import OUTSIDE_VOICE
from app.studies.models import DrawRecord, Respondent, SampledAccount, Study
from app.studies.scope import assigned_accounts
from app.users.models import User
from app.users.rules import Scope

Only = Collection[int] | None
"""The account ids a person may see; None is all of them."""

Conditions = tuple[ColumnElement[bool], ...]

_NOT_RECEIVED = {ValueSide.PROMISED, ValueSide.TO_BE_DELIVERED}
_KEPT = 3

REMEMBERED = 64
"""Studies for which a process keeps what it read of questionnaires, and the statements that it wrote."""

Definitions = tuple[str, ...]
Ids = tuple[Any, ...]
Telling = tuple[sa.Select[Any] | None, sa.Select[Any] | None, sa.Select[Any]]


@dataclass(frozen=True)
class ScoredStudy:
    """A study's present scoring: its id, when it was made, its portfolio figures, and the facts that a report names."""

    scoring_id: int
    scored_at: datetime
    figures: dict[str, Any]
    facts: Facts


def scored_study(session: Session, study: Study) -> ScoredStudy | None:
    """The present scoring of the study with the versions it was computed by; None where it has not been scored."""
    row = session.execute(
        sa.select(Scoring, HealthComputation.as_of, ScorecardVersion, QuestionnaireVersion, DrawRecord.audit_sha256)
        .join(HealthComputation, HealthComputation.id == Scoring.health_computation_id)
        .join(ScorecardVersion, ScorecardVersion.id == HealthComputation.scorecard_version_id)
        .join(QuestionnaireVersion, QuestionnaireVersion.id == study.version_id)
        .outerjoin(DrawRecord, DrawRecord.study_id == Scoring.study_id)
        .where(Scoring.study_id == study.id)
    ).one_or_none()
    if row is None:
        return None
    scoring, as_of, scorecard, questionnaire, audit_sha256 = row
    workspace = the_workspace(session)
    facts = Facts(
        study=study.key,
        name=study.name,
        as_of=as_of,
        opens_on=study.opens_on,
        closes_on=study.closes_on,
        currency=workspace.currency,
        is_sample=workspace.is_sample,
        scorecard=_scorecard(scorecard),
        questionnaire={"key": questionnaire.key, "version": questionnaire.version, "name": questionnaire.name},
        draw=_draw(study.plan, audit_sha256),
    )
    return ScoredStudy(scoring.id, scoring.scored_at, scoring.figures, facts)


def drawn_accounts(session: Session, scoring_id: int, only: Only = None) -> list[AccountRow]:
    """Every drawn account with its scores, and the name of its CSM where that address is a user here."""
    csm = sa.func.coalesce(sa.func.nullif(User.name, ""), Account.csm_email)
    score = AccountScore
    statement = (
        sa.select(
            Account.crm_id,
            Account.name,
            Account.arr,
            Account.currency,
            Account.renewal_date,
            csm,
            SampledAccount.stratum,
            score.health,
            score.health_band,
            score.voice,
            score.voice_se,
            score.voice_band,
            score.respondents,
            score.role_coverage,
            score.role_range,
            score.equated_health,
            score.gap,
            score.gap_shrunken,
            score.gap_se,
            score.p_low,
            score.p_high,
            score.tier,
            score.quadrant,
        )
        .join(Account, Account.id == score.account_id)
        .join(Scoring, Scoring.id == score.scoring_id)
        .join(
            SampledAccount,
            sa.and_(SampledAccount.study_id == Scoring.study_id, SampledAccount.account_id == score.account_id),
        )
        .outerjoin(User, sa.func.lower(User.email) == sa.func.lower(Account.csm_email))
        .where(score.scoring_id == scoring_id, *_within(score.account_id, only))
    )
    return [_account_row(row) for row in session.execute(statement)]


def account_ids(session: Session, crm_ids: Collection[str]) -> set[int]:
    """The ids of the accounts of these names in the customer's own system."""
    return set(session.scalars(sa.select(Account.id).where(Account.crm_id.in_(sorted(crm_ids)))))


def hidden_risk_tiers(session: Session, scoring_id: int) -> dict[str, int]:
    """How many accounts of the whole study stand in hidden risk and are flagged low, by tier."""
    score = AccountScore
    statement = (
        sa.select(score.tier, sa.func.count())
        .where(score.scoring_id == scoring_id, score.quadrant == "hidden_risk", score.p_low >= score.p_high)
        .group_by(score.tier)
    )
    flags = {"confirmed": 0, "probable": 0}
    return flags | {tier: n for tier, n in session.execute(statement) if tier in flags}


def told_by_account(
    session: Session, study: Study, only: Only = None, choice: Choice | None = None
) -> dict[str, list[Told]]:
    """The most telling current answers of each account: its extreme scores and its most charged words, by `crm_id`.

    With a choice of people, of those alone.
    """
    key = _asked_key(session, study)
    asked = _asked(*key)
    if only is None and choice is None:
        *statements, quotes = _telling_of_all(study.id, *key)
    else:
        people = () if choice is None else people_conditions(choice)
        *statements, quotes = _telling(study.id, asked, only, people)
    told: dict[str, list[Told]] = {}
    for statement in statements:
        if statement is not None:
            _collect(told, session.execute(statement), asked)
    _collect_quotes(told, session.execute(quotes), asked)
    return told


@lru_cache(maxsize=REMEMBERED)
def _telling_of_all(study_id: int, definitions: Definitions, ids: Ids) -> Telling:
    """The statements over all accounts, remembered: to write them takes longer than to find their rows."""
    return _telling(study_id, _asked(definitions, ids), None, ())


def _telling(study_id: int, asked: dict[int, AskedQuestion], only: Only, people: Conditions) -> Telling:
    scores, words = _extreme_scores(study_id, asked, only, people), _charged_words(study_id, asked, only, people)
    return scores, words, _interview_quotes(study_id, asked, only).where(*people)


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


def _scorecard(version: ScorecardVersion) -> dict[str, Any]:
    bands = version.definition.get("bands") or {}
    return {
        "key": version.key,
        "version": version.version,
        "circular": version.is_circular,
        "name": version.name,
        "amber_from": float(bands.get("amber_from", 50)),
        "green_from": float(bands.get("green_from", 75)),
        "has_lifecycle_bands": bool(version.definition.get("lifecycle")),
    }


def _draw(plan: dict[str, Any], audit_sha256: str | None) -> dict[str, Any]:
    if "trigger" in plan:
        kept = {name: plan.get(name) for name in ("wave", "strata", "roles", "mode", "trigger")}
        return {**kept, "method": None, "seed": None, "audit_sha256": audit_sha256}
    names = ("method", "seed", "wave", "strata", "roles", "mode")
    return {**{name: plan.get(name) for name in names}, "audit_sha256": audit_sha256}


def _account_row(row: Any) -> AccountRow:
    crm_id, name, arr, *rest = row
    return AccountRow(crm_id, name, None if arr is None else float(arr), *rest)


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
    study_id: int, asked: dict[int, AskedQuestion], only: Only, people: Conditions = ()
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
    )


def _charged_words(
    study_id: int, asked: dict[int, AskedQuestion], only: Only, people: Conditions = ()
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
            *_within(Respondent.account_id, only),
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
) -> sa.Select[Any]:
    """The answers whose measure is among the lowest or the highest few of their account."""

    def rank(*order: Any) -> ColumnElement[int]:
        by = (*order, sa.func.length(sa.func.coalesce(Answer.value_text, "")).desc(), Answer.response_id, Answer.id)
        return sa.func.row_number().over(partition_by=Respondent.account_id, order_by=by)

    inner = (
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
            rank(measure).label("from_low"),
            rank(measure.desc()).label("from_high"),
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
            *_within(Respondent.account_id, only),
        )
        .subquery()
    )
    return (
        sa.select(Account.crm_id, inner.c.external_id, inner.c.role, inner.c.mode, inner.c.question_id)
        .add_columns(inner.c.words, inner.c.measure, inner.c.permission, inner.c.statement)
        .join(inner, inner.c.account_id == Account.id)
        .where(sa.or_(inner.c.from_low <= _KEPT, inner.c.from_high <= _KEPT))
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


def _within(column: Any, only: Only) -> tuple[ColumnElement[bool], ...]:
    # The ids stand in the statement itself: databases take thousands of them there, and not as so many values.
    return () if only is None else (column.in_(sa.bindparam(None, sorted(only), expanding=True, literal_execute=True)),)


def is_waiting(session: Session, study: Study) -> bool:
    """Whether answers have come that no scoring has seen yet."""
    return bool(session.scalar(sa.select(sa.exists().where(ResponseChange.study_id == study.id))))


def assigned_ids(session: Session, study: Study, scope: Scope) -> set[int]:
    """The drawn accounts of the study that are assigned to the caller."""
    statement = (
        sa.select(SampledAccount.account_id)
        .join(Account, Account.id == SampledAccount.account_id)
        .where(SampledAccount.study_id == study.id, assigned_accounts(scope))
    )
    return set(session.scalars(statement))
