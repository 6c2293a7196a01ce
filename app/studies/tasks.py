"""The job of letters: those that are due are sent, one after the other; running it twice sends none twice."""

import logging

from flask import current_app

from app.core.clock import now
from app.core.config import Settings
from app.core.database import db, only_reading, turn_to_write
from app.core.mail import Later, Post, Returned, post_of, sender_address
from app.studies.mails import letter_mail
from app.studies.queries.letters import due_letters
from app.studies.services.letters import Ready, claim_letter, note_later, note_returned, note_sent

log = logging.getLogger(__name__)

A_TURN = 50
"""How many letters one turn sends at most: the worker has other things to do as well."""


def letters() -> int:
    """Send the letters that are due and return how many went out."""
    if not is_anything_due():
        return 0
    sent = 0
    with post_of(settings()) as post:
        for _ in range(A_TURN):
            ready = claimed(post)
            if ready is None:
                return sent
            sent += is_sent(ready, post)
    current_app.extensions["bell"].ring("letters")
    return sent


def is_anything_due() -> bool:
    """Tell whether a letter is to be sent now, by a transaction that only reads and has ended."""
    with only_reading():
        return due_letters(db.session, at=now()) > 0


def claimed(post: Post) -> Ready | None:
    """Claim the next letter where the server answers; why it does not stands in the log."""
    try:
        post.ready()
    except Later as later:
        log.warning("Letters wait: %s", later)
        return None
    with turn_to_write():
        secret = str(current_app.secret_key)
        ready = claim_letter(db.session, at=now(), secret=secret, base_url=settings().base_url)
        db.session.commit()
    return ready


def is_sent(ready: Ready, post: Post) -> bool:
    """Hand a letter to the server, note what came of it, and tell whether it went out."""
    reason, later = ready.because and ready.because.value, False
    try:
        if reason is None:
            post.send(letter_mail(current_app.jinja_env, ready, sender_address(settings())))
    except Later as refused:
        reason, later = str(refused), True
    except Returned as returned:
        reason = str(returned)
    with turn_to_write():
        if reason is None:
            note_sent(db.session, letter_id=ready.id, at=now())
        elif later:
            note_later(db.session, letter_id=ready.id, tries=ready.tries, reason=reason, at=now())
        else:
            note_returned(db.session, letter_id=ready.id, reason=reason, at=now())
        db.session.commit()
    return reason is None


def settings() -> Settings:
    """Return this workspace's settings."""
    found: Settings = current_app.config["SETTINGS"]
    return found
