"""One mail about an appointment after another: claimed before the server is spoken to, and its fate noted after."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.core.mail import one_line
from app.core.retries import pause_after
from app.interviews.models import AppointmentMail
from app.interviews.queries.appointment_mails import due_mail, mail_facts, told_before, waits
from app.interviews.rules.appointment_mails import unwanted_because
from app.interviews.rules.appointment_text import Agreed
from app.interviews.rules.appointment_words import Kind
from app.interviews.rules.meeting import Way
from app.studies.rules.budget import Facts, not_to_be_mailed


@dataclass(frozen=True)
class ClaimedMail:
    """A mail that is this worker's for now; where `agreed` is None it is not wanted any more, by `reason`."""

    mail_id: int
    interview_id: int
    message_id: str
    created_at: datetime
    tries: int
    agreed: Agreed | None
    phone: str | None = None
    reason: str | None = None


def claim_appointment_mail(session: Session, *, at: datetime) -> ClaimedMail | None:
    """Claim the mail that is due first, and look again whether it is still wanted; None where nothing is due.

    The caller commits before it speaks to the server: a crash after that leaves the claim, which goes stale, and the
    mail is sent again with the same Message-ID.
    """
    mail_id = due_mail(session, at=at)
    if mail_id is None:
        return None
    session.execute(sa.update(AppointmentMail).where(AppointmentMail.id == mail_id).values(claimed_at=at))
    row = mail_facts(session, mail_id)
    because = _unwanted(row, at)
    agreed = None if because else _agreed(session, row)
    common = (row.id, row.interview_id, row.message_id, row.created_at, row.tries)
    return ClaimedMail(*common, agreed, row.phone, because)


def note_sent(session: Session, *, claimed: ClaimedMail, at: datetime) -> None:
    """Note that a mail was sent, also where it was stopped meanwhile."""
    _write(session, claimed, sent_at=at, reason=None)


def note_unwanted(session: Session, *, claimed: ClaimedMail, at: datetime) -> None:
    """Note that a mail is not sent, and why."""
    _write(session, claimed, cancelled_at=at, reason=claimed.reason)


def note_not_taken(session: Session, *, claimed: ClaimedMail, reason: str, is_final: bool, at: datetime) -> None:
    """Note that the server did not take a mail: tried again after a pause, or given up."""
    tries, pause = claimed.tries + 1, None if is_final else pause_after(claimed.tries + 1)
    if pause is None:
        _write(session, claimed, tries=tries, failed_at=at, reason=reason)
    else:
        _write(session, claimed, tries=tries, due_at=at + pause, claimed_at=None, reason=reason)


def _unwanted(row: Row[Any], at: datetime) -> str | None:
    facts = Facts(row.consent, row.stop, has_address=bool(row.email), has_refused=row.has_refused)
    return unwanted_because(
        Kind(row.kind),
        is_superseded=row.Appointment.superseded_at is not None,
        is_cancelled=row.Appointment.is_cancelled,
        is_over=row.submitted_at is not None or row.closed_at is not None,
        held=not_to_be_mailed(facts),
        starts_at=row.Appointment.starts_at,
        at=at,
    )


def _agreed(session: Session, row: Row[Any]) -> Agreed:
    appointment = row.Appointment
    before = told_before(session, appointment.uid, appointment.sequence) if row.kind == Kind.CHANGE else None
    is_moved = before is not None and before.starts_at != appointment.starts_at
    return Agreed(
        kind=Kind(row.kind),
        uid=appointment.uid,
        sequence=appointment.sequence,
        starts_at=appointment.starts_at,
        timezone=appointment.timezone,
        minutes=appointment.minutes,
        way=Way(appointment.way),
        place=appointment.place,
        contact=(row.email or "", one_line(row.name)),
        language=row.language,
        account=one_line(row.account),
        interviewer=(row.interviewer_email, one_line(row.interviewer)),
        organiser=(row.organiser_email, one_line(row.organiser)),
        organisation=one_line(row.organisation) if row.organisation else None,
        before=(before.starts_at, before.timezone) if before and is_moved else None,
    )


def _write(session: Session, claimed: ClaimedMail, **values: Any) -> None:
    is_it = (AppointmentMail.id == claimed.mail_id,)
    if "sent_at" not in values:
        is_it = (*is_it, waits())  # type: ignore[assignment]  # A longer tuple of conditions.
    session.execute(sa.update(AppointmentMail).where(*is_it).values(**values))
