"""Reads of who needs education by what they said, with their words and what was begun for them."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import ColumnElement, Row, and_, false, func, or_, select, union_all
from sqlalchemy.orm import Session

from app.actions.models import Action
from app.core.errors import Missing
from app.core.ids import LARGEST_ID
from app.customers.models import Account
from app.education.rules.skills import (
    KEY,
    MISSING_SKILLS,
    Asked,
    Need,
    asked_about,
    form_key,
    names_something,
    themes_of_skills,
    words_about,
)
from app.questionnaires.models import Question, QuestionnaireVersion
from app.questionnaires.rules.quoting import WITHHELD
from app.responses.models import Answer, Remark, Response
from app.responses.queries import counted, may_be_quoted, permission_of, quote_permission
from app.scoring.models import Analysis, Scoring
from app.scoring.queries.words import theme_edits
from app.scoring.rules.statements import is_quote, remark_id
from app.studies.models import Respondent, Study
from app.studies.scope import visible_accounts
from app.users.rules import Scope

WINDOW = timedelta(days=365)
"""How long what somebody said counts as a need."""
WORDS = "words"
"""The topic of a scoring that holds its themes."""
Rows = Sequence[Row[Any]]


@dataclass(frozen=True)
class VersionedQuestion:
    """A scored question as it stands in versions: its id, how it is read, and the versions that ask it so."""

    id: int
    asked: Asked
    versions: tuple[int, ...]


@dataclass(frozen=True)
class Instruments:
    """What the versions that somebody answered ask about skills and education."""

    scored: list[VersionedQuestion]
    open_ids: list[int]
    missing_id: int | None


def instruments(session: Session) -> Instruments:
    """The questions about skills and education of every version that somebody answered."""
    answered = select(Response.version_id).distinct()
    rows = session.execute(
        select(QuestionnaireVersion.id, QuestionnaireVersion.definition).where(QuestionnaireVersion.id.in_(answered))
    )
    versions: dict[Asked, list[int]] = defaultdict(list)
    open_keys: set[str] = set()
    for version_id, definition in rows:
        open_keys |= words_about(definition)
        for asked in asked_about(definition):
            versions[asked].append(version_id)
    keys = {asked.key for asked in versions} | open_keys
    ids = {row.key: row.id for row in session.execute(select(Question.key, Question.id).where(Question.key.in_(keys)))}
    scored = [
        VersionedQuestion(ids[asked.key], asked, tuple(found)) for asked, found in versions.items() if asked.key in ids
    ]
    return Instruments(scored, [ids[key] for key in sorted(open_keys) if key in ids], ids.get(MISSING_SKILLS))


def needs(session: Session, *, scope: Scope, at: datetime, only: ColumnElement[bool] | None = None) -> dict[int, Need]:
    """Who needs education by what they said within a year, of those whose answers the caller may read.

    By respondent: a scored answer about skills or education under 50 points, words to the question which skills are
    missing, or a statement of a theme that people named after skills or learning. A few statements, however many said
    it. `only` is one more condition on Respondent, Account and Study.
    """
    found: dict[int, Need] = defaultdict(Need)
    asked = instruments(session)
    for respondent_id, question, value in _low_answers(session, asked, scope, at, only):
        known = found[respondent_id].points.get(question.dimension, 100.0)
        found[respondent_id].points[question.dimension] = min(known, question.points(value))
    for row in _named_skills(session, asked, scope, at, only):
        if names_something(row.value_text):
            found[row.respondent_id].names_skills = True
    for respondent_id, theme in _themes(session, scope, at, only):
        found[respondent_id].themes.add(theme)
    return dict(found)


def need_of(session: Session, *, scope: Scope, respondent_id: int, at: datetime) -> tuple[Need, Row[Any]]:
    """The need of one person with their facts; Missing where they have none, or it is not the caller's to see."""
    wanted = min(respondent_id, LARGEST_ID)
    found = needs(session, scope=scope, at=at, only=Respondent.id == wanted).get(respondent_id)
    if found is None:
        raise Missing("There is no such need.", "respondent")
    return found, facts_of(session, [respondent_id])[0]


def facts_of(session: Session, respondent_ids: Sequence[int]) -> Rows:
    """Rows (id, role, account_id, crm_id, account, csm_email, study, study_key, external_id, submitted_at)."""
    wanted = (
        select(
            Respondent.id,
            Respondent.role,
            Respondent.account_id,
            Account.crm_id,
            Account.name.label("account"),
            Account.csm_email,
            Study.name.label("study"),
            Study.key.label("study_key"),
            Response.external_id,
            Response.submitted_at,
        )
        .join(Account, Account.id == Respondent.account_id)
        .join(Study, Study.id == Respondent.study_id)
        .join(Response, Response.respondent_id == Respondent.id)
        .where(Respondent.id.in_(respondent_ids))
    )
    return cast("Rows", session.execute(wanted).all())


def actions_begun(session: Session, respondent_ids: Sequence[int] | None = None) -> dict[int, Row[Any]]:
    """The actions that were made of needs, by respondent: rows (id, due_on, done_at, respondent_id)."""
    wanted = select(Action.id, Action.due_on, Action.done_at, Action.respondent_id).where(
        Action.form_key.startswith(KEY, autoescape=True), Action.respondent_id.is_not(None)
    )
    if respondent_ids is not None:
        wanted = wanted.where(Action.form_key.in_([form_key(each) for each in respondent_ids]))
    return {row.respondent_id: row for row in cast("Rows", session.execute(wanted).all())}


def quotes_of(session: Session, respondent_ids: Sequence[int]) -> dict[int, list[tuple[str, str | None]]]:
    """What these people said about skills and education in their own words, with how it may be used, by respondent.

    Without what must not be quoted, and without paraphrases.
    """
    asked = instruments(session)
    scored = [question.id for question in asked.scored]
    answers = (
        select(
            Response.respondent_id,
            Answer.value_text.label("words"),
            permission_of(Answer.response_id).label("level"),
        )
        .join(Response, Response.id == Answer.response_id)
        .where(
            counted(),
            Answer.question_id.in_(asked.open_ids),
            Response.respondent_id.in_(respondent_ids),
            func.coalesce(permission_of(Answer.response_id), "") != WITHHELD,
        )
    )
    remarks = (
        select(Response.respondent_id, Remark.quote, quote_permission())
        .join(Response, Response.id == Remark.response_id)
        .where(
            may_be_quoted(),
            Remark.question_id.in_([*scored, *asked.open_ids]),
            Response.respondent_id.in_(respondent_ids),
        )
    )
    found: dict[int, list[tuple[str, str | None]]] = defaultdict(list)
    for respondent_id, words, level in session.execute(union_all(remarks, answers)):
        if names_something(words):
            found[respondent_id].append((words.strip(), level))
    return dict(found)


def _said(wanted: Any, scope: Scope, at: datetime, only: ColumnElement[bool] | None) -> Any:
    """Add whose response it is, and leave out what is old, unsent, anonymous or not the caller's to read."""
    return (
        wanted.join(Respondent, Respondent.id == Response.respondent_id)
        .join(Study, Study.id == Response.study_id)
        .join(Account, Account.id == Respondent.account_id)
        .where(
            Response.submitted_at >= at - WINDOW,
            ~Study.is_anonymous,
            visible_accounts(scope),
            *(() if only is None else (only,)),
        )
    )


def _low_answers(
    session: Session, asked: Instruments, scope: Scope, at: datetime, only: ColumnElement[bool] | None
) -> Iterator[tuple[int, Asked, float]]:
    is_low = [_is_low(question) for question in asked.scored]
    if not is_low:
        return
    wanted = select(Response.respondent_id, Response.version_id, Answer.question_id, Answer.value_number).join(
        Response, Response.id == Answer.response_id
    )
    by_place = {(version, each.id): each.asked for each in asked.scored for version in each.versions}
    rows = session.execute(_said(wanted, scope, at, only).where(counted(), or_(false(), *is_low)))
    for respondent_id, version_id, question_id, value in rows:
        yield respondent_id, by_place[version_id, question_id], value


def _is_low(question: VersionedQuestion) -> ColumnElement[bool]:
    cut, value = question.asked.cut, Answer.value_number
    is_low = value > cut if question.asked.is_reversed else value < cut
    return and_(Response.version_id.in_(question.versions), Answer.question_id == question.id, is_low)


def _named_skills(
    session: Session, asked: Instruments, scope: Scope, at: datetime, only: ColumnElement[bool] | None
) -> Rows:
    if asked.missing_id is None:
        return []
    wanted = select(Response.respondent_id, Answer.value_text).join(Response, Response.id == Answer.response_id)
    is_said = (counted(), Answer.question_id == asked.missing_id, Answer.value_text.is_not(None))
    return session.execute(_said(wanted, scope, at, only).where(*is_said)).all()


def _themes(
    session: Session, scope: Scope, at: datetime, only: ColumnElement[bool] | None
) -> Iterator[tuple[int, str]]:
    """Whose statements bear out a theme that people named after skills or learning."""
    names = themes_of_skills((key, edit.name) for key, edit in theme_edits(session).items() if not edit.is_hidden)
    if not names:
        return
    figures = session.scalars(
        select(Analysis.figures).join(Scoring, Scoring.id == Analysis.scoring_id).where(Analysis.topic == WORDS)
    )
    theme_of = {
        statement: names[theme["key"]]
        for each in figures
        for theme in each.get("themes", [])
        if theme["key"] in names
        for statement in theme["speak"]
    }
    yield from _speakers(session, theme_of, scope, at, only)


def _speakers(
    session: Session, theme_of: Mapping[int, str], scope: Scope, at: datetime, only: ColumnElement[bool] | None
) -> Iterator[tuple[int, str]]:
    answers = [each for each in theme_of if not is_quote(each)]
    quotes = {remark_id(each): theme for each, theme in theme_of.items() if is_quote(each)}
    said = select(Response.respondent_id, Answer.id).join(Response, Response.id == Answer.response_id)
    for respondent_id, answer_id in session.execute(
        _said(said, scope, at, only).where(counted(), Answer.id.in_(answers))
    ):
        yield respondent_id, theme_of[answer_id]
    noted = select(Response.respondent_id, Remark.id).join(Response, Response.id == Remark.response_id)
    for respondent_id, remark in session.execute(
        _said(noted, scope, at, only).where(may_be_quoted(), Remark.id.in_(list(quotes)))
    ):
        yield respondent_id, quotes[remark]
