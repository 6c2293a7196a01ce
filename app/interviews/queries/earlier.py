"""Reads of what this person and this account said in other studies, as far as the caller may read it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, exists, or_, select
from sqlalchemy.orm import Session

from app.customers.models import Account
from app.interviews.models import Interview
from app.interviews.queries.talks import Talk
from app.interviews.rules.items import answer_words
from app.questionnaires.models import Question, QuestionnaireVersion
from app.questionnaires.queries import definition_of
from app.questionnaires.rules.definition import Question as Asked
from app.questionnaires.rules.kinds import ParsedAnswer
from app.questionnaires.rules.quoting import PERMISSION, is_withheld
from app.responses.models import Answer, Response
from app.responses.queries import counted
from app.responses.rules import ItemContent
from app.studies.models import Respondent, Study
from app.studies.scope import visible_accounts
from app.users.rules import Permission, Scope

MOST_RESPONSES = 12


@dataclass(frozen=True)
class Told:
    """One earlier response: by whom, in which study and when, and what was said (question, answer)."""

    is_same_person: bool
    role: str
    study: str
    mode: str
    submitted_at: datetime
    lines: tuple[tuple[str, str], ...]


def earlier_answers(session: Session, *, scope: Scope, talk: Talk) -> list[Told]:
    """Return the newest submitted responses of this account in other studies, those of the same person first.

    Only what the caller may read otherwise: of whole studies, of assigned accounts, and what they heard themselves.
    Words of those who do not want to be quoted are left out; no health score is among it.
    """
    contact = select(Respondent.contact_id).where(Respondent.id == talk.respondent_id).scalar_subquery()
    is_same = (Respondent.contact_id == contact).label("is_same_person")
    found = session.execute(
        select(Response.id, Response.submitted_at, Response.mode, Respondent.role, Study.name.label("study"), is_same)
        .add_columns(QuestionnaireVersion)
        .join(Respondent, Respondent.id == Response.respondent_id)
        .join(Study, Study.id == Response.study_id)
        .join(Account, Account.id == Respondent.account_id)
        .join(QuestionnaireVersion, QuestionnaireVersion.id == Response.version_id)
        .where(
            Respondent.account_id == talk.account_id,
            Study.id != talk.study_id,
            Response.submitted_at.is_not(None),
            or_(visible_accounts(scope), visible_accounts(scope, Permission.INTERVIEWS_READ), _heard_by(scope)),
        )
        .order_by(is_same.desc(), Response.submitted_at.desc(), Response.id)
        .limit(MOST_RESPONSES)
    ).all()
    answers = _answers(session, [row.id for row in found])
    return [_told(row, [each for each in answers if each.response_id == row.id]) for row in found]


def _heard_by(scope: Scope) -> ColumnElement[bool]:
    return exists().where(Interview.respondent_id == Respondent.id, Interview.interviewer_id == scope.user_id)


def _answers(session: Session, response_ids: list[int]) -> Sequence[Any]:
    return session.execute(
        select(Answer.response_id, Question.key, Answer.value_number, Answer.value_text)
        .join(Question, Question.id == Answer.question_id)
        .where(and_(Answer.response_id.in_(response_ids), counted()))
        .order_by(Answer.id)
    ).all()


def _told(row: Row[Any], answers: Sequence[Any]) -> Told:
    asked = {question.key: question for question in definition_of(row.QuestionnaireVersion).questions}
    order = list(asked)
    own_level = next((each.value_text for each in answers if each.key == PERMISSION), None)
    said = [
        (asked[each.key], each)
        for each in sorted(answers, key=lambda each: order.index(each.key) if each.key in asked else 0)
        if each.key in asked and _is_shown(asked[each.key], own_level)
    ]
    lines = tuple((question.text, _words(question, each)) for question, each in said)
    return Told(row.is_same_person, row.role, row.study, row.mode, row.submitted_at, lines)


def _is_shown(question: Asked, own_level: str | None) -> bool:
    return question.kind != "text" or not is_withheld(own_level)


def _words(question: Asked, row: Row[Any]) -> str:
    words = answer_words(question, ItemContent(ParsedAnswer(row.value_number, row.value_text)))
    return f"{words} of {question.maximum:g}" if question.maximum and question.kind.startswith("scale") else words
