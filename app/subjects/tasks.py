"""Jobs of personal data: once a day what has been kept long enough is taken away."""

from flask import current_app

from app.core.clock import now
from app.core.database import db, only_reading, sweep, turn_to_write
from app.core.mail import OUTBOX
from app.core.outbox import mails_before, remove_mails
from app.subjects.rules import Expiry
from app.subjects.services.retention import expire_anonymous, expire_some, is_expiry_due, note_expiry, reaches_back_to


def expire_words() -> int:
    """Take away what is due, once a day, and return from how many responses; running it twice changes nothing."""
    return expired().responses if is_due() else 0


def expired() -> Expiry:
    """Take away all that has been kept long enough, some at a time, so that others can write in between."""
    at = now()
    before = reaches_back_to(db.session, at=at)
    db.session.rollback()
    if before is None:
        return Expiry(None)
    with turn_to_write():
        gone = expire_anonymous(db.session, before=before)
        db.session.commit()
    while True:
        with turn_to_write():
            some = expire_some(db.session, before=before, at=at)
            db.session.commit()
        gone += some
        if not some.responses:
            break
    mails = remove_mails(mails_before(current_app.config["SETTINGS"].home / OUTBOX, before))
    expiry = Expiry(before, *gone.counts(), mails_in_outbox=mails)
    with turn_to_write():
        note_expiry(db.session, expiry=expiry, at=at)
        db.session.commit()
    if gone.responses:
        sweep(db.engine, is_thorough=False)
    return expiry


def is_due() -> bool:
    """Tell whether a day has passed, by a transaction that only reads: this is asked every minute."""
    with only_reading():
        return is_expiry_due(db.session, at=now())
