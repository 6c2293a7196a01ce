"""Reads of one interview: who is talked to, what may be done by whom, and what stands at each question."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, cast

from sqlalchemy import ColumnElement, Row, Select, Table, and_, bindparam, func, select
from sqlalchemy.orm import Session, aliased

from app.core.errors import Missing
from app.core.ids import LARGEST_ID
from app.customers.models import Account, Contact
from app.interviews.models import Interview, NoteTaker
from app.interviews.queries.routes import Held, facts_about, instrument_asked
from app.interviews.queries.scope import own_interviews, readable_interviews, reopenable_interviews
from app.interviews.rules.progress import Course, course_of
from app.questionnaires.models import Question, QuestionnaireVersion, VersionQuestion
from app.questionnaires.rules.route import Route
from app.responses.models import Response, Submission
from app.responses.queries import standing_items
from app.studies.models import Respondent, Study
from app.users.models import User
from app.users.rules import Permission, Reach, Scope


@dataclass(frozen=True)
class Talk:
    """One interview as its caller may see it: `is_mine` to write, `is_lead` to choose who takes notes.

    `may_reopen` says whether it may be opened again with a reason.
    """

    id: int
    is_mine: bool
    is_lead: bool
    may_reopen: bool
    interviewer_id: int
    interviewer: str
    note_taker_id: int | None
    note_taker: str | None
    started_at: datetime | None
    held_on: date | None
    peeked_at: datetime | None
    respondent_id: int
    contact: str
    role: str
    account_id: int
    account_crm_id: str
    account: str
    since: date | None
    renewal_date: date | None
    arr: Decimal | None
    currency: str | None
    study_id: int
    study_key: str
    study: str
    opens_on: date
    closes_on: date
    closed_at: datetime | None
    version_id: int
    questionnaire_key: str
    content_sha256: str
    response_id: int | None
    submitted_at: datetime | None
    changed_at: datetime | None
    handed_over_at: datetime | None


@dataclass(frozen=True)
class Line:
    """What a save needs to know of an interview and one of its questions; `question_id` is None where it has none."""

    id: int
    is_mine: bool
    interviewer_id: int
    note_taker_id: int | None
    started_at: datetime | None
    held_on: date | None
    respondent_id: int
    study_id: int
    study_key: str
    opens_on: date
    closes_on: date
    closed_at: datetime | None
    version_id: int
    questionnaire_key: str
    content_sha256: str
    response_id: int | None
    question_id: int | None


def talk_in_scope(session: Session, *, scope: Scope, interview_id: int) -> Talk:
    """Return an interview that the caller may read; Missing where there is none, or it is not theirs to see."""
    row = session.execute(_joined(_columns(scope), scope, interview_id)).one_or_none()
    if row is None:
        raise Missing("There is no such interview.", "interview")
    return Talk(**row._mapping)  # noqa: SLF001  (the public mapping of a row)


def line_in_scope(session: Session, *, scope: Scope, interview_id: int, question_key: str) -> Line:
    """Return what a save needs, by one statement; Missing where the interview is none, or not the caller's to see.

    Saves come with every pause in the typing, so the statement is built but once; who holds the interview needs no
    other.
    """
    wanted = {"wanted": min(interview_id, LARGEST_ID), "question": question_key}
    row: Any = session.connection().execute(_LINE, wanted).one_or_none()
    if row is None or interview_id > LARGEST_ID:
        raise Missing("There is no such interview.", "interview")
    is_writer = scope.user_id in {row.interviewer_id, row.note_taker_id}
    is_mine = is_writer and Reach.OWN_INTERVIEWS in scope.reaches(Permission.INTERVIEWS_WRITE)
    if not is_mine:
        talk_in_scope(session, scope=scope, interview_id=interview_id)
    return Line(**row._mapping, is_mine=is_mine)  # noqa: SLF001  (the public mapping of a row)


def course_in(session: Session, talk: Held) -> Course:
    """Return an interview in the order of asking, with what stands at each question."""
    instrument = instrument_asked(session, talk)
    items = {} if talk.response_id is None else standing_items(session, talk.response_id)
    known = {instrument.slot(place): item for place, item in items.items() if place.question_id in instrument.keys}
    given = {slot: item.content.answer for slot, item in known.items() if item.content.answer}
    facts = facts_about(session, talk.respondent_id, instrument)
    return course_of(Route(instrument.questionnaire, facts, given), known)


def colleagues_asked(session: Session, talk: Talk) -> int:
    """Return how many others at the account the study wants to hear."""
    others = select(func.count()).where(
        Respondent.study_id == talk.study_id,
        Respondent.account_id == talk.account_id,
        Respondent.id != talk.respondent_id,
    )
    return session.execute(others).scalar_one()


def submissions_of(session: Session, response_id: int | None) -> list[Row[datetime, str, datetime, str, str]]:
    """Return (submitted_at, submitted_by, reopened_at, reopened_by, reason) of each time it was sent, oldest first."""
    sender, opener = aliased(User), aliased(User)
    return list(
        session.execute(
            select(
                Submission.submitted_at,
                named(sender).label("submitted_by"),
                Submission.reopened_at,
                named(opener).label("reopened_by"),
                Submission.reason,
            )
            .outerjoin(sender, sender.id == Submission.submitted_by)
            .outerjoin(opener, opener.id == Submission.reopened_by)
            .where(Submission.response_id == response_id)
            .order_by(Submission.submitted_at, Submission.id)
        )
    )


def name_of(session: Session, user_id: int | None) -> str:
    """Return the name of a login, its address where it has none, and empty where there is no such login."""
    return session.execute(select(named(User)).where(User.id == user_id)).scalar_one_or_none() or ""


def named(user: type[User]) -> ColumnElement[str]:
    """Return the name of a login as a column, its address where it has none."""
    return func.coalesce(func.nullif(user.name, ""), user.email)


def _columns(scope: Scope) -> Select[*tuple[object, ...]]:
    interviewer = select(named(User)).where(User.id == Interview.interviewer_id).scalar_subquery()
    note_taker = select(named(User)).where(User.id == NoteTaker.user_id).scalar_subquery()
    return select(
        Interview.id,
        own_interviews(scope).label("is_mine"),
        and_(own_interviews(scope), Interview.interviewer_id == scope.user_id).label("is_lead"),
        reopenable_interviews(scope).label("may_reopen"),
        Interview.interviewer_id,
        interviewer.label("interviewer"),
        NoteTaker.user_id.label("note_taker_id"),
        note_taker.label("note_taker"),
        Interview.started_at,
        Interview.held_on,
        Interview.peeked_at,
        Interview.respondent_id,
        Contact.name.label("contact"),
        Respondent.role,
        Account.id.label("account_id"),
        Account.crm_id.label("account_crm_id"),
        Account.name.label("account"),
        Account.start_date.label("since"),
        Account.renewal_date,
        Account.arr,
        Account.currency,
        Study.id.label("study_id"),
        Study.key.label("study_key"),
        Study.name.label("study"),
        Study.opens_on,
        Study.closes_on,
        Study.closed_at,
        Study.version_id,
        QuestionnaireVersion.key.label("questionnaire_key"),
        QuestionnaireVersion.content_sha256,
        Response.id.label("response_id"),
        Response.submitted_at,
        Response.changed_at,
        Response.handed_over_at,
    )


def _joined(columns: Select[*tuple[object, ...]], scope: Scope, interview_id: int) -> Select[*tuple[object, ...]]:
    wanted = min(interview_id, LARGEST_ID)
    return (
        columns.select_from(Interview)
        .join(Respondent, Respondent.id == Interview.respondent_id)
        .join(Study, Study.id == Respondent.study_id)
        .join(Account, Account.id == Respondent.account_id)
        .join(Contact, Contact.id == Respondent.contact_id)
        .join(QuestionnaireVersion, QuestionnaireVersion.id == Study.version_id)
        .outerjoin(Response, Response.respondent_id == Respondent.id)
        .outerjoin(NoteTaker, NoteTaker.interview_id == Interview.id)
        .where(Interview.id == wanted, Interview.id == interview_id if interview_id <= LARGEST_ID else Interview.id < 0)
        .where(readable_interviews(scope))
    )


def _line() -> Select[*tuple[object, ...]]:
    """Return what a save needs of an interview, as a statement of tables alone."""
    interview, noted, respondent, study, version, asked, question, response = (
        cast("Table", model.__table__).c
        for model in (
            Interview, NoteTaker, Respondent, Study, QuestionnaireVersion, VersionQuestion, Question, Response
        )
    )  # fmt: skip
    joined = (
        cast("Table", Interview.__table__)
        .outerjoin(NoteTaker.__table__, noted.interview_id == interview.id)
        .join(Respondent.__table__, respondent.id == interview.respondent_id)
        .join(Study.__table__, study.id == respondent.study_id)
        .join(QuestionnaireVersion.__table__, version.id == study.version_id)
        .outerjoin(Response.__table__, response.respondent_id == respondent.id)
        .outerjoin(Question.__table__, question.key == bindparam("question"))
        .outerjoin(
            VersionQuestion.__table__, and_(asked.version_id == study.version_id, asked.question_id == question.id)
        )
    )
    return (
        select(
            interview.id,
            interview.interviewer_id,
            noted.user_id.label("note_taker_id"),
            interview.started_at,
            interview.held_on,
            interview.respondent_id,
            study.id.label("study_id"),
            study.key.label("study_key"),
            study.opens_on,
            study.closes_on,
            study.closed_at,
            study.version_id,
            version.key.label("questionnaire_key"),
            version.content_sha256,
            response.id.label("response_id"),
            asked.question_id,
        )
        .select_from(joined)
        .where(interview.id == bindparam("wanted"))
    )


_LINE = _line()
