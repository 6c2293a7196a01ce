"""Reads of what a person said in the study before this one, and how many answers came by the link of the rest."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.customers.models import Account
from app.interviews.queries.talks import Talk
from app.questionnaires.models import Question
from app.responses.models import Answer, Response
from app.responses.queries import counted
from app.studies.models import Respondent, Study
from app.studies.scope import visible_accounts
from app.users.rules import Permission, Scope


@dataclass(frozen=True)
class Earlier:
    """A number that somebody gave before, and when."""

    value: float
    at: datetime


def earlier_numbers(session: Session, *, scope: Scope, talk: Talk, keys: Sequence[str]) -> dict[str, Earlier]:
    """Return the newest number that the same person gave to each question in another study that the caller may see."""
    contact = select(Respondent.contact_id).where(Respondent.id == talk.respondent_id).scalar_subquery()
    rows = session.execute(
        select(Question.key, Answer.value_number, Response.submitted_at)
        .join(Answer, Answer.question_id == Question.id)
        .join(Response, Response.id == Answer.response_id)
        .join(Respondent, Respondent.id == Response.respondent_id)
        .join(Study, Study.id == Respondent.study_id)
        .join(Account, Account.id == Respondent.account_id)
        .where(
            Respondent.contact_id == contact,
            Respondent.id != talk.respondent_id,
            Response.submitted_at < talk.submitted_at,
            Question.key.in_(keys),
            Answer.value_number.is_not(None),
            counted(),
            visible_accounts(scope, Permission.INTERVIEWS_READ),
        )
        .order_by(Response.submitted_at)
    )
    return {row.key: Earlier(row.value_number, row.submitted_at) for row in rows}


def answers_by_link(session: Session, response_id: int | None) -> int:
    """Return how many of an interview's answers the customer gave by the link of the rest."""
    by_link = (Answer.response_id == response_id, Answer.mode == "survey", counted())
    given = Answer.value_number.is_not(None) | Answer.value_text.is_not(None)
    return session.scalar(select(func.count()).select_from(Answer).where(*by_link, given)) or 0
