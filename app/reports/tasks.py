"""The job of reports by mail: each is made for its reader and sent when due; running it twice sends none twice."""

import logging
import time

from flask import current_app

from app.core.clock import now
from app.core.database import db, only_reading, turn_to_write
from app.core.errors import Refusal
from app.core.mail import Later, Mail, Post, post_of, sender_address
from app.core.posting import Fate, handed_over
from app.reports.delivering import Prepared, claim_mail, note_fate, prepared_mail, queue_due
from app.reports.mails import report_mail
from app.reports.queries.delivery import due_mail, due_subscriptions, unsent_editions
from app.reports.rendering import one_page_pdf
from app.surveys.here import place, settings

log = logging.getLogger(__name__)

SECONDS_A_TURN = 10.0
"""How long one turn sends: a page takes seconds to make, and the worker has other things to do as well."""


def delivery() -> int:
    """Send the reports that are due and return how many went out; the rest of many is left to the next turn."""
    if is_anything_to_queue():
        with turn_to_write():
            queue_due(db.session, at=now(), place=place())
            db.session.commit()
    if next_mail() is None:
        return 0
    ends, sent = time.monotonic() + SECONDS_A_TURN, 0
    with post_of(settings()) as post:
        while is_ready(post) and (mail_id := next_mail()) is not None:
            if time.monotonic() >= ends:
                current_app.extensions["bell"].ring("delivery")
                break
            sent += attempt(mail_id, post)
    return sent


def attempt(mail_id: int, post: Post) -> bool:
    """Make a mail, claim it, hand it to the server with no transaction open, and note what came of it.

    It is made before it is claimed: a page may take longer to make than a claim holds.
    """
    with only_reading():
        prepared = prepared_mail(db.session, mail_id=mail_id, place=place())
    with only_reading():
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
    if prepared.document is None:
        return None, Fate.UNWANTED, prepared.because
    try:
        pdf, sender = one_page_pdf(prepared.document), sender_address(settings())
        return report_mail(current_app.jinja_env, prepared, prepared.document, pdf=pdf, sender=sender), Fate.SENT, None
    except Refusal as refusal:
        return None, Fate.LATER, refusal.sentence
    except Exception:
        # One mail that cannot be made must not keep all others from their readers.
        log.exception("Report mail %s could not be made", prepared.mail_id)
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
    """Tell whether a day has come or an edition is out, by a transaction that only reads and has ended."""
    with only_reading():
        return bool(due_subscriptions(db.session, at=now()) or unsent_editions(db.session))


def is_ready(post: Post) -> bool:
    """Tell whether the server answers; why it does not stands in the log."""
    try:
        post.ready()
    except Later as later:
        log.warning("Reports by mail wait: %s", later)
        return False
    return True
