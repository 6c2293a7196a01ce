"""Reads for planning one interview: the person as one reaches them, their appointments, calls and mails."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, Row, and_, select
from sqlalchemy.orm import Session, aliased

from app.core.workspace import ONLY, Workspace
from app.customers.models import Account, Contact
from app.interviews.models import Appointment, AppointmentMail, Interview, InterviewerZone
from app.interviews.queries.talks import named
from app.studies.models import CallAttempt, MailStop, Respondent
from app.studies.queries.calls import has_refused
from app.studies.rules.budget import Facts, Held, not_to_be_mailed
from app.users.models import User


@dataclass(frozen=True)
class Reach:
    """How a person is reached, and why they get no mail where they get none."""

    contact_id: int
    name: str
    email: str | None
    phone: str | None
    timezone: str | None
    country: str | None
    language: str | None
    consent: str
    has_refused: bool
    held: Held | None
    account: str
    organisation: str | None
    relation: str | None


def reach_of(session: Session, interview_id: int) -> Reach:
    """Return how the person of an interview is reached."""
    row = session.execute(
        select(
            Contact.id,
            Contact.name,
            Contact.email,
            Contact.phone,
            Contact.timezone,
            Contact.language,
            Contact.consent,
            Account.country,
            Account.name.label("account"),
            Workspace.organisation,
            MailStop.reason,
            Interview.relation,
            has_refused().label("has_refused"),
        )
        .select_from(Interview)
        .join(Respondent, Respondent.id == Interview.respondent_id)
        .join(Contact, Contact.id == Respondent.contact_id)
        .join(Account, Account.id == Respondent.account_id)
        .outerjoin(Workspace, Workspace.id == ONLY)
        .outerjoin(MailStop, MailStop.contact_id == Contact.id)
        .where(Interview.id == interview_id)
    ).one()
    facts = Facts(row.consent, row.reason, has_address=bool(row.email), has_refused=row.has_refused)
    return Reach(
        contact_id=row.id,
        name=row.name,
        email=row.email,
        phone=row.phone,
        timezone=row.timezone,
        country=row.country,
        language=row.language,
        consent=row.consent,
        has_refused=row.has_refused,
        held=not_to_be_mailed(facts),
        account=row.account,
        organisation=row.organisation,
        relation=row.relation,
    )


def current_appointment(session: Session, interview_id: int) -> Appointment | None:
    """Return the last version of an interview's last appointment, be it called off or not; None where there is none."""
    is_current = (Appointment.interview_id == interview_id, Appointment.superseded_at.is_(None))
    return session.scalar(select(Appointment).where(*is_current))


def appointments_of(session: Session, interview_id: int) -> Sequence[Row[Any]]:
    """Return every version of every appointment of an interview (Appointment, by), newest first."""
    author = aliased(User)
    rows = session.execute(
        select(Appointment, named(author).label("by"))
        .outerjoin(author, author.id == Appointment.created_by)
        .where(Appointment.interview_id == interview_id)
        .order_by(Appointment.id.desc())
    ).all()
    return cast("Sequence[Row[Any]]", rows)


def mails_about(session: Session, appointment_id: int) -> Sequence[AppointmentMail]:
    """Return the mails of one version of an appointment, first due first."""
    wanted = select(AppointmentMail).where(AppointmentMail.appointment_id == appointment_id)
    return session.scalars(wanted.order_by(AppointmentMail.due_at, AppointmentMail.id)).all()


def busy_with(session: Session, *, interviewer_id: int, other_than: int, after: datetime) -> Sequence[Row[Any]]:
    """Return (starts_at, minutes, contact) of an interviewer's other appointments that begin after an instant."""
    rows = session.execute(
        select(Appointment.starts_at, Appointment.minutes, Contact.name.label("contact"))
        .join(Interview, Interview.id == Appointment.interview_id)
        .join(Respondent, Respondent.id == Interview.respondent_id)
        .join(Contact, Contact.id == Respondent.contact_id)
        .where(
            is_agreed(),
            Interview.interviewer_id == interviewer_id,
            Interview.id != other_than,
            Appointment.starts_at > after,
        )
    ).all()
    return cast("Sequence[Row[Any]]", rows)


def is_agreed() -> ColumnElement[bool]:
    """Return the condition on Appointment for those that stand."""
    return and_(Appointment.superseded_at.is_(None), Appointment.is_cancelled.is_(False))


def attempts_of(session: Session, respondent_id: int) -> Sequence[Row[Any]]:
    """Return every call to a person (CallAttempt, by, undone_by), newest first, those that were taken back too."""
    caller, undoer = aliased(User), aliased(User)
    rows = session.execute(
        select(CallAttempt, named(caller).label("by"), named(undoer).label("undone_by"))
        .outerjoin(caller, caller.id == CallAttempt.recorded_by)
        .outerjoin(undoer, undoer.id == CallAttempt.superseded_by)
        .where(CallAttempt.respondent_id == respondent_id)
        .order_by(CallAttempt.attempted_at.desc(), CallAttempt.id.desc())
    ).all()
    return cast("Sequence[Row[Any]]", rows)


def own_zone(session: Session, user_id: int) -> str | None:
    """Return the name of the time zone by which an interviewer lives; None where they have not said."""
    return session.scalar(select(InterviewerZone.timezone).where(InterviewerZone.user_id == user_id))
