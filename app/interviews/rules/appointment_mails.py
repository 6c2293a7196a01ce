"""Which waiting mails about an appointment are not wanted any more."""

from datetime import datetime

from app.interviews.rules.appointment_words import Kind
from app.studies.rules.budget import Held

REASONS = {
    "changed": "The appointment was changed before it was sent.",
    "over": "It was too late: the appointment had begun.",
    "done": "The interview is over, or its study is closed.",
}


def unwanted_because(
    kind: Kind,
    *,
    is_superseded: bool,
    is_cancelled: bool,
    is_over: bool,
    held: Held | None,
    starts_at: datetime,
    at: datetime,
) -> str | None:
    """Return why a due mail is not sent after all, None where it is.

    A cancellation tells of a cancelled version, all others of one that stands. What holds the contact back does not
    hold the interviewer's own reminder, except that they do not take part.
    """
    is_for_contact = kind is not Kind.INTERVIEWER
    reasons = (
        ("changed", is_superseded or is_cancelled != (kind is Kind.CANCELLATION)),
        ("over", at >= starts_at),
        ("done", is_over and kind is not Kind.CANCELLATION),
        (held.value if held else "", held is not None and (is_for_contact or held in {Held.CONSENT, Held.REFUSED})),
    )
    return next((reason for reason, holds in reasons if holds), None)
