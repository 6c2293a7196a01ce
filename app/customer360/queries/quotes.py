"""What was said at an account in people's own words: open answers, and sentences that interviewers wrote down."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    String,
    Text,
    and_,
    bindparam,
    cast,
    func,
    literal,
    null,
    select,
    union_all,
)
from sqlalchemy.orm import Session, aliased

from app.questionnaires.models import Question, QuestionnaireVersion
from app.questionnaires.rules.quoting import PERMISSION, WITHHELD
from app.responses.models import Answer, Remark, Response
from app.responses.queries import counted
from app.scoring.models import VerbatimSentiment
from app.studies.models import Respondent, Study

MOST_SAID = 60
"""Words that are read for one page: more than anybody would, and a bound."""
_ACCOUNT = bindparam("account", type_=Integer)
_STUDIES = bindparam("studies", type_=Integer, expanding=True)
_OPEN = bindparam("open", type_=String, expanding=True)


@dataclass(frozen=True)
class SaidRow:
    """Words of one person, in which study, response and role, asked by which question about which dimension.

    `own_level` is how the person allowed words to be used, `level` how this sentence may be; null where nobody asked.
    """

    study_key: str
    external_id: str
    role: str
    mode: str
    question: str
    topic: str | None
    text: str
    compound: float | None
    own_level: str | None
    level: str | None


def words_said(session: Session, *, account_id: int, study_ids: list[int]) -> list[SaidRow]:
    """Return the current words of submitted responses in these studies, without those that must not be quoted."""
    of: dict[str, Any] = {"account": account_id, "studies": study_ids}
    questions = _questions(session, of)
    is_open = {key for asked in questions.values() for key, each in asked.items() if each.get("kind") == "text"}
    rows = session.execute(_said_statement(), of | {"open": sorted(is_open)})
    return [
        SaidRow(study, response, role, mode, key, _topic(questions.get(version, {}), key), text, compound, own, level)
        for study, response, role, mode, key, version, text, compound, own, level in rows
    ]


@cache
def _said_statement() -> Select[*tuple[Any, ...]]:
    """The words of any account: to write this down takes longer than to run it, so it is done once."""
    answers = (
        select(
            Answer.response_id,
            Answer.question_id,
            Answer.value_text.label("text"),
            VerbatimSentiment.compound.label("compound"),
            cast(null(), Text).label("level"),
        )
        .outerjoin(VerbatimSentiment, VerbatimSentiment.answer_id == Answer.id)
        .join(Question, Question.id == Answer.question_id)
        .where(counted(), Question.key.in_(_OPEN), _is_theirs(Answer.response_id))
    )
    remarks = select(
        Remark.response_id,
        Remark.question_id,
        Remark.quote.label("text"),
        literal(None, VerbatimSentiment.compound.type).label("compound"),
        Remark.quote_permission.label("level"),
    ).where(Remark.superseded_at.is_(None), ~Remark.is_paraphrase, _is_theirs(Remark.response_id))
    said = union_all(answers, remarks).subquery("said")
    own_level = _own_level(said.c.response_id)
    return (
        select(
            Study.key,
            Response.external_id,
            Respondent.role,
            Response.mode,
            Question.key,
            Response.version_id,
            said.c.text,
            said.c.compound,
            own_level.label("own_level"),
            said.c.level,
        )
        .join(Response, Response.id == said.c.response_id)
        .join(Respondent, Respondent.id == Response.respondent_id)
        .join(Study, Study.id == Response.study_id)
        .join(Question, Question.id == said.c.question_id)
        .where(
            Response.study_id.in_(_STUDIES),
            Response.submitted_at.is_not(None),
            func.length(func.trim(func.coalesce(said.c.text, ""))) > 0,
            func.coalesce(own_level, "") != WITHHELD,
            func.coalesce(said.c.level, "") != WITHHELD,
        )
        .order_by(Study.closes_on.desc(), Study.id.desc(), Response.submitted_at.desc(), Response.id, Question.id)
        .limit(MOST_SAID)
    )


def _questions(session: Session, of: dict[str, Any]) -> dict[int, dict[str, dict[str, Any]]]:
    """The questions of the versions that were answered at the account, as published, by version id and key."""
    return {
        version_id: {question["key"]: question for question in definition.get("questions", [])}
        for version_id, definition in session.execute(_ANSWERED, of)
    }


# By `+ 0` the studies find nothing: SQLite would walk over every response of theirs instead of the account's few.
_ANSWERED = select(QuestionnaireVersion.id, QuestionnaireVersion.definition).where(
    QuestionnaireVersion.id.in_(
        select(Response.version_id)
        .join(Respondent, Respondent.id == Response.respondent_id)
        .where(Respondent.account_id == _ACCOUNT, (Response.study_id + 0).in_(_STUDIES))
    )
)


def _topic(questions: dict[str, dict[str, Any]], key: str) -> str | None:
    """The dimension that words are about: that of the question, or of the one that it accompanies."""
    question = questions.get(key, {})
    about = questions.get(question.get("about") or "", {})
    return question.get("dimension") or about.get("dimension")


def _is_theirs(response_id: Any) -> ColumnElement[bool]:
    theirs = select(Response.id).join(Respondent, Respondent.id == Response.respondent_id)
    return response_id.in_(theirs.where(Respondent.account_id == _ACCOUNT))  # type: ignore[no-any-return]


def _own_level(response_id: ColumnElement[int]) -> ColumnElement[str | None]:
    """How the speaker allowed words to be used; null where nobody asked, as in a survey."""
    given = aliased(Answer)
    return (
        select(given.value_text)
        .join(Question, Question.id == given.question_id)
        .where(and_(given.response_id == response_id, Question.key == PERMISSION, counted(given)))
        .correlate_except(given, Question)
        .scalar_subquery()
    )
