"""Reads for assigning: who was drawn to be interviewed, who can interview, and who has how much to do."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.customers.models import Account, Contact
from app.interviews.models import Interview
from app.interviews.queries.scope import own_interviews, readable_interviews
from app.interviews.queries.talks import named
from app.questionnaires.models import QuestionnaireVersion
from app.responses.models import Answer, Remark, Response
from app.studies.models import Respondent, Study
from app.studies.queries.silent_draw import is_drawn_silent
from app.users.models import RoleRow, User, user_role
from app.users.rules import Role, Scope

NO_CONSENT = "no"
MOST_LISTED = 500


def interviewers(session: Session) -> dict[int, str]:
    """Return who can interview, every active login with the role csm: user id -> name, by name."""
    return {row.id: row.name for row in session.execute(_csms().order_by(named(User), User.id))}


def people_to_interview(session: Session, study: Study, *, limit: int, offset: int = 0) -> Sequence[Row[Any]]:
    """Return those drawn to be interviewed who did not say no, by account and name, each with how far it has come.

    The silent who were drawn to be interviewed are among them, whatever the mode of the study.
    """
    return session.execute(_people(study).where(_may_be_asked()).limit(limit).offset(offset)).all()


def people_not_to_ask(session: Session, study: Study) -> Sequence[Row[Any]]:
    """Return those drawn to be interviewed whose consent is no, in the same columns."""
    return session.execute(_people(study).where(~_may_be_asked()).limit(MOST_LISTED)).all()


def assignment_counts(session: Session, study: Study) -> Any:
    """Return how many may be asked, how many of them are assigned, and how many submitted."""
    return session.execute(
        select(
            func.count().label("people"),
            func.count(Interview.id).label("assigned"),
            func.count(Response.submitted_at).label("submitted"),
        )
        .select_from(Respondent)
        .join(Contact, Contact.id == Respondent.contact_id)
        .outerjoin(Interview, Interview.respondent_id == Respondent.id)
        .outerjoin(Response, Response.respondent_id == Respondent.id)
        .where(*_drawn(study), _may_be_asked())
    ).one()


def assignable(session: Session, study: Study, respondent_ids: Sequence[int] | None = None) -> Sequence[Row[Any]]:
    """Return (respondent_id, account_id, interviewer_id, own_id) of those who may be assigned: not sent in yet.

    `own_id` is the account's own csm where that address is somebody who can interview.
    """
    csms = _csms().subquery()
    wanted = (
        select(
            Respondent.id.label("respondent_id"),
            Respondent.account_id,
            Interview.interviewer_id,
            csms.c.id.label("own_id"),
        )
        .join(Contact, Contact.id == Respondent.contact_id)
        .join(Account, Account.id == Respondent.account_id)
        .outerjoin(csms, func.lower(csms.c.email) == func.lower(Account.csm_email))
        .outerjoin(Interview, Interview.respondent_id == Respondent.id)
        .outerjoin(Response, Response.respondent_id == Respondent.id)
        .where(*_drawn(study), _may_be_asked(), Response.submitted_at.is_(None))
        .order_by(Respondent.id)
    )
    if respondent_ids is not None:
        wanted = wanted.where(Respondent.id.in_(respondent_ids))
    return session.execute(wanted).all()


def open_load(session: Session) -> dict[int, int]:
    """Return how many interviews each interviewer still has to submit, over all studies that are not closed."""
    rows = session.execute(
        select(Interview.interviewer_id, func.count().label("open"))
        .join(Respondent, Respondent.id == Interview.respondent_id)
        .join(Study, Study.id == Respondent.study_id)
        .outerjoin(Response, Response.respondent_id == Interview.respondent_id)
        .where(Response.submitted_at.is_(None), Study.closed_at.is_(None))
        .group_by(Interview.interviewer_id)
    )
    return {row.interviewer_id: row.open for row in rows}


def listed_interviews(session: Session, *, scope: Scope) -> Sequence[Any]:
    """Return the interviews that the caller may read, what closes first at the top, each with how much is done."""
    interviewer = aliased(User)
    return session.execute(
        select(
            Interview.id,
            own_interviews(scope).label("is_mine"),
            named(interviewer).label("interviewer"),
            Interview.started_at,
            Contact.name.label("contact"),
            Respondent.role,
            Account.name.label("account"),
            Study.name.label("study"),
            Study.closes_on,
            Study.closed_at,
            Study.version_id,
            QuestionnaireVersion.key.label("questionnaire_key"),
            QuestionnaireVersion.content_sha256,
            Response.submitted_at,
            _done().label("done"),
        )
        .select_from(Interview)
        .join(Respondent, Respondent.id == Interview.respondent_id)
        .join(Study, Study.id == Respondent.study_id)
        .join(Account, Account.id == Respondent.account_id)
        .join(Contact, Contact.id == Respondent.contact_id)
        .join(QuestionnaireVersion, QuestionnaireVersion.id == Study.version_id)
        .join(interviewer, interviewer.id == Interview.interviewer_id)
        .outerjoin(Response, Response.respondent_id == Respondent.id)
        .where(readable_interviews(scope))
        .order_by(Response.submitted_at.is_not(None), Study.closes_on, Account.name, Contact.name, Interview.id)
        .limit(MOST_LISTED)
    ).all()


def _people(study: Study) -> Select[*tuple[Any, ...]]:
    interviewer = aliased(User)
    return (
        select(
            Respondent.id.label("respondent_id"),
            Respondent.role,
            is_drawn_silent().label("is_drawn_silent"),
            Contact.name.label("contact"),
            Account.name.label("account"),
            Account.arr,
            Account.currency,
            Account.csm_email,
            Interview.id.label("interview_id"),
            Interview.interviewer_id,
            Interview.relation,
            named(interviewer).label("interviewer"),
            Response.id.label("response_id"),
            Response.submitted_at,
        )
        .join(Contact, Contact.id == Respondent.contact_id)
        .join(Account, Account.id == Respondent.account_id)
        .outerjoin(Interview, Interview.respondent_id == Respondent.id)
        .outerjoin(interviewer, interviewer.id == Interview.interviewer_id)
        .outerjoin(Response, Response.respondent_id == Respondent.id)
        .where(*_drawn(study))
        .order_by(Account.name, Account.id, Contact.name, Respondent.id)
    )


def _drawn(study: Study) -> tuple[ColumnElement[bool], ...]:
    return (Respondent.study_id == study.id, or_(Respondent.mode == "interview", is_drawn_silent()))


def _may_be_asked() -> ColumnElement[bool]:
    return Contact.consent != NO_CONSENT


def _csms() -> Select[int, str, str]:
    is_csm = exists().where(
        user_role.c.user_id == User.id, user_role.c.role_id == RoleRow.id, RoleRow.name == Role.CSM.value
    )
    return select(User.id, named(User).label("name"), User.email).where(User.active, is_csm)


def _done() -> ColumnElement[int]:
    answers = select(func.count()).where(
        Answer.response_id == Response.id, Answer.superseded_at.is_(None), Answer.is_counted
    )
    absences = select(func.count()).where(
        Remark.response_id == Response.id,
        Remark.superseded_at.is_(None),
        or_(Remark.absence.is_not(None), Remark.reason.is_not(None)),
    )
    return answers.correlate(Response).scalar_subquery() + absences.correlate(Response).scalar_subquery()
