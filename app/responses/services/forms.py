"""A survey's door: a whole form at once, stored as one response however often it arrives."""

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.questionnaires.rules.kinds import ParsedAnswer
from app.responses.rules import answers_sha256
from app.responses.services.writing import (
    SUBMISSION,
    Door,
    Submitted,
    note_submission,
    opened,
    replace_answers,
    touch,
)


def submit_answers(
    session: Session, *, door: Door, form_key: str, answers: Mapping[int, ParsedAnswer], at: datetime
) -> Submitted:
    """Store a whole form as the one response of a respondent: the first opens it, a later one edits it.

    `answers` are by question id; questions left out are withdrawn. A form that arrives again changes nothing: not
    twice in a row, and not after a newer form either. The same form sent with other answers is an edit. ValueError
    without any answer.
    """
    if not answers:
        raise ValueError("A response needs an answer.")
    response = opened(session, door=door, at=at, submitted_at=at)
    at = max(at, response.changed_at)
    digest = answers_sha256(answers)
    if not response.is_new and _is_replay(session, response.id, form_key, digest):
        return Submitted(response.id, is_replay=True, changed=0)
    changed = replace_answers(session, response, answers, at=at)
    if not response.is_new:
        touch(session, response.id, at=at, submitted_at=at)
    note_submission(session, response, form_key=form_key, digest=digest, at=at)
    return Submitted(response.id, is_replay=False, changed=changed)


def _is_replay(session: Session, response_id: int, form_key: str, digest: str) -> bool:
    """Whether this form with this content is the last one that was sent, or came before a newer form."""
    sent = session.execute(
        sa.select(SUBMISSION.c.form_key, SUBMISSION.c.content_sha256)
        .where(SUBMISSION.c.response_id == response_id)
        .order_by(SUBMISSION.c.submitted_at.desc(), SUBMISSION.c.id.desc())
    ).all()
    if (form_key, digest) not in sent:
        return False
    last_form, last_digest = sent[0]
    return bool(last_digest == digest or last_form != form_key)
