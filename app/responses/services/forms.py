"""A survey's doors: a whole form at once, or page by page and then sent; one response however often it arrives."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.core.errors import Refusal
from app.questionnaires.rules.kinds import ParsedAnswer
from app.responses.queries import standing_answers
from app.responses.rules import Place, answers_sha256
from app.responses.services.writing import (
    SUBMISSION,
    Door,
    Submitted,
    note_submission,
    opened,
    replace_answers,
    touch,
)

Answers = Mapping[Place, ParsedAnswer]
Settling = Callable[[Answers], tuple[Answers, Collection[Place]]]
"""Gives all answers as they are to stand, and the places of those behind branches that are closed."""


def submit_answers(
    session: Session,
    *,
    door: Door,
    form_key: str,
    answers: Answers,
    at: datetime,
    closed: Collection[Place] = (),
    seconds: int | None = None,
) -> Submitted:
    """Store a whole form as the one response of a respondent: the first opens it, a later one edits it.

    Questions left out are withdrawn; answers at `closed` places are kept and do not count. `seconds` is how long the
    form stood open. A form that arrives again changes nothing: not twice in a row, and not after a newer form either.
    The same form sent with other answers is an edit. ValueError without any answer.
    """
    if not answers:
        raise ValueError("A response needs an answer.")
    response = opened(session, door=door, at=at, submitted_at=at)
    at = max(at, response.changed_at)
    digest = answers_sha256(answers)
    if not response.is_new and _is_replay(session, response.id, form_key, digest):
        return Submitted(response.id, is_replay=True, changed=0)
    changed = replace_answers(session, response, answers, at=at, mode=door.mode, closed=closed)
    if not response.is_new:
        touch(session, response.id, at=at, submitted_at=at, consent_version=door.consent_version)
    note_submission(session, response, form_key=form_key, digest=digest, at=at, seconds=seconds)
    return Submitted(response.id, is_replay=False, changed=changed)


def save_page(
    session: Session,
    *,
    door: Door,
    form_key: str,
    page: Collection[Place],
    answers: Answers,
    settling: Settling,
    at: datetime,
) -> Answers:
    """Store one page of a survey and return all answers: those given at other places stay.

    The response is not sent by that; one that was sent before stays sent, and this edits it.
    """
    response = opened(session, door=door, at=at, submitted_at=None)
    at = max(at, response.changed_at)
    known = {} if response.is_new else standing_answers(session, response.id)
    kept = {place: standing.answer for place, standing in known.items() if place not in page}
    told, closed = settling({**kept, **answers})
    if not replace_answers(session, response, told, at=at, mode=door.mode, closed=closed):
        return told
    touch(
        session,
        response.id,
        at=at,
        submitted_at=response.submitted_at and at,
        consent_version=door.consent_version,
    )
    if response.submitted_at:
        note_submission(session, response, form_key=form_key, digest=answers_sha256(told), at=at)
    return told


def send_pages(session: Session, *, door: Door, form_key: str, at: datetime) -> Submitted:
    """Send a survey that was filled in page by page; once more changes nothing. Refusal without any answer."""
    response = opened(session, door=door, at=at, submitted_at=None)
    at = max(at, response.changed_at)
    told = {place: standing.answer for place, standing in standing_answers(session, response.id).items()}
    if not told:
        raise Refusal("Answer at least one question; which one is up to you.", "response")
    if response.submitted_at is None:
        touch(session, response.id, at=at, submitted_at=at, consent_version=door.consent_version)
        note_submission(session, response, form_key=form_key, digest=answers_sha256(told), at=at)
    return Submitted(response.id, is_replay=response.submitted_at is not None, changed=0)


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
