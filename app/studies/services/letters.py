"""Letters: queued once, claimed before the server is spoken to, and what became of each noted after."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Row, delete, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.core.mail import Person
from app.core.retries import pause_after
from app.studies.models import Letter
from app.studies.queries.letters import due_letter, letter_facts, waits
from app.studies.rules.letters import LINK, LetterKind, Unsendable, Wording, unsendable
from app.studies.rules.links import Purpose, survey_address
from app.studies.services.links import tokens_of_one

_ID_BYTES = 16
FALLBACK_HOST = "localhost"


@dataclass(frozen=True)
class Reader:
    """Whom a letter goes to: a customer or a colleague, and whose personal link it names, if any."""

    contact_id: int | None = None
    user_id: int | None = None
    respondent_id: int | None = None


@dataclass(frozen=True)
class Ready:
    """A letter that is this worker's for now; where `because` stands, it is not sent after all."""

    id: int
    tries: int
    to: Person
    writer: Person | None
    organisation: str | None
    kind: LetterKind
    language: str
    wording: Wording
    link: str | None
    message_id: str
    because: Unsendable | None = None


def queue_letter(
    session: Session,
    *,
    kind: LetterKind,
    key: str,
    reader: Reader,
    wording: Wording,
    base_url: str,
    at: datetime,
    by: int | None,
    language: str = "en",
) -> bool:
    """Note that a letter is to be sent; False where the one of this key was queued before: it is sent once only."""
    dialect: Any = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    host = urlsplit(base_url).hostname or FALLBACK_HOST
    values = {
        **vars(reader),
        "kind": kind.value,
        "key": key,
        "written_by": by,
        "language": language,
        "subject": wording.subject,
        "body": wording.body,
        "message_id": f"<letter-{secrets.token_hex(_ID_BYTES)}@{host}>",
        "due_at": at,
        "created_at": at,
        "tries": 0,
    }
    once = dialect.insert(Letter).values(**values).on_conflict_do_nothing(index_elements=["key"])
    return session.execute(once.returning(Letter.id)).scalar_one_or_none() is not None


def claim_letter(session: Session, *, at: datetime, secret: str, base_url: str) -> Ready | None:
    """Claim the letter that is due first, and look again whether it may still be sent; None where nothing is due.

    The caller commits before it speaks to the server: a crash after that leaves the claim, which goes stale, and the
    letter is sent again with the same Message-ID.
    """
    identity = due_letter(session, at=at)
    if identity is None:
        return None
    session.execute(update(Letter).where(Letter.id == identity).values(claimed_at=at))
    return _ready(session, letter_facts(session, identity), secret, base_url)


def note_sent(session: Session, *, letter_id: int, at: datetime) -> None:
    """Note that the server took a letter."""
    session.execute(update(Letter).where(Letter.id == letter_id).values(sent_at=at, reason=None))


def note_returned(session: Session, *, letter_id: int, reason: str, at: datetime) -> None:
    """Note that a letter is given up, and why."""
    session.execute(update(Letter).where(Letter.id == letter_id, waits()).values(failed_at=at, reason=reason))


def note_later(session: Session, *, letter_id: int, tries: int, reason: str, at: datetime) -> None:
    """Note that a letter is to be tried again after a pause, or that this was the last time."""
    pause = pause_after(tries + 1)
    values: dict[str, Any] = {"tries": tries + 1, "reason": reason}
    values |= {"failed_at": at} if pause is None else {"due_at": at + pause, "claimed_at": None}
    session.execute(update(Letter).where(Letter.id == letter_id, waits()).values(**values))


def cancel_letters(session: Session, *, respondent_id: int, kind: LetterKind, at: datetime) -> None:
    """Let the waiting letters about a respondent's link not go any more."""
    theirs = (Letter.respondent_id == respondent_id, Letter.kind == kind.value, waits())
    session.execute(update(Letter).where(*theirs).values(cancelled_at=at, reason=Unsendable.NO_LINK.value))


def erase_letters(session: Session, *, contact_ids: list[int]) -> int:
    """Take away every letter to these people, sent or not, and return how many there were."""
    return len(session.scalars(delete(Letter).where(Letter.contact_id.in_(contact_ids)).returning(Letter.id)).all())


def _ready(session: Session, row: Row[Any], secret: str, base_url: str) -> Ready:
    letter: Letter = row.Letter
    link = _link(session, letter, secret, base_url)
    because = unsendable(consent=row.consent, stop=row.stop, email=row.email, is_active=row.is_active)
    if because is None and LINK in letter.body and letter.respondent_id and link is None:
        because = Unsendable.NO_LINK
    return Ready(
        id=letter.id,
        tries=letter.tries,
        to=Person(row.email or "", row.name or ""),
        writer=Person(row.writer_email, row.writer) if row.writer_email else None,
        organisation=row.organisation,
        kind=LetterKind(letter.kind),
        language=letter.language,
        wording=Wording(letter.subject, letter.body),
        link=link,
        message_id=letter.message_id,
        because=because,
    )


def _link(session: Session, letter: Letter, secret: str, base_url: str) -> str | None:
    if letter.respondent_id is None:
        return None
    token = tokens_of_one(session, respondent_id=letter.respondent_id, secret=secret).get(Purpose.SURVEY)
    return survey_address(base_url, token) if token else None
