"""What is entered after a call: what it came to, when, by what way, and when to try next."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from app.core.errors import Refusal
from app.studies.rules.attempts import CALL_OUTCOMES, CallOutcome, Channel, Outcome

CHANNELS = {
    Channel.PHONE: "Phone",
    Channel.FACE_TO_FACE: "Face to face",
    Channel.VIDEO: "Video",
    Channel.MAIL: "Mail",
}
LATEST = timedelta(minutes=5)
"""How far a caller's clock may be ahead of ours."""


@dataclass(frozen=True)
class Call:
    """One attempt as it was entered; `next_at` None: when the outcome's own delay says."""

    outcome: Outcome
    channel: Channel
    note: str | None
    attempted_at: datetime
    next_at: datetime | None

    @property
    def call_again_at(self) -> datetime | None:
        """When to try next; None: never, or at an appointment."""
        if self.outcome.is_final:
            return None
        if self.next_at or self.outcome.delay is None:
            return self.next_at
        return self.attempted_at + self.outcome.delay


def outcome_in(raw: str) -> Outcome:
    """Return what the call came to; Refusal where it is none of the table."""
    if raw not in list(CallOutcome):
        raise Refusal("Choose what the call came to.", "outcome")
    return CALL_OUTCOMES[CallOutcome(raw)]


def channel_in(raw: str) -> Channel:
    """Return by what way it was tried; Refusal where it is none of the list."""
    if raw not in list(Channel):
        raise Refusal("Choose how you tried to reach them.", "channel")
    return Channel(raw)


def refusal_of(call: Call, *, at: datetime) -> Refusal | None:
    """Return why a call cannot be entered so, with the remedy; None where it can."""
    if call.outcome.needs_note and not call.note:
        return Refusal("Write down in a few words why: whoever calls next must know.", "note")
    if call.attempted_at > at + LATEST:
        return Refusal("This call is still to come; enter it once it was made.", "attempted")
    if call.next_at is not None and call.outcome.is_final:
        return Refusal("After this outcome nobody calls again; take the next call out.", "next")
    if call.next_at is not None and call.next_at <= at:
        return Refusal("The next call lies in the past; choose a time that is still to come.", "next")
    return None
