"""Jobs of surveys: mails that are due are sent, one after the other, at the server's pace."""

import logging
import time
from collections.abc import Iterator, Sequence
from datetime import timedelta

from flask import current_app

from app.core.clock import now
from app.core.database import db, only_reading, turn_to_write
from app.core.errors import Refusal
from app.core.mail import Later, Post, Returned, post_of, sender_address
from app.studies.queries import study_named
from app.studies.queries.triggers import studies_to_look
from app.surveys.here import place, settings
from app.surveys.mails import mail_of
from app.surveys.pages import Pages
from app.surveys.queries.mails import due_count
from app.surveys.services.mailing import Claimed, Fate, Outcome, claim_mail, note_outcome
from app.surveys.services.occasions import run_round

log = logging.getLogger(__name__)

SECONDS_A_TURN = 5.0
"""How long one turn sends: the worker has other things to do as well, so a long queue takes many turns."""

BETWEEN_ROUNDS = timedelta(hours=1)
"""How often a study that starts by itself looks who joins: an occasion is a matter of days."""


def trigger() -> list[str]:
    """Let accounts join the studies that start by themselves, and return the keys of those that looked.

    Each looks once an hour; running it twice changes nothing.
    """
    looked = [key for key in keys_to_look() if has_looked(key)]
    if is_anything_due():
        current_app.extensions["bell"].ring("mail")
    return looked


def keys_to_look() -> Sequence[str]:
    """Return the keys of the studies whose hour is over, by a transaction that only reads and has ended."""
    with only_reading():
        return studies_to_look(db.session, at=now(), before=now() - BETWEEN_ROUNDS)


def has_looked(key: str) -> bool:
    """Run one round of a study and tell whether that worked; why it did not stands in the log."""
    try:
        with turn_to_write():
            run_round(db.session, study=study_named(db.session, key), at=now(), place=place())
            db.session.commit()
    except Refusal as refusal:
        db.session.rollback()
        log.warning("Nobody could join study %s: %s", key, refusal.sentence)
        return False
    return True


def mail() -> int:
    """Send what is due and return how many mails went out; running it twice sends nothing twice.

    After some seconds the rest is left to the next turn, for which the bell is rung.
    """
    outcomes = [outcome.fate for outcome in sent_mails(SECONDS_A_TURN)]
    if outcomes and is_anything_due():
        current_app.extensions["bell"].ring("mail")
    return outcomes.count(Fate.SENT)


def sent_mails(seconds: float | None = None) -> Iterator[Outcome]:
    """Send due mails and yield what became of each, for so many seconds at most, or until none is due.

    What became of a mail is noted in the transaction that claims the next; no transaction is open while the server is
    spoken to. A server that cannot be reached is no mail's fault: then all of them wait.
    """
    ends = None if seconds is None else time.monotonic() + seconds
    if not is_anything_due():
        return
    with post_of(settings()) as post:
        outcome: Outcome | None = None
        while True:
            is_reached = is_ready(post)
            claimed = step(outcome, wants_more=is_reached and (ends is None or time.monotonic() < ends))
            if outcome is not None:
                yield outcome
            if claimed is None:
                return
            outcome = attempt(claimed, post)


def step(outcome: Outcome | None, *, wants_more: bool) -> Claimed | None:
    """Note what became of the last mail and claim the next, in one short transaction."""
    with turn_to_write():
        if outcome is not None:
            note_outcome(db.session, outcome=outcome, at=now(), place=place())
        claimed = claim_mail(db.session, at=now(), place=place()) if wants_more else None
        db.session.commit()
    return claimed


def attempt(claimed: Claimed, post: Post) -> Outcome:
    """Hand a mail to the server, and say what came of it."""
    if claimed.letter is None:
        return Outcome(claimed, claimed.fate, claimed.reason)
    pages: Pages = current_app.extensions["survey_pages"]
    try:
        asked = pages.asked(db.session, claimed.version_id)
        db.session.rollback()
        post.send(mail_of(current_app.jinja_env, claimed.letter, asked, sender_address(settings())))
    except Later as later:
        return Outcome(claimed, Fate.LATER, str(later))
    except Returned as returned:
        return Outcome(claimed, Fate.DEAD if returned.is_dead else Fate.RETURNED, str(returned))
    except Exception:
        # One mail that cannot be made must not keep all others from their readers.
        log.exception("Mail %s could not be made", claimed.invitation_id)
        return Outcome(claimed, Fate.LATER, "The mail could not be made; the log says why.")
    return Outcome(claimed, Fate.SENT)


def is_ready(post: Post) -> bool:
    """Tell whether the server answers; why it does not stands in the log."""
    try:
        post.ready()
    except Later as later:
        log.warning("Mails wait: %s", later)
        return False
    return True


def is_anything_due() -> bool:
    """Tell whether a mail is to be sent now, by a transaction that only reads and has ended."""
    with only_reading():
        return due_count(db.session, at=now()) > 0
