"""What customers said of promises: their own answers in submitted responses, by whichever question they were asked."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, and_, case, func, null, or_, select, true, union_all
from sqlalchemy.orm import Session

from app.customers.models import Account, Contact, Promise
from app.ledger.rules.items import Answer, Word
from app.questionnaires.models import Question, VersionQuestion
from app.responses.models import Answer as GivenAnswer
from app.responses.models import PromiseAnswer, Response
from app.responses.queries import counted
from app.studies.models import Respondent, Study
from app.studies.scope import assigned_accounts, visible_accounts
from app.users.rules import Permission, Reach, Scope

ASKED_BY = "promise_acknowledged"
"""The question of the value interview that is asked about each promise."""
_WORDS = [word.value for word in Word]
_STUDIES_THAT_ASK = (
    select(Study.id)
    .join(VersionQuestion, VersionQuestion.version_id == Study.version_id)
    .join(Question, Question.id == VersionQuestion.question_id)
    .where(Question.key == ASKED_BY)
)
"""Few studies ask about promises: over a whole portfolio their responses are found first."""


def answers_about(of: ColumnElement[bool]) -> Subquery:
    """Rows (promise_id, said, at, response_id, place) of what customers said; `of` is a condition on Promise.

    An answer counts once its response is submitted: of the value interview, which asks about each promise, and of any
    other in which the interviewer asked. `place` is a number of its own for each answer.
    """
    by_question = (
        select(
            Promise.id.label("promise_id"),
            GivenAnswer.value_text.label("said"),
            Response.submitted_at.label("at"),
            Response.id.label("response_id"),
            (GivenAnswer.id * 2).label("place"),
        )
        .join(Respondent, Respondent.account_id == Promise.account_id)
        .join(Response, Response.respondent_id == Respondent.id)
        .join(GivenAnswer, and_(GivenAnswer.response_id == Response.id, GivenAnswer.item == Promise.crm_id))
        .join(Question, Question.id == GivenAnswer.question_id)
        .where(of, Question.key == ASKED_BY, counted(GivenAnswer), GivenAnswer.value_text.in_(_WORDS))
        .where(Response.submitted_at.is_not(None), Response.study_id.in_(_STUDIES_THAT_ASK))
    )
    beside = (
        select(
            PromiseAnswer.promise_id, PromiseAnswer.said, Response.submitted_at, Response.id, PromiseAnswer.id * 2 + 1
        )
        .join(Promise, Promise.id == PromiseAnswer.promise_id)
        .join(Response, Response.id == PromiseAnswer.response_id)
        .where(of, PromiseAnswer.superseded_at.is_(None), PromiseAnswer.said.in_(_WORDS))
        .where(Response.submitted_at.is_not(None))
    )
    return union_all(by_question, beside).subquery("answers_about")


def newest_answers(of: ColumnElement[bool]) -> Subquery:
    """Rows (promise_id, said, at) with what was said last of each promise."""
    said = answers_about(of)
    place = func.row_number().over(
        partition_by=said.c.promise_id, order_by=(said.c.at.desc(), said.c.response_id.desc())
    )
    ranked = select(said.c.promise_id, said.c.said, said.c.at, place.label("place")).subquery("ranked_answers")
    newest = select(ranked.c.promise_id, ranked.c.said, ranked.c.at).where(ranked.c.place == 1)
    return newest.subquery("newest_answers")


def answers_of(session: Session, *, scope: Scope, account: Account) -> dict[int, list[Answer]]:
    """What an account's people said of each promise, the newest first, by promise id; one statement.

    Who it was, and where it stands, is told to those alone who may read that response.
    """
    said = answers_about(Promise.account_id == account.id)
    found: dict[int, list[Answer]] = defaultdict(list)
    for row in session.execute(_told(said, scope)):
        word = Word(row.said)
        answer = Answer(word, row.at, row.response_id, row.role or "", row.name, row.study_key, row.external_id)
        found[row.promise_id].append(answer)
    return found


def answers_in(session: Session, response_id: int | None) -> dict[int, str]:
    """What stands in one response beside its questions, submitted or not: promise id -> yes, partly or no."""
    rows: Sequence[Any] = session.execute(
        select(PromiseAnswer.promise_id, PromiseAnswer.said).where(
            PromiseAnswer.response_id == response_id,
            PromiseAnswer.superseded_at.is_(None),
            PromiseAnswer.said.is_not(None),
        )
    ).all()
    return {row.promise_id: row.said for row in rows}


def said_of_promises(session: Session, response_id: int) -> list[tuple[str, Word]]:
    """What a response says of promises beside its questions: the words of each promise, and the answer."""
    rows: Sequence[Any] = session.execute(
        select(Promise.text, PromiseAnswer.said)
        .join(PromiseAnswer, PromiseAnswer.promise_id == Promise.id)
        .where(
            PromiseAnswer.response_id == response_id,
            PromiseAnswer.superseded_at.is_(None),
            PromiseAnswer.said.is_not(None),
        )
        .order_by(Promise.promised_on, Promise.id)
    ).all()
    return [(row.text, Word(row.said)) for row in rows]


def names_seen(scope: Scope) -> ColumnElement[bool]:
    """Return the condition on Study and Account: responses of which the caller may see who gave them."""
    reaches = scope.reaches(Permission.REPORTS)
    if Reach.ALL in reaches:
        return true()
    assigned = assigned_accounts(scope)
    return or_(assigned, Study.owner_id == scope.user_id) if Reach.OWN in reaches else assigned


def _told(said: Subquery, scope: Scope) -> Select[Any]:
    may_read, may_name = and_(visible_accounts(scope)), and_(names_seen(scope), Contact.erased_at.is_(None))
    return (
        select(
            said.c.promise_id,
            said.c.said,
            said.c.at,
            said.c.response_id,
            case((may_read, Respondent.role), else_=null()).label("role"),
            case((may_name, Contact.name), else_=null()).label("name"),
            case((may_read, Study.key), else_=null()).label("study_key"),
            case((may_read, Response.external_id), else_=null()).label("external_id"),
        )
        .select_from(said)
        .join(Response, Response.id == said.c.response_id)
        .join(Respondent, Respondent.id == Response.respondent_id)
        .join(Contact, Contact.id == Respondent.contact_id)
        .join(Account, Account.id == Respondent.account_id)
        .join(Study, Study.id == Response.study_id)
        .order_by(said.c.at.desc(), said.c.response_id.desc())
    )
