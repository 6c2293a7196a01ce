"""Reads of second codings: who codes what, and the pairs of what the first and the second one found."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.core.errors import Missing
from app.core.ids import LARGEST_ID
from app.customers.models import Account, Contact
from app.interviews.models import Code, Coding, Interview, NoteTaker, Prediction
from app.interviews.queries.talks import named
from app.questionnaires.models import Question
from app.responses.models import Answer, Response
from app.responses.queries import counted
from app.studies.models import Respondent, Study
from app.users.models import User
from app.users.rules import Scope


def coding_of(session: Session, *, scope: Scope, coding_id: int) -> Coding:
    """Return a coding that the caller was asked for; Missing where there is none, or it is somebody else's."""
    found = session.get(Coding, min(coding_id, LARGEST_ID))
    if found is None or found.coder_id != scope.user_id or found.id != coding_id:
        raise Missing("There is no such coding.", "coding")
    return found


def codings_waiting(session: Session, *, scope: Scope) -> Sequence[Any]:
    """Return (id, account, study) of what the caller still has to code, oldest first."""
    return session.execute(
        select(Coding.id, Account.name.label("account"), Study.name.label("study"))
        .join(Interview, Interview.id == Coding.interview_id)
        .join(Respondent, Respondent.id == Interview.respondent_id)
        .join(Account, Account.id == Respondent.account_id)
        .join(Study, Study.id == Respondent.study_id)
        .where(Coding.coder_id == scope.user_id, Coding.coded_at.is_(None))
        .order_by(Coding.asked_at, Coding.id)
    ).all()


def interviews_to_code(session: Session, study_id: int) -> Sequence[Any]:
    """Return a study's submitted interviews, each with its second coder and those who know the answers already.

    Those are its interviewer, who took notes, and its account's own csm.
    """
    coder, interviewer, csm = aliased(User), aliased(User), aliased(User)
    return session.execute(
        select(
            Interview.id,
            Interview.interviewer_id,
            named(interviewer).label("interviewer"),
            Contact.name.label("contact"),
            Account.name.label("account"),
            NoteTaker.user_id.label("note_taker_id"),
            csm.id.label("csm_id"),
            named(coder).label("coder"),
            Coding.coded_at,
        )
        .join(Respondent, Respondent.id == Interview.respondent_id)
        .join(Contact, Contact.id == Respondent.contact_id)
        .join(Account, Account.id == Respondent.account_id)
        .join(Response, Response.respondent_id == Respondent.id)
        .join(interviewer, interviewer.id == Interview.interviewer_id)
        .outerjoin(NoteTaker, NoteTaker.interview_id == Interview.id)
        .outerjoin(csm, func.lower(csm.email) == func.lower(Account.csm_email))
        .outerjoin(Coding, Coding.interview_id == Interview.id)
        .outerjoin(coder, coder.id == Coding.coder_id)
        .where(Respondent.study_id == study_id, Response.submitted_at.is_not(None))
        .order_by(Account.name, Contact.name, Interview.id, Coding.id)
    ).all()


def coded_pairs(session: Session, study_id: int) -> Sequence[Any]:
    """Return (key, first_number, first_text, second_number, second_text) where both found something."""
    return session.execute(
        select(
            Question.key,
            Answer.value_number.label("first_number"),
            Answer.value_text.label("first_text"),
            Code.value_number.label("second_number"),
            Code.value_text.label("second_text"),
        )
        .select_from(Code)
        .join(Coding, and_(Coding.id == Code.coding_id, Coding.coded_at.is_not(None)))
        .join(Interview, Interview.id == Coding.interview_id)
        .join(Response, Response.respondent_id == Interview.respondent_id)
        .join(
            Answer, and_(Answer.response_id == Response.id, Answer.question_id == Code.question_id, Answer.item == "")
        )
        .join(Question, Question.id == Code.question_id)
        .where(
            Response.study_id == study_id,
            Response.submitted_at.is_not(None),
            counted(),
            or_(Answer.value_number.is_not(None), Answer.value_text.is_not(None)),
            or_(Code.value_number.is_not(None), Code.value_text.is_not(None)),
        )
        .order_by(Question.key, Coding.id)
    ).all()


def predicted_pairs(session: Session, study_id: int) -> Sequence[Any]:
    """Return each number said with each prediction of it, and whether the account's own csm made that prediction.

    Rows are (interview_id, author_id, is_csm, account_id, key, said, recommend, renewal_intent, satisfaction).
    """
    is_csm = func.lower(User.email) == func.lower(Account.csm_email)
    return session.execute(
        select(
            Prediction.interview_id,
            Prediction.author_id,
            func.coalesce(is_csm, False).label("is_csm"),
            Respondent.account_id,
            Question.key,
            Answer.value_number.label("said"),
            Prediction.recommend,
            Prediction.renewal_intent,
            Prediction.satisfaction,
        )
        .select_from(Prediction)
        .join(Interview, Interview.id == Prediction.interview_id)
        .join(User, User.id == Prediction.author_id)
        .join(Respondent, Respondent.id == Interview.respondent_id)
        .join(Account, Account.id == Respondent.account_id)
        .join(Response, Response.respondent_id == Respondent.id)
        .join(Answer, Answer.response_id == Response.id)
        .join(Question, Question.id == Answer.question_id)
        .where(
            Response.study_id == study_id,
            Response.submitted_at.is_not(None),
            counted(),
            Answer.value_number.is_not(None),
        )
        .order_by(Respondent.account_id, Question.key, Prediction.interview_id, Prediction.author_id)
    ).all()
