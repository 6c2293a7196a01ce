"""Letters: mails that a person wrote to a customer, or that tell a colleague something, and whether they still go."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.core.errors import Refusal
from app.core.mail import one_line
from app.core.typed import typed_lines
from app.studies.rules.budget import Consent

LONGEST_SUBJECT = 200
LONGEST_BODY = 10_000
LINK = "{link}"
"""What stands in a body where the reader's personal link goes; the link itself is stored nowhere."""


class LetterKind(StrEnum):
    """What a letter is about."""

    ACTION = "action"
    NAMES = "names"
    REMINDER = "reminder"
    THANKS = "thanks"
    REST = "rest"


class Unsendable(StrEnum):
    """Why a letter does not go, in words for who wrote it."""

    CONSENT = "This person has said that they do not want to be written to."
    STOPPED = "Mails to this person are stopped: they unsubscribed, or their address does not exist."
    NO_ADDRESS = "There is no e-mail address of this person."
    GONE = "This login is not active any more."
    NO_LINK = "The link was taken back before the mail went out."


@dataclass(frozen=True)
class Wording:
    """The subject and body of a letter."""

    subject: str
    body: str

    def filled(self, values: Mapping[str, str]) -> "Wording":
        """The same with the names in its braces filled in; the link's place stays."""
        return Wording(self.subject.format(**values), self.body.format(link=LINK, **values))


def unsendable(
    *, consent: str | None, stop: str | None, email: str | None, is_active: bool = True
) -> Unsendable | None:
    """Why nothing is sent to a reader, or None where they may be written to."""
    if not is_active:
        return Unsendable.GONE
    if consent == Consent.NO:
        return Unsendable.CONSENT
    if stop is not None:
        return Unsendable.STOPPED
    return None if email else Unsendable.NO_ADDRESS


def checked(wording: Wording) -> Wording:
    """A letter as it may be sent; Refusal with the remedy where a part is missing or too long."""
    subject, body = one_line(wording.subject), typed_lines(wording.body, "body", LONGEST_BODY)
    if not subject or len(subject) > LONGEST_SUBJECT:
        raise Refusal(f"Write a subject of at most {LONGEST_SUBJECT} characters.", "subject")
    if not body:
        raise Refusal(f"Write a text of at most {LONGEST_BODY:,} characters.", "body")
    return Wording(subject, body)


def paragraphs(body: str) -> list[list[str]]:
    """The paragraphs of a body, each as its lines."""
    return [part.split("\n") for part in body.split("\n\n") if part.strip()]
