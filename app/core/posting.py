"""What becomes of a mail that was handed over: the same words and the same columns for every feature that sends."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from app.core.mail import Later, Mail, Post, Returned
from app.core.retries import pause_after


class Fate(StrEnum):
    """What becomes of a mail."""

    SENT = "sent"
    LATER = "later"
    RETURNED = "returned"
    UNWANTED = "unwanted"


def handed_over(mail: Mail, post: Post) -> tuple[Fate, str | None]:
    """Hand a mail to the server, and return what came of it and why."""
    try:
        post.send(mail)
    except Later as later:
        return Fate.LATER, str(later)
    except Returned as returned:
        return Fate.RETURNED, str(returned)
    return Fate.SENT, None


def fate_values(fate: Fate, *, tries: int, reason: str | None, at: datetime) -> dict[str, Any]:
    """Return what the row of a mail says of its fate; `due_at` only where it is tried again, and not before then.

    `tries` counts this one. A mail that was tried for two days is given up.
    """
    pause: timedelta | None = pause_after(tries) if fate is Fate.LATER else None
    if fate is Fate.SENT:
        return {"sent_at": at, "reason": None}
    if fate is Fate.UNWANTED:
        return {"cancelled_at": at, "reason": reason}
    if pause is None:
        return {"tries": tries, "failed_at": at, "reason": reason}
    return {"tries": tries, "due_at": at + pause, "claimed_at": None, "reason": reason}
