"""Reads of sealed predictions: one's own, and all of them once the interview was submitted."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, func, select, true
from sqlalchemy.orm import Session

from app.customers.models import Account
from app.interviews.models import Prediction
from app.interviews.queries.talks import Talk, named
from app.interviews.rules.prediction import MEASURES, Predicted
from app.responses.models import Submission
from app.users.models import User
from app.users.rules import Scope


@dataclass(frozen=True)
class Sealed:
    """A prediction as its caller may see it."""

    author_id: int
    author: str
    predicted_at: datetime
    values: Predicted


def may_predict(session: Session, *, scope: Scope, talk: Talk) -> bool:
    """Tell whether the caller may predict what is said: who interviews, and the account's own csm."""
    theirs = exists().where(Account.id == talk.account_id, func.lower(Account.csm_email) == scope.email)
    return talk.is_mine or bool(session.scalar(select(theirs)))


def is_opened(session: Session, talk: Talk) -> bool:
    """Tell whether predictions are open: from the first submission on, for good."""
    if talk.response_id is None:
        return False
    sent = exists().where(Submission.response_id == talk.response_id)
    return bool(session.scalar(select(sent)))


def predictions_of(session: Session, *, scope: Scope, talk: Talk) -> list[Sealed]:
    """Return the predictions of an interview that the caller may see: their own, and after submission all."""
    visible = true() if is_opened(session, talk) else Prediction.author_id == scope.user_id
    rows = session.execute(
        select(Prediction, named(User))
        .join(User, User.id == Prediction.author_id)
        .where(Prediction.interview_id == talk.id, visible)
        .order_by(Prediction.predicted_at, Prediction.author_id)
    )
    return [
        Sealed(row.author_id, name, row.predicted_at, {each.key: getattr(row, each.key) for each in MEASURES})
        for row, name in rows
    ]
