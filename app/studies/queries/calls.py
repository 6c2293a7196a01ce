"""What calls say about a respondent, as conditions that queries carry."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, and_, select

from app.studies.models import CallAttempt, Respondent
from app.studies.rules.attempts import CALL_OUTCOMES, ENDS, CallOutcome

_SPOKEN = [outcome.key.value for outcome in CALL_OUTCOMES.values() if outcome.is_contact]


def has_call(outcomes: Collection[CallOutcome], respondent: Any = Respondent) -> ColumnElement[bool]:
    """Return the condition on Respondent, or an alias of it, for those of whom a call came to one of these outcomes."""
    return (
        select(CallAttempt.id)
        .where(
            CallAttempt.respondent_id == respondent.id,
            CallAttempt.superseded_at.is_(None),
            CallAttempt.outcome.in_([outcome.value for outcome in outcomes]),
        )
        .correlate(respondent)
        .exists()
    )


def has_refused() -> ColumnElement[bool]:
    """Return the condition on Respondent for those whom a call ended the asking of: refused, gone, or unable."""
    return has_call(ENDS)


def is_asked_by_call() -> ColumnElement[bool]:
    """Return the condition on CallAttempt for those by which somebody was spoken to, and so was asked."""
    return and_(CallAttempt.superseded_at.is_(None), CallAttempt.outcome.in_(_SPOKEN))
