"""What becomes of a mail that is due: sent, put off, tried again, given up, or not wanted any more."""

from datetime import date, datetime
from enum import StrEnum

from app.studies.rules.budget import Facts, Held, not_to_be_mailed


class Unwanted(StrEnum):
    """Why a waiting mail is not sent, besides what holds people back."""

    CLOSED = "closed"
    NO_LINK = "no_link"
    STOPPED = "stopped"
    ERASED = "erased"


WORDS: dict[str, str] = {
    Unwanted.CLOSED: "The study was closed.",
    Unwanted.NO_LINK: "Their link was withdrawn.",
    Unwanted.STOPPED: "You stopped the mails that waited.",
    Unwanted.ERASED: "The person was erased at their wish.",
}


class Kind(StrEnum):
    """What a mail does: the first one invites, those after it remind."""

    INVITATION = "invitation"
    REMINDER = "reminder"


def kind_of(number: int) -> Kind:
    """What the mail of this number does."""
    return Kind.REMINDER if number else Kind.INVITATION


def unwanted_because(
    facts: Facts, *, at: datetime, closes_on: date, closed_at: datetime | None, has_link: bool
) -> Held | Unwanted | None:
    """Why a due mail is not sent after all, because things changed since it was queued; None where it is."""
    if closed_at is not None or at.date() > closes_on:
        return Unwanted.CLOSED
    held = not_to_be_mailed(facts)
    if held:
        return held
    if facts.is_quota_full:
        return Held.QUOTA_FULL
    return None if has_link else Unwanted.NO_LINK
