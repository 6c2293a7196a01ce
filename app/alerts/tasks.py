"""The job of health alerts: what moved is noted, each mail made for its reader and sent; twice sends none twice."""

import logging
import time

from flask import current_app

from app.alerts.mails import alert_mail
from app.alerts.queries.mails import due_mail
from app.alerts.queries.subscriptions import is_any_unseen
from app.alerts.services.preparing import Prepared, claim_mail, note_fate, prepared_mail
from app.alerts.services.queueing import queue_alerts
from app.core.clock import now
from app.core.database import db, only_reading, turn_to_write
from app.core.mail import Later, Mail, Post, post_of, sender_address
from app.core.posting import Fate, handed_over
from app.core.workspace import the_workspace
from app.surveys.here import place, settings

log = logging.getLogger(__name__)

SECONDS_A_TURN = 10.0
"""How long one turn sends; the worker has other things to do as well."""


def alerts() -> int:
    """Tell those who asked what moved, and return how many mails went out; of many the rest waits for the next turn."""
    if is_anything_to_queue():
        with turn_to_write():
            queue_alerts(db.session, at=now(), place=place())
            db.session.commit()
    if next_mail() is None:
        return 0
    ends, sent = time.monotonic() + SECONDS_A_TURN, 0
    with post_of(settings()) as post:
        while is_ready(post) and (mail_id := next_mail()) is not None:
            if time.monotonic() >= ends:
                current_app.extensions["bell"].ring("alerts")
                break
            sent += attempt(mail_id, post)
    return sent


def attempt(mail_id: int, post: Post) -> bool:
    """Make a mail, claim it, hand it to the server with no transaction open, and note what came of it."""
    with only_reading():
        prepared = prepared_mail(db.session, mail_id=mail_id, place=place())
        mail, fate, reason = made(prepared)
    if not is_claimed(prepared):
        return False
    if mail is not None:
        fate, reason = handed_over(mail, post)
    with turn_to_write():
        note_fate(db.session, prepared=prepared, fate=fate, reason=reason, at=now(), place=place())
        db.session.commit()
    return fate is Fate.SENT


def made(prepared: Prepared) -> tuple[Mail | None, Fate, str | None]:
    """Return the mail as it is sent, or what becomes of it without being sent, and why."""
    if prepared.because is not None:
        return None, Fate.UNWANTED, prepared.because
    try:
        sender, is_sample = sender_address(settings()), the_workspace(db.session).is_sample
        return alert_mail(current_app.jinja_env, prepared, sender=sender, is_sample=is_sample), Fate.SENT, None
    except Exception:
        # One mail that cannot be made must not keep all others from their readers.
        log.exception("Alert mail %s could not be made", prepared.mail_id)
        return None, Fate.LATER, "The mail could not be made; the log says why."


def is_claimed(prepared: Prepared) -> bool:
    """Claim a mail, and tell whether it is ours to send as it was made."""
    with turn_to_write():
        is_ours = claim_mail(db.session, prepared=prepared, at=now())
        db.session.commit()
    return is_ours


def next_mail() -> int | None:
    """Return the mail that is to be sent next, by a transaction that only reads and has ended."""
    with only_reading():
        return due_mail(db.session, at=now())


def is_anything_to_queue() -> bool:
    """Tell whether health was computed since it was looked at, by a transaction that only reads and has ended."""
    with only_reading():
        return is_any_unseen(db.session)


def is_ready(post: Post) -> bool:
    """Tell whether the server answers; why it does not stands in the log."""
    try:
        post.ready()
    except Later as later:
        log.warning("Health alerts wait: %s", later)
        return False
    return True
