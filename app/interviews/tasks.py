"""Jobs of interviews: mails about appointments are sent when they are due."""

import logging
import time

from flask import current_app

from app.core.clock import now
from app.core.config import Settings
from app.core.database import db, only_reading, turn_to_write
from app.core.mail import Later, Post, Returned, post_of, sender_address
from app.interviews.mails import appointment_mail
from app.interviews.queries.appointment_mails import due_count
from app.interviews.services.appointment_mails import (
    ClaimedMail,
    claim_appointment_mail,
    note_not_taken,
    note_sent,
    note_unwanted,
)

log = logging.getLogger(__name__)

SECONDS_A_TURN = 5.0


def appointments() -> int:
    """Send what is due about appointments and return how many mails went out; running it twice sends nothing twice."""
    if not _is_anything_due():
        return 0
    settings: Settings = current_app.config["SETTINGS"]
    ends, sent = time.monotonic() + SECONDS_A_TURN, 0
    with post_of(settings) as post:
        while time.monotonic() < ends and _is_ready(post) and (claimed := _claim()) is not None:
            sent += _attempt(claimed, post, settings)
    return sent


def _claim() -> ClaimedMail | None:
    with turn_to_write():
        claimed = claim_appointment_mail(db.session, at=now())
        db.session.commit()
    return claimed


def _attempt(claimed: ClaimedMail, post: Post, settings: Settings) -> bool:
    """Hand a mail to the server, with no transaction open, and note what came of it."""
    reason, is_final = "", False
    try:
        if claimed.agreed is not None:
            sender = sender_address(settings)
            templates = current_app.jinja_env
            post.send(appointment_mail(templates, claimed, claimed.agreed, sender=sender, base=settings.base_url))
    except Later as later:
        reason = str(later)
    except Returned as returned:
        reason, is_final = str(returned), True
    except Exception:
        # One mail that cannot be made must not keep all others from their readers.
        log.exception("Mail %s about an appointment could not be made", claimed.mail_id)
        reason = "The mail could not be made; the log says why."
    return _note(claimed, reason, is_final=is_final)


def _note(claimed: ClaimedMail, reason: str, *, is_final: bool) -> bool:
    with turn_to_write():
        if reason:
            note_not_taken(db.session, claimed=claimed, reason=reason, is_final=is_final, at=now())
        elif claimed.agreed is None:
            note_unwanted(db.session, claimed=claimed, at=now())
        else:
            note_sent(db.session, claimed=claimed, at=now())
        db.session.commit()
    return not reason and claimed.agreed is not None


def _is_ready(post: Post) -> bool:
    try:
        post.ready()
    except Later as later:
        log.warning("Mails about appointments wait: %s", later)
        return False
    return True


def _is_anything_due() -> bool:
    with only_reading():
        return due_count(db.session, at=now()) > 0
