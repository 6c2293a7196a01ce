"""Mails that came back: noted on the mail, and remembered of the person until they have another address."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import FromClause, delete, exists, select, update
from sqlalchemy.orm import Session

from app.core.database import insert_rows, small_letters
from app.customers.models import Contact
from app.studies.models import Invitation, MailStop
from app.studies.rules.budget import Stop
from app.surveys.queries.bounces import Known

SOFT = "Came back for now"


class BounceType(StrEnum):
    """Why a mail came back: hard is for good, soft for now."""

    HARD = "hard"
    SOFT = "soft"


@dataclass(frozen=True)
class Bounce:
    """A mail to one person that came back; `is_known` where it changes nothing that is on record."""

    known: Known
    type: BounceType
    at: datetime
    reason: str | None

    @property
    def note(self) -> str:
        """What stands on the mail."""
        if self.type is BounceType.HARD:
            return self.reason or "The mail came back."
        return f"{SOFT}: {self.reason}" if self.reason else f"{SOFT}."

    @property
    def is_new_stop(self) -> bool:
        """Whether the person is not to be mailed any more because of it."""
        return self.type is BounceType.HARD and self.known.stop is None

    @property
    def is_new_note(self) -> bool:
        """Whether it says something about a mail that is not on record."""
        if self.known.invitation_id is None:
            return False
        is_noted = self.known.reason == self.note
        return not is_noted or (self.type is BounceType.HARD and self.known.bounced_at is None)


def note_bounces(session: Session, *, bounces: Iterable[Bounce], at: datetime) -> None:
    """Note mails that came back; coming back for good stops all mails to these people. Again changes nothing."""
    stops, notes = {}, []
    for bounce in bounces:
        if bounce.is_new_stop:
            stops[bounce.known.contact_id] = {"reason": Stop.BOUNCED.value, "stopped_at": at}
        if bounce.is_new_note:
            back = {"bounced_at": bounce.at} if bounce.type is BounceType.HARD else {}
            notes.append({"id": bounce.known.invitation_id, "reason": bounce.note, **back})
    insert_rows(session, MailStop, [{"contact_id": contact, **facts} for contact, facts in stops.items()])
    for hard in (True, False):
        if those := [note for note in notes if ("bounced_at" in note) is hard]:
            session.execute(update(Invitation), those)


def forgive_new_addresses(session: Session, incoming: FromClause) -> None:
    """Let people be mailed again who are about to get another address; `incoming` has `contact_id` and `email`."""
    changes = exists(
        select(1)
        .select_from(Contact)
        .join(incoming, incoming.c.contact_id == Contact.crm_id)
        .where(
            Contact.id == MailStop.contact_id,
            incoming.c.email.is_not(None),
            small_letters(incoming.c.email).is_distinct_from(small_letters(Contact.email)),
        )
    )
    session.execute(
        delete(MailStop)
        .where(MailStop.reason == Stop.BOUNCED.value, changes)
        .execution_options(synchronize_session=False)
    )
