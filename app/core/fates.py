"""What became of a mail, in a sentence for who reads the page of deliveries."""

from datetime import datetime
from typing import Protocol

from app.core.display import instant


class Posted(Protocol):
    """What is known of a mail."""

    due_at: datetime
    sent_at: datetime | None
    failed_at: datetime | None
    cancelled_at: datetime | None
    tries: int
    reason: str | None


def fate_words(mail: Posted) -> str:
    """Return in a sentence what became of a mail, or when it is sent."""
    if mail.sent_at is not None:
        return f"Sent {instant(mail.sent_at)}."
    if mail.cancelled_at is not None:
        return f"Not sent. {mail.reason}"
    if mail.failed_at is not None:
        return f"Given up after {mail.tries} {'try' if mail.tries == 1 else 'tries'}. {mail.reason}"
    if mail.tries:
        return f"Tried again {instant(mail.due_at)}. {mail.reason}"
    return f"Is sent {instant(mail.due_at)}."
