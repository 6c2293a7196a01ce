"""A second coder is asked for, and codes what was written down without seeing what the first one chose."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.errors import Refusal
from app.customers.models import Account
from app.interviews.models import Code, Coding
from app.interviews.queries.assignment import interviewers
from app.interviews.queries.talks import Talk
from app.questionnaires.models import Question
from app.questionnaires.rules.kinds import ParsedAnswer
from app.users.models import User
from app.users.services.audit import record_event, wait_for_turn


def ask_coder(session: Session, *, talk: Talk, coder_id: int, at: datetime, by: int) -> bool:
    """Ask somebody to code a submitted interview a second time; False where they were asked before.

    Refused for who held it, who took notes, and the account's own csm: they know what was answered.
    """
    wait_for_turn(session)
    if talk.submitted_at is None:
        raise Refusal("This interview has not been submitted yet.", "coder")
    if coder_id not in interviewers(session):
        raise Refusal("Choose somebody from the list.", "coder")
    coder = session.get_one(User, coder_id)
    csm = session.get_one(Account, talk.account_id).csm_email or ""
    if coder_id in {talk.interviewer_id, talk.note_taker_id} or coder.email.lower() == csm.lower():
        raise Refusal("Choose somebody who has not seen the answers.", "coder")
    known = session.scalar(select(Coding).where(Coding.interview_id == talk.id, Coding.coder_id == coder_id))
    if known is not None:
        return False
    session.add(Coding(interview_id=talk.id, coder_id=coder_id, asked_at=at))
    session.flush()
    told = {"coder_id": coder_id}
    record_event(session, actor_id=by, action="coding.ask", object_type="interview", object_id=talk.id, fields=told)
    return True


def code_interview(session: Session, *, coding: Coding, codes: Mapping[str, ParsedAnswer], at: datetime) -> None:
    """Store what a second coder found, once: afterwards they may see the answers. Refused the second time."""
    wait_for_turn(session)
    session.refresh(coding, with_for_update=True)
    if coding.coded_at is not None:
        raise Refusal("You have coded this already; what you found stays.", "coding")
    rows = session.execute(select(Question.key, Question.id).where(Question.key.in_(codes)))
    ids = {row.key: row.id for row in rows}
    session.add_all(
        Code(coding_id=coding.id, question_id=ids[key], value_number=found.value_number, value_text=found.value_text)
        for key, found in codes.items()
    )
    coding.coded_at = at
    session.flush()
    record_event(
        session,
        actor_id=coding.coder_id,
        action="coding.done",
        object_type="interview",
        object_id=coding.interview_id,
        fields={"questions": len(codes)},
    )
