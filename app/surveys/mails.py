"""What a customer finds in the mail: the study's own words or ours, in their language, as text and as HTML."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from jinja2 import Environment
from markupsafe import Markup, escape

from app.core.mail import Mail, Person, one_line
from app.questionnaires.rules.definition import AskedIn, Direction, Question
from app.questionnaires.rules.languages import direction_of, in_language
from app.surveys.queries import Asked
from app.surveys.rules.invitations.languages import (
    MailLanguage,
    anonymous_words_of,
    default_wording,
    language_of,
    words_of,
)
from app.surveys.rules.invitations.sending import Kind
from app.surveys.rules.invitations.texts import MailWording, filled, first_name
from app.surveys.tongue import tongue_of

SCORED = "recommend"
"""The question whose numbers stand in the mail."""
FIRST_ROW = 6
"""Numbers in the first of two rows, as they stand on a phone."""


@dataclass(frozen=True)
class Letter:
    """Whom a mail goes to, about what, and where its links lead; `note` stands above everything else.

    Where it `is_anonymous`, its link is that of many, and it says so.
    """

    to: Person
    account: str
    organisation: str | None
    owner: Person | None
    closes_on: date
    kind: Kind
    language: str | None
    message_id: str
    link: str
    unsubscribe: str
    has_one_click: bool = True
    note: str = ""
    is_anonymous: bool = False
    own: Mapping[str, MailWording] = field(default_factory=dict)


@dataclass(frozen=True)
class Written:
    """A mail's words as they will be read."""

    language: str
    words: MailLanguage
    wording: MailWording
    values: Mapping[str, str]
    promise: str = ""

    @property
    def direction(self) -> Direction:
        """The direction in which they are read."""
        return direction_of(self.language)

    @property
    def subject(self) -> str:
        """The subject in one line."""
        return one_line(self.wording.filled(self.values).subject)

    @property
    def paragraphs(self) -> list[Markup]:
        """The paragraphs as HTML, with the address of the survey as a link."""
        link = Markup('<a href="{0}">{0}</a>').format(self.values["link"])
        safe = {name: str(escape(value)) for name, value in self.values.items()} | {"link": str(link)}
        return [
            Markup("<br>").join(Markup(filled(str(escape(line)), safe)) for line in lines)  # noqa: S704  (escaped before)
            for lines in self.wording.paragraphs
        ]


def written(letter: Letter, asked: Asked) -> Written:
    """A mail's words, in the language of its reader where there are words in it."""
    language = language_of(letter.language, asked.questionnaire.language, letter.own)
    words = words_of(language)
    tongue = tongue_of(language)
    organisation = letter.organisation or tongue.say("our customer team")
    values = {
        "name": one_line(letter.to.name),
        "first_name": first_name(one_line(letter.to.name)),
        "account": one_line(letter.account),
        "organisation": organisation,
        "owner": one_line(letter.owner.name) if letter.owner else organisation,
        "closes_on": tongue.day(letter.closes_on),
        "minutes": tongue.number(asked.minutes),
        "link": letter.link,
    }
    wording = letter.own.get(language) or default_wording(language, letter.kind, is_anonymous=letter.is_anonymous)
    promise = anonymous_words_of(language).promise if letter.is_anonymous else ""
    return Written(language, words, wording, values, promise)


def mail_of(templates: Environment, letter: Letter, asked: Asked, sender: str) -> Mail:
    """The mail as it is sent, multipart with the same words twice, and a way out that works with one click."""
    read = written(letter, asked)
    organisation, tongue = one_line(read.values["organisation"]), tongue_of(read.language)
    page = {
        "letter": letter,
        "read": read,
        "words": read.words,
        "tongue": tongue,
        "scored": scored_question(asked, read.language),
        "first_row": FIRST_ROW,
        "who": ", ".join(dict.fromkeys([read.values["owner"], organisation])),
        "long": tongue.say_count("About {count} minute", "About {count} minutes", asked.minutes),
        "asks": filled(read.words.asks, read.values),
    }
    return Mail(
        sender=Person(sender, organisation),
        to=letter.to,
        subject=read.subject,
        text=templates.get_template("emails/surveys/mail.txt").render(page),
        html=templates.get_template("emails/surveys/mail.html").render(page),
        message_id=letter.message_id,
        reply_to=letter.owner,
        headers=headers_of(letter, read.language),
    )


def headers_of(letter: Letter, language: str) -> dict[str, str]:
    """The headers that machines read: nobody is to answer automatically, and one click unsubscribes (RFC 8058)."""
    headers = {"Auto-Submitted": "auto-generated", "Content-Language": language}
    if letter.has_one_click:
        headers |= {
            "List-Unsubscribe": f"<{letter.unsubscribe}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        }
    return headers


def scored_question(asked: Asked, language: str) -> Question | None:
    """The question whose numbers stand in the mail, in its language, where the survey asks it from 0 to 10."""
    spoken = in_language(asked.questionnaire, language).asked_in(AskedIn.SURVEY)
    found = next((question for question in spoken if question.key == SCORED), None)
    return found if found and (found.minimum, found.maximum) == (0, 10) else None
