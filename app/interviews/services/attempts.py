"""Calls are entered with what they came to, and taken back where they were entered by mistake."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.core.errors import Missing, Refusal
from app.customers.models import Contact
from app.interviews.models import Interview
from app.interviews.queries.planning import reach_of
from app.interviews.queries.talks import Talk
from app.interviews.rules.calling import Call, refusal_of
from app.interviews.rules.items import plain_text
from app.interviews.rules.period import refusal_to_count
from app.interviews.services.appointments import drop_appointments
from app.studies.models import CallAttempt, Respondent
from app.studies.rules.attempts import ENDS, FINAL, CallOutcome
from app.studies.rules.budget import Consent
from app.studies.services.stopping import stop_asking
from app.users.services import record_event


def record_attempt(session: Session, *, talk: Talk, call: Call, at: datetime, by: int) -> CallAttempt:
    """Enter a call. A refusal ends what waits for the person in every channel; one for ever also sets consent to no.

    Refused with the remedy: after a final outcome, once the interview was submitted or the fieldwork closed, and what
    `refusal_of` says.
    """
    session.get_one(Interview, talk.id, with_for_update=True)
    _refuse_late(session, talk)
    problem = refusal_of(call, at=at)
    if problem:
        raise problem
    attempt = CallAttempt(
        respondent_id=talk.respondent_id,
        outcome=call.outcome.key.value,
        channel=call.channel.value,
        note=call.note,
        attempted_at=call.attempted_at,
        next_call_at=call.call_again_at,
        recorded_at=at,
        recorded_by=by,
    )
    session.add(attempt)
    session.flush()
    if call.outcome.key in ENDS:
        _end(session, talk, attempt, is_for_ever=call.outcome.is_for_ever, at=at, by=by)
    _record(session, talk, "call.record", {"outcome": attempt.outcome, "attempt": attempt.id}, by)
    return attempt


def undo_attempt(session: Session, *, talk: Talk, attempt_id: int, reason: str, at: datetime, by: int) -> None:
    """Take a mistaken entry back, with a reason; it stays on record. Consent that it set to no is as it was before.

    Mails that it stopped, links that it ended and appointments that it called off stay so.
    """
    session.get_one(Interview, talk.id, with_for_update=True)
    is_theirs = (CallAttempt.id == attempt_id, CallAttempt.respondent_id == talk.respondent_id)
    attempt = session.scalar(sa.select(CallAttempt).where(*is_theirs, CallAttempt.superseded_at.is_(None)))
    if attempt is None:
        raise Missing("There is no such call, or it was taken back already.", "attempt")
    words = plain_text(reason, "reason")
    if words is None:
        raise Refusal("Say in a few words why this entry is taken back.", "reason")
    attempt.superseded_at, attempt.superseded_by, attempt.undo_reason = at, by, words
    if attempt.consent_before is not None:
        contact = session.get_one(Contact, reach_of(session, talk.id).contact_id)
        if contact.erased_at is None:
            contact.consent = attempt.consent_before
    session.flush()
    _record(session, talk, "call.undo", {"outcome": attempt.outcome, "attempt": attempt.id}, by)


def forget_calls(session: Session, *, contact_ids: Sequence[int]) -> None:
    """Take away the words that were noted about calls to these people; that they were called stays."""
    theirs = sa.select(Respondent.id).where(Respondent.contact_id.in_(contact_ids))
    blank = sa.update(CallAttempt).where(CallAttempt.respondent_id.in_(theirs)).values(note=None, undo_reason=None)
    session.execute(blank)


def _refuse_late(session: Session, talk: Talk) -> None:
    if talk.submitted_at is not None:
        raise Refusal("This interview is submitted; calls to it are not entered any more.", "outcome")
    closed = refusal_to_count(talk.closed_at)
    if closed:
        raise Refusal(closed, "outcome")
    last = session.scalar(
        sa.select(CallAttempt.id).where(
            CallAttempt.respondent_id == talk.respondent_id,
            CallAttempt.superseded_at.is_(None),
            CallAttempt.outcome.in_([outcome.value for outcome in FINAL if outcome is not CallOutcome.HELD]),
        )
    )
    if last is not None:
        raise Refusal("An earlier call ended the asking. If that was a mistake, take it back first.", "outcome")


def _end(session: Session, talk: Talk, attempt: CallAttempt, *, is_for_ever: bool, at: datetime, by: int) -> None:
    contact = session.get_one(Contact, reach_of(session, talk.id).contact_id, with_for_update=True)
    respondents = [talk.respondent_id]
    if is_for_ever:
        everywhere = sa.select(Respondent.id).where(Respondent.contact_id == contact.id)
        respondents = list(session.scalars(everywhere))
        attempt.consent_before, contact.consent = contact.consent, Consent.NO.value
    stop_asking(session, respondent_ids=respondents, at=at)
    drop_appointments(session, respondent_ids=respondents, at=at, by=by)
    if is_for_ever:
        record_event(
            session,
            actor_id=by,
            action="contact.consent_no",
            object_type="contact",
            object_id=contact.id,
            fields={"study": talk.study_key, "attempt": attempt.id},
        )


def _record(session: Session, talk: Talk, action: str, fields: dict[str, object], by: int) -> None:
    facts = {"study": talk.study_key, **fields}
    record_event(session, actor_id=by, action=action, object_type="interview", object_id=talk.id, fields=facts)
