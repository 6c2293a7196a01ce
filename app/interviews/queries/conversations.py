"""Reads of interviews that are held together: several people of one account in one conversation."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from app.customers.models import Account, Contact
from app.interviews.models import Conversation, Interview
from app.interviews.queries.scope import own_interviews, readable_interviews
from app.interviews.queries.talks import Talk
from app.responses.models import Response
from app.studies.models import Respondent, Study
from app.users.rules import Scope


def held_with(session: Session, *, scope: Scope, talk: Talk) -> Sequence[Any]:
    """Return (id, contact, role, submitted_at) of the other interviews of the same conversation, by name."""
    mine = select(Conversation.held_with_id).where(Conversation.interview_id == talk.id).scalar_subquery()
    return session.execute(
        _others(talk)
        .join(Conversation, and_(Conversation.interview_id == Interview.id, Conversation.held_with_id == mine))
        .where(readable_interviews(scope))
    ).all()


def could_be_held_with(session: Session, *, scope: Scope, talk: Talk) -> Sequence[Any]:
    """Return the caller's own other interviews at the account in this study that are still open, by name."""
    return session.execute(_others(talk).where(own_interviews(scope), Response.submitted_at.is_(None))).all()


def _others(talk: Talk) -> Any:
    return (
        select(Interview.id, Contact.name.label("contact"), Respondent.role, Response.submitted_at)
        .join(Respondent, Respondent.id == Interview.respondent_id)
        .join(Study, Study.id == Respondent.study_id)
        .join(Account, Account.id == Respondent.account_id)
        .join(Contact, Contact.id == Respondent.contact_id)
        .outerjoin(Response, Response.respondent_id == Respondent.id)
        .where(
            Respondent.study_id == talk.study_id,
            Respondent.account_id == talk.account_id,
            Interview.id != talk.id,
        )
        .order_by(Contact.name, Interview.id)
    )
