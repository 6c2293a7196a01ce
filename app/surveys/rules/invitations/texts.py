"""What people write into mails: a subject and paragraphs with a few fixed placeholders, and nothing else.

Texts are filled by looking names up, never by a format language; braces hold one of these names or are refused.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

PLACEHOLDERS = {
    "name": "the person's name",
    "first_name": "its first word",
    "account": "their company",
    "organisation": "who asks",
    "owner": "who is responsible for the study",
    "closes_on": "the last day",
    "minutes": "how many minutes it takes",
    "link": "the address of their survey",
}
LONGEST_SUBJECT = 200
LONGEST_BODY = 5_000

LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,2}")
_PLACE = re.compile(r"\{([^{}]*)\}")


class TextError(ValueError):
    """A text that cannot be mailed: the sentence, and the field that it is about."""

    def __init__(self, sentence: str, field: str) -> None:
        super().__init__(sentence)
        self.field = field


@dataclass(frozen=True)
class MailWording:
    """The words of one mail in one language, with placeholders."""

    subject: str
    body: str

    def filled(self, values: Mapping[str, str]) -> "MailWording":
        """The words with the placeholders replaced, once: what a value says is never looked through."""
        return MailWording(filled(self.subject, values), filled(self.body, values))

    @property
    def paragraphs(self) -> list[list[str]]:
        """The paragraphs of the body, each as its lines."""
        blocks = re.split(r"\n[ \t]*\n", self.body.strip())
        return [[line.strip() for line in block.strip().splitlines()] for block in blocks if block.strip()]


def checked_wording(subject: str, body: str) -> MailWording:
    """The words as they may be mailed; TextError with the remedy where a line break would begin another header."""
    # Only what people type around a subject is taken off: a line break stays, to be refused.
    subject, body = subject.strip(" \t"), body.replace("\r\n", "\n").replace("\r", "\n").strip()
    if not subject:
        raise TextError("Enter a subject.", "subject")
    if not subject.isprintable():
        raise TextError("The subject is one line of visible characters; remove line breaks and the like.", "subject")
    if len(subject) > LONGEST_SUBJECT:
        raise TextError(f"The subject has {len(subject):,} characters; at most {LONGEST_SUBJECT} fit.", "subject")
    if not body:
        raise TextError("Enter what the mail says.", "body")
    if len(body) > LONGEST_BODY:
        raise TextError(f"The text has {len(body):,} characters; at most {LONGEST_BODY:,} fit.", "body")
    if any(unicodedata.category(each) in {"Cc", "Cs"} and each not in "\n\t" for each in body):
        raise TextError("The text holds a character that cannot be seen; remove it.", "body")
    _check_places(subject, "subject", set(PLACEHOLDERS) - {"link"})
    _check_places(body, "body", set(PLACEHOLDERS))
    return MailWording(subject, body)


def filled(text: str, values: Mapping[str, str]) -> str:
    """A text with its placeholders replaced; one without a value stays as it stands."""
    return _PLACE.sub(lambda place: values.get(place[1], place[0]), text)


def first_name(name: str) -> str:
    """The first word of a name; of a name of one word the word itself."""
    return name.split(maxsplit=1)[0] if name.split() else name


def _check_places(text: str, field: str, known: set[str]) -> None:
    for place in _PLACE.finditer(text):
        if place[1] not in known:
            names = ", ".join(f"{{{name}}}" for name in PLACEHOLDERS if name in known)
            raise TextError(f"“{{{place[1][:40]}}}” is not filled in here; use one of {names}.", field)
