"""Reads of mails: which one is due, all that it says and depends on, and how far a study's mails have come."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, Row, and_, bindparam, func, or_, select
from sqlalchemy.orm import Session

from app.core.retries import STALE
from app.core.workspace import ONLY, Workspace
from app.customers.models import Account, Contact
from app.responses.models import Response
from app.studies.models import Invitation, Link, MailStop, MailText, Respondent, SampledAccount, Study
from app.studies.queries.calls import has_refused
from app.studies.rules.links import Purpose
from app.surveys.rules.invitations.texts import MailWording
from app.users.models import User

_FACTS = (
    select(
        Invitation.id.label("invitation_id"),
        Invitation.number,
        Invitation.message_id,
        Invitation.language,
        Invitation.tries,
        Respondent.id.label("respondent_id"),
        Contact.id.label("contact_id"),
        Contact.name,
        Contact.email,
        Contact.consent,
        Contact.timezone,
        Account.name.label("account"),
        Account.country,
        SampledAccount.stratum,
        func.coalesce(User.name, User.email).label("owner"),
        User.email.label("owner_email"),
        Workspace.organisation,
        MailStop.reason.label("stop"),
        Response.submitted_at,
        has_refused().label("has_refused"),
        Study,
    )
    .join(Respondent, Respondent.id == Invitation.respondent_id)
    .join(Contact, Contact.id == Respondent.contact_id)
    .join(Account, Account.id == Respondent.account_id)
    .join(Study, Study.id == Respondent.study_id)
    .join(
        SampledAccount,
        and_(SampledAccount.study_id == Respondent.study_id, SampledAccount.account_id == Respondent.account_id),
    )
    .outerjoin(User, User.id == Study.owner_id)
    .outerjoin(Workspace, Workspace.id == ONLY)
    .outerjoin(MailStop, MailStop.contact_id == Contact.id)
    .outerjoin(Response, Response.respondent_id == Respondent.id)
    .where(Invitation.id == bindparam("mail"))
)
"""Made once: a worker asks it for every mail."""


def waits() -> ColumnElement[bool]:
    """The condition on Invitation for mails that are still to be sent."""
    return and_(Invitation.sent_at.is_(None), Invitation.failed_at.is_(None), Invitation.cancelled_at.is_(None))


def is_free(at: datetime) -> ColumnElement[bool]:
    """The condition on Invitation for mails that no worker is busy with."""
    return or_(Invitation.claimed_at.is_(None), Invitation.claimed_at < at - STALE)


def due_invitation(session: Session, *, at: datetime) -> int | None:
    """The id of the mail that is to be sent next, locked where the database can; None where nothing is due."""
    return session.scalar(
        select(Invitation.id)
        .where(waits(), Invitation.due_at <= at, is_free(at))
        .order_by(Invitation.due_at, Invitation.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )


def due_count(session: Session, *, at: datetime) -> int:
    """How many mails are to be sent now."""
    due = select(func.count()).select_from(Invitation).where(waits(), Invitation.due_at <= at, is_free(at))
    return session.scalar(due) or 0


def mail_facts(session: Session, invitation_id: int) -> Row[Any]:
    """All that a mail says and depends on, in one row."""
    found: Any = session.execute(_FACTS, {"mail": invitation_id}).one()
    return cast("Row[Any]", found)


def own_wordings(session: Session, study_id: int, kind: str) -> dict[str, MailWording]:
    """What a study's owner wrote into mails of one kind, by language."""
    rows = session.execute(
        select(MailText.language, MailText.subject, MailText.body).where(
            MailText.study_id == study_id, MailText.kind == kind
        )
    )
    return {language: MailWording(subject, body) for language, subject, body in rows}


def written_texts(session: Session, study: Study) -> set[tuple[str, str]]:
    """The (kind, language) of the texts that a study's owner wrote."""
    rows = session.execute(select(MailText.kind, MailText.language).where(MailText.study_id == study.id))
    return {(kind, language) for kind, language in rows}


def spoken_languages(session: Session, study: Study) -> Sequence[str]:
    """The languages of the people whom a study asks, as their contacts name them."""
    return session.scalars(
        select(Contact.language)
        .join(Respondent, Respondent.contact_id == Contact.id)
        .where(Respondent.study_id == study.id, Contact.language.is_not(None), Contact.language != "")
        .distinct()
        .order_by(Contact.language)
    ).all()  # type: ignore[return-value]  # None is left out.


def mail_counts(session: Session, study: Study) -> Mapping[str, int]:
    """How many mails of a study wait, were sent, came back, were given up, and were not wanted any more."""
    sent, back = Invitation.sent_at.is_not(None), Invitation.bounced_at.is_not(None)
    counted = {
        "waiting": waits(),
        "sent": and_(sent, ~back),
        "bounced": back,
        "failed": and_(Invitation.failed_at.is_not(None), ~back),
        "cancelled": and_(Invitation.cancelled_at.is_not(None), ~sent),
        "retried": and_(waits(), Invitation.tries > 0),
    }
    row = session.execute(
        select(*(func.count().filter(condition).label(name) for name, condition in counted.items())).where(
            Invitation.study_id == study.id
        )
    ).one()
    return dict(row._asdict())


def next_due(session: Session, study: Study) -> datetime | None:
    """When the next mail of a study that waits is to be sent."""
    return session.scalar(select(func.min(Invitation.due_at)).where(Invitation.study_id == study.id, waits()))


def not_sent(session: Session, study: Study) -> Sequence[Row[str | None, int]]:
    """Rows (reason, mails) of a study's mails that were given up or not wanted any more, the most first."""
    number = func.count()
    return session.execute(
        select(Invitation.reason, number)
        .where(
            Invitation.study_id == study.id,
            or_(
                Invitation.failed_at.is_not(None),
                and_(Invitation.cancelled_at.is_not(None), Invitation.sent_at.is_(None)),
            ),
        )
        .group_by(Invitation.reason)
        .order_by(number.desc(), Invitation.reason)
    ).all()


def mails_of(session: Session, study: Study, number: int | None = None) -> dict[tuple[int, int], int]:
    """The id of each mail of a study by (respondent, number)."""
    wanted = select(Invitation.respondent_id, Invitation.number, Invitation.id).where(Invitation.study_id == study.id)
    rows = session.execute(wanted if number is None else wanted.where(Invitation.number == number))
    return {(respondent, of): identity for respondent, of, identity in rows}


def unsubscriber(session: Session, token_sha256: str) -> Row[Any] | None:
    """Whom a way out belongs to (contact_id, contact, language, study, organisation, is_sample, stop), or None."""
    found: Any = session.execute(
        select(
            Contact.id.label("contact_id"),
            Contact.name.label("contact"),
            Contact.language,
            Study.key.label("study"),
            Workspace.organisation,
            func.coalesce(Workspace.is_sample, False).label("is_sample"),
            MailStop.reason.label("stop"),
        )
        .select_from(Link)
        .join(Respondent, Respondent.id == Link.respondent_id)
        .join(Study, Study.id == Respondent.study_id)
        .join(Contact, Contact.id == Respondent.contact_id)
        .outerjoin(Workspace, Workspace.id == ONLY)
        .outerjoin(MailStop, MailStop.contact_id == Contact.id)
        .where(Link.token_sha256 == token_sha256, Link.purpose == Purpose.UNSUBSCRIBE.value, Link.revoked_at.is_(None))
    ).one_or_none()
    return cast("Row[Any] | None", found)
