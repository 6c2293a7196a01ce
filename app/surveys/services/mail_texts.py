"""The words that a study's owner writes into its mails, instead of ours."""

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.core.errors import Refusal
from app.studies.models import MailText, Study
from app.studies.queries import study_named
from app.surveys.rules.invitations.sending import Kind
from app.surveys.rules.invitations.texts import LANGUAGE, MailWording, TextError, checked_wording
from app.users.services import record_event


def save_text(
    session: Session,
    *,
    study: Study,
    kind: Kind,
    language: str,
    subject: str,
    body: str,
    at: datetime,
    actor_id: int | None = None,
) -> MailWording:
    """Store what a study's mails of one kind say in a language; mails that wait say it too.

    Refused with the field and the remedy: what `checked_wording` refuses, and a language that is none.
    """
    study = study_named(session, study.key, is_locked=True)
    wording = _checked(language, subject, body)
    text = session.get(MailText, (study.id, kind.value, language))
    if text is None:
        text = MailText(study_id=study.id, kind=kind.value, language=language, subject="", body="")
        session.add(text)
    if (text.subject, text.body) != (wording.subject, wording.body):
        text.subject, text.body, text.changed_at = wording.subject, wording.body, at
        session.flush()
        _record(session, study, "mail_text.save", actor_id, {"kind": kind.value, "language": language})
    return wording


def forget_text(session: Session, *, study: Study, kind: Kind, language: str, actor_id: int | None = None) -> bool:
    """Return to our own words; False where nothing else was written."""
    gone = session.scalars(
        delete(MailText)
        .where(MailText.study_id == study.id, MailText.kind == kind.value, MailText.language == language)
        .returning(MailText.language)
    ).all()
    if gone:
        _record(session, study, "mail_text.forget", actor_id, {"kind": kind.value, "language": language})
    return bool(gone)


def _checked(language: str, subject: str, body: str) -> MailWording:
    if not LANGUAGE.fullmatch(language) or len(language) > 20:
        raise Refusal("Name the language by its code, such as en or pt-BR.", "language")
    try:
        return checked_wording(subject, body)
    except TextError as error:
        raise Refusal(str(error), error.field) from error


def _record(session: Session, study: Study, action: str, actor_id: int | None, fields: dict[str, str]) -> None:
    record_event(session, actor_id=actor_id, action=action, object_type="study", object_id=study.key, fields=fields)
