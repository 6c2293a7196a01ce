"""How long people's own words are kept, and what is older."""

from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy.orm import Session

from app.core.database import overwrite_what_goes
from app.core.outbox import mails_before
from app.core.workspace import the_workspace
from app.responses.services.blanking import (
    Blanked,
    anonymous_words_of,
    blank_anonymous_words,
    blank_words,
    closed_questions,
    old_responses,
    words_of,
)
from app.scoring.services.sentiments import forget_marks
from app.subjects.rules import Expiry, months_before
from app.users.services import record_event

AT_ONCE = 500
"""How many responses lose their words in one transaction: others write in between."""
EVERY = timedelta(days=1)


def is_expiry_due(session: Session, *, at: datetime) -> bool:
    """Tell whether words are kept for a time only, and were not looked through within a day."""
    workspace = the_workspace(session)
    has_run = workspace.expired_at is not None and workspace.expired_at > at - EVERY
    return workspace.retention_months is not None and not has_run


def reaches_back_to(session: Session, *, at: datetime) -> datetime | None:
    """The instant before which words are taken away now; None where they are kept for ever."""
    months = the_workspace(session).retention_months
    return None if months is None else months_before(at, months)


def outlook(session: Session, *, outbox: Path, at: datetime) -> Expiry:
    """What would go now; nothing changes."""
    before = reaches_back_to(session, at=at)
    if before is None:
        return Expiry(None)
    closed = closed_questions(session)
    words = words_of(session, old_responses(session, before=before, closed=closed), closed=closed)
    words += anonymous_words_of(session, before=before, closed=closed)
    return Expiry(before, *words.counts(), mails_in_outbox=len(mails_before(outbox, before)))


def expire_some(session: Session, *, before: datetime, at: datetime) -> Blanked:
    """Take the words of some responses away that last changed before an instant; none is left where it returns none.

    It counts when an answer came to us or was last changed here: an older file is not emptied in the night after its
    import.
    """
    overwrite_what_goes(session)
    closed = closed_questions(session)
    some = old_responses(session, before=before, closed=closed, limit=AT_ONCE)
    blanked = blank_words(session, some, closed=closed, at=at)
    forget_marks(session, some)
    session.expire_all()
    return blanked


def expire_anonymous(session: Session, *, before: datetime) -> Blanked:
    """Take the words of all anonymous responses away that were given before an instant."""
    overwrite_what_goes(session)
    return blank_anonymous_words(session, before=before, closed=closed_questions(session))


def note_expiry(session: Session, *, expiry: Expiry, at: datetime, actor_id: int | None = None) -> None:
    """Note that words were looked through, and in the audit log what went."""
    workspace = the_workspace(session)
    workspace.expired_at = at
    session.add(workspace)
    session.flush()
    if not expiry.is_nothing:
        record_event(
            session,
            actor_id=actor_id,
            action="words.expired",
            object_type="workspace",
            object_id=workspace.id,
            fields=expiry.document(),
        )
