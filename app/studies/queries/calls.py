"""What calls say about a respondent, as conditions that queries carry."""

from sqlalchemy import ColumnElement, and_, select

from app.studies.models import CallAttempt, Respondent
from app.studies.rules.attempts import CALL_OUTCOMES, ENDS

_SPOKEN = [outcome.key.value for outcome in CALL_OUTCOMES.values() if outcome.is_contact]


def has_refused() -> ColumnElement[bool]:
    """Return the condition on Respondent for those whom a call ended the asking of: refused, gone, or unable."""
    return (
        select(CallAttempt.id)
        .where(
            CallAttempt.respondent_id == Respondent.id,
            CallAttempt.superseded_at.is_(None),
            CallAttempt.outcome.in_([outcome.value for outcome in ENDS]),
        )
        .correlate(Respondent)
        .exists()
    )


def is_asked_by_call() -> ColumnElement[bool]:
    """Return the condition on CallAttempt for those by which somebody was spoken to: an unanswered call asks nothing."""
    return and_(CallAttempt.superseded_at.is_(None), CallAttempt.outcome.in_(_SPOKEN))
