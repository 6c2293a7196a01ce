"""Reads of mails about appointments: which is due, all that it says and depends on, and what the contact knows."""

from datetime import datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, Row, and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.core.retries import STALE
from app.core.workspace import ONLY, Workspace
from app.customers.models import Account, Contact
from app.interviews.models import Appointment, AppointmentMail, Interview
from app.interviews.queries.talks import named
from app.interviews.rules.appointment_words import Kind
from app.responses.models import Response
from app.studies.models import MailStop, Respondent, Study
from app.studies.queries.calls import has_refused
from app.users.models import User

_TELLING = (Kind.INVITATION.value, Kind.CHANGE.value)


def waits() -> ColumnElement[bool]:
    """Return the condition on AppointmentMail for those that are still to be sent."""
    return and_(
        AppointmentMail.sent_at.is_(None), AppointmentMail.failed_at.is_(None), AppointmentMail.cancelled_at.is_(None)
    )


def is_due(at: datetime) -> ColumnElement[bool]:
    """Return the condition on AppointmentMail for those to be sent now that no worker is busy with."""
    is_free = or_(AppointmentMail.claimed_at.is_(None), AppointmentMail.claimed_at < at - STALE)
    return and_(waits(), AppointmentMail.due_at <= at, is_free)


def due_count(session: Session, *, at: datetime) -> int:
    """Return how many mails are to be sent now."""
    return session.scalar(select(func.count()).select_from(AppointmentMail).where(is_due(at))) or 0


def due_mail(session: Session, *, at: datetime) -> int | None:
    """Return the id of the mail that is to be sent next, locked where the database can; None where none is due."""
    return session.scalar(
        select(AppointmentMail.id)
        .where(is_due(at))
        .order_by(AppointmentMail.due_at, AppointmentMail.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )


def is_known_to_contact(session: Session, uid: str) -> bool:
    """Tell whether the contact was told of an appointment, or is being told at this moment."""
    told = (
        select(AppointmentMail.id)
        .join(Appointment, Appointment.id == AppointmentMail.appointment_id)
        .where(
            Appointment.uid == uid,
            AppointmentMail.kind.in_(_TELLING),
            or_(AppointmentMail.sent_at.is_not(None), and_(waits(), AppointmentMail.claimed_at.is_not(None))),
        )
    )
    return session.scalar(select(told.exists())) or False


def told_before(session: Session, uid: str, sequence: int) -> Row[Any] | None:
    """Return (starts_at, timezone) of the version before this one of which the contact was told last."""
    found = session.execute(
        select(Appointment.starts_at, Appointment.timezone)
        .join(AppointmentMail, AppointmentMail.appointment_id == Appointment.id)
        .where(
            Appointment.uid == uid,
            Appointment.sequence < sequence,
            AppointmentMail.kind.in_(_TELLING),
            AppointmentMail.sent_at.is_not(None),
        )
        .order_by(Appointment.sequence.desc())
        .limit(1)
    ).one_or_none()
    return cast("Row[Any] | None", found)


def mail_facts(session: Session, mail_id: int) -> Row[Any]:
    """Return all that a mail says and depends on, in one row."""
    interviewer, organiser = aliased(User), aliased(User)
    found = session.execute(
        select(
            AppointmentMail.id,
            AppointmentMail.kind,
            AppointmentMail.message_id,
            AppointmentMail.tries,
            AppointmentMail.created_at,
            Appointment,
            Interview.id.label("interview_id"),
            Contact.name,
            Contact.email,
            Contact.phone,
            Contact.language,
            Contact.consent,
            Account.name.label("account"),
            Study.name.label("study"),
            Study.closed_at,
            Response.submitted_at,
            MailStop.reason.label("stop"),
            has_refused().label("has_refused"),
            Workspace.organisation,
            interviewer.email.label("interviewer_email"),
            named(interviewer).label("interviewer"),
            organiser.email.label("organiser_email"),
            named(organiser).label("organiser"),
        )
        .select_from(AppointmentMail)
        .join(Appointment, Appointment.id == AppointmentMail.appointment_id)
        .join(Interview, Interview.id == Appointment.interview_id)
        .join(Respondent, Respondent.id == Interview.respondent_id)
        .join(Contact, Contact.id == Respondent.contact_id)
        .join(Account, Account.id == Respondent.account_id)
        .join(Study, Study.id == Respondent.study_id)
        .join(interviewer, interviewer.id == Interview.interviewer_id)
        .join(organiser, organiser.id == Appointment.organiser_id)
        .outerjoin(Response, Response.respondent_id == Respondent.id)
        .outerjoin(MailStop, MailStop.contact_id == Contact.id)
        .outerjoin(Workspace, Workspace.id == ONLY)
        .where(AppointmentMail.id == mail_id)
    ).one()
    return cast("Row[Any]", found)
