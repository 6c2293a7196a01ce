"""The job that sends the mails that ask for names."""

import time
from functools import partial

from flask import current_app, render_template

from app.core.clock import now
from app.core.config import Settings
from app.core.database import db, is_reading, turn_to_write
from app.core.mail import Later, Mail, Person, Post, Returned, post_of, sender_address
from app.stakeholders.queries.due import is_request_due
from app.stakeholders.services.asking import Claimed, claim_request, note_given_up, note_later, note_sent

SECONDS_A_TURN = 5.0


def ask_for_names() -> int:
    """Send the mails that are due and return how many went out; running it twice sends nothing twice.

    No transaction is open while the server is spoken to. A server that does not answer is no mail's fault: all wait.
    """
    settings: Settings = current_app.config["SETTINGS"]
    if not _is_anything_due():
        return 0
    sent, ends = 0, time.monotonic() + SECONDS_A_TURN
    with post_of(settings) as post:
        try:
            post.ready()
        except Later:
            return 0
        while time.monotonic() < ends and (claimed := _claim()):
            sent += _attempt(claimed, post, settings)
    return sent


def _attempt(claimed: Claimed, post: Post, settings: Settings) -> bool:
    """Send one mail and note what came of it; tells whether it went out."""
    note = partial(note_sent, db.session, claimed)
    try:
        if claimed.held:
            note = partial(note_given_up, db.session, claimed, reason=claimed.held.value)
        else:
            post.send(mail_of(claimed, sender_address(settings)))
    except Later as later:
        note = partial(note_later, db.session, claimed, reason=str(later))
    except Returned as returned:
        note = partial(note_given_up, db.session, claimed, reason=str(returned))
    with turn_to_write():
        note(at=now())
        db.session.commit()
    return note.func is note_sent


def mail_of(claimed: Claimed, from_address: str) -> Mail:
    """Return the mail as it arrives: from who asks, by our address, with replies to them."""
    address, name = claimed.sender
    paragraphs = [paragraph.split("\n") for paragraph in claimed.body.split("\n\n")]
    return Mail(
        sender=Person(from_address, name),
        to=Person(*claimed.to),
        subject=claimed.subject,
        text=claimed.body + "\n",
        html=render_template("emails/stakeholders/names.html", subject=claimed.subject, paragraphs=paragraphs),
        message_id=claimed.message_id,
        reply_to=Person(address, name),
    )


def _claim() -> Claimed | None:
    with turn_to_write():
        claimed = claim_request(db.session, at=now())
        db.session.commit()
    return claimed


def _is_anything_due() -> bool:
    """Tell whether a mail is to be sent now, by a transaction that only reads and has ended."""
    token = is_reading.set(True)
    try:
        return is_request_due(db.session, at=now())
    finally:
        db.session.rollback()
        is_reading.reset(token)
