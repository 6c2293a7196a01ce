"""Mails as those who run a study look at them: in every language that its people speak."""

import secrets
from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import url_for
from sqlalchemy.orm import Session

from app.core.errors import Missing
from app.core.mail import Person
from app.core.workspace import the_workspace
from app.studies.models import Study
from app.surveys.here import settings
from app.surveys.mails import Letter
from app.surveys.queries.mails import own_wordings, spoken_languages
from app.surveys.rules.invitations.languages import LANGUAGES, base_of, default_wording
from app.surveys.rules.invitations.sending import Kind
from app.surveys.rules.invitations.texts import LANGUAGE, MailWording
from app.surveys.services.invitations import NONCE_BYTES
from app.users.models import User

ACCOUNT = "Example Ltd"
NOTE = "This is a test. Its links lead to the study’s page, and nobody else received it."


@dataclass(frozen=True)
class TextLine:
    """What a mail of one kind says in one language, and whether somebody wrote it."""

    kind: Kind
    language: str
    name: str
    subject: str
    is_own: bool
    is_missing: bool


def text_lines(session: Session, study: Study) -> list[TextLine]:
    """Return the texts of a study in our languages, and in those of its people that have words of their own or none."""
    own = {kind: own_wordings(session, study.id, kind) for kind in Kind}
    spoken = {each for each in spoken_languages(session, study) if LANGUAGE.fullmatch(each)}
    missing = {each for each in spoken if base_of(each) not in LANGUAGES}
    written = {language for wordings in own.values() for language in wordings}
    languages = [*LANGUAGES, *sorted((missing | written) - LANGUAGES.keys())]
    return [
        TextLine(
            kind=kind,
            language=language,
            name=LANGUAGES[language].name if language in LANGUAGES else language,
            subject=wording_of(own[kind], language, kind, is_anonymous=study.is_anonymous).subject,
            is_own=language in own[kind],
            is_missing=language in missing and language not in own[kind],
        )
        for language in languages
        for kind in Kind
    ]


def wording_of(own: dict[str, MailWording], language: str, kind: Kind, *, is_anonymous: bool = False) -> MailWording:
    """Return what a mail says in a language: what the owner wrote, else our words."""
    return own.get(language) or default_wording(language, kind, is_anonymous=is_anonymous)


def sample_letter(session: Session, study: Study, kind: Kind, language: str, to: Person) -> Letter:
    """Return a mail to whoever looks at it, with no link that opens a customer's survey."""
    if not LANGUAGE.fullmatch(language):
        raise Missing("There is no such language.", "language")
    owner = session.get(User, study.owner_id) if study.owner_id else None
    back = settings().base_url + url_for("surveys.invitations", key=study.key)
    return Letter(
        to=to,
        account=ACCOUNT,
        organisation=the_workspace(session).organisation,
        owner=Person(owner.email, owner.name or owner.email) if owner else None,
        closes_on=study.closes_on,
        kind=kind,
        language=language,
        message_id=f"<test-{secrets.token_hex(NONCE_BYTES)}@{urlsplit(settings().base_url).hostname or 'localhost'}>",
        link=back,
        unsubscribe=back,
        has_one_click=False,
        note=NOTE,
        is_anonymous=study.is_anonymous,
        own=own_wordings(session, study.id, kind),
    )


def kind_named(name: str) -> Kind:
    """Return the kind of mail of this name; Missing where there is none."""
    if name not in set(Kind):
        raise Missing("There is no such mail.", "kind")
    return Kind(name)
