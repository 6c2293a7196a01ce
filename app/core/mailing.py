"""A turn of sending mails that wait in a table: each is made, claimed, handed over, and its fate noted."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from flask import current_app
from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.config import Settings
from app.core.database import db, only_reading, turn_to_write
from app.core.errors import Refusal
from app.core.mail import Later, Mail, Post, post_of
from app.core.posting import Fate, handed_over

log = logging.getLogger(__name__)

SECONDS_A_TURN = 10.0
"""How long one turn sends: a mail may take seconds to make, and the worker has other things to do as well."""

Prepared = TypeVar("Prepared")

NOT_MADE = "The mail could not be made; the log says why."


@dataclass(frozen=True)
class Mailing(Generic[Prepared]):
    """What one kind of mail does at each step, by its own tables; `job` is rung where a turn was too short for all.

    `make` returns the mail, or the sentence why nobody wants it any more. A Refusal of it is tried again later.
    """

    job: str
    due: Callable[[Session, datetime], int | None]
    prepare: Callable[[Session, int], Prepared]
    make: Callable[[Prepared], Mail | str]
    claim: Callable[[Session, Prepared, datetime], bool]
    note: Callable[[Session, Prepared, Fate, str | None, datetime], None]


def send_what_is_due(mailing: Mailing[Prepared], settings: Settings) -> int:
    """Send for one turn and return how many mails went out; running it twice sends none twice."""
    if _next(mailing) is None:
        return 0
    ends, sent = time.monotonic() + SECONDS_A_TURN, 0
    with post_of(settings) as post:
        while _is_ready(mailing, post) and (mail_id := _next(mailing)) is not None:
            if time.monotonic() >= ends:
                current_app.extensions["bell"].ring(mailing.job)
                break
            sent += _attempt(mailing, mail_id, post)
    return sent


def _attempt(mailing: Mailing[Prepared], mail_id: int, post: Post) -> bool:
    """Make a mail and claim it, hand it over with no transaction open, and note what came of it.

    It is made before it is claimed: a page may take longer to make than a claim holds.
    """
    with only_reading():
        prepared = mailing.prepare(db.session, mail_id)
    with only_reading():
        mail, fate, reason = _made(mailing, prepared, mail_id)
    with turn_to_write():
        is_ours = mailing.claim(db.session, prepared, now())
        db.session.commit()
    if not is_ours:
        return False
    if mail is not None:
        fate, reason = handed_over(mail, post)
    with turn_to_write():
        mailing.note(db.session, prepared, fate, reason, now())
        db.session.commit()
    return fate is Fate.SENT


def _made(mailing: Mailing[Prepared], prepared: Prepared, mail_id: int) -> tuple[Mail | None, Fate, str | None]:
    try:
        made = mailing.make(prepared)
    except Refusal as refusal:
        return None, Fate.LATER, refusal.sentence
    except Exception:
        # One mail that cannot be made must not keep all others from their readers.
        log.exception("Mail %s of %s could not be made", mail_id, mailing.job)
        return None, Fate.LATER, NOT_MADE
    return (None, Fate.UNWANTED, made) if isinstance(made, str) else (made, Fate.SENT, None)


def _next(mailing: Mailing[Prepared]) -> int | None:
    with only_reading():
        return mailing.due(db.session, now())


def _is_ready(mailing: Mailing[Prepared], post: Post) -> bool:
    try:
        post.ready()
    except Later as later:
        log.warning("Mails of %s wait: %s", mailing.job, later)
        return False
    return True
