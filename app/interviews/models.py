"""Tables of interviews: which of the drawn people is asked by whom, and when they meet."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import now
from app.core.database import Base, Key


class Interview(Base):
    """The conversation with one respondent, assigned to one interviewer; what was said is the respondent's response.

    `relation` is what the interviewer was to the account when they were assigned: its own csm, or neutral.
    """

    __tablename__ = "interview"

    id: Mapped[Key]
    respondent_id: Mapped[int] = mapped_column(ForeignKey("respondent.id"), unique=True)
    interviewer_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    assigned_at: Mapped[datetime] = mapped_column(default=now)
    started_at: Mapped[datetime | None]
    relation: Mapped[str | None] = mapped_column(String(20))


class Appointment(Base):
    """When, how and where an interview is to be held: one version of it; moving or calling off adds the next.

    `starts_at` is the instant; `timezone` and `wall` (as 2027-03-28T02:30) are what was agreed in the contact's own
    time. `uid` names it in calendars and stays, `sequence` rises with each version. `organiser_id` stays too: calendars
    take changes from nobody else.
    """

    __tablename__ = "appointment"
    __table_args__ = (UniqueConstraint("uid", "sequence"),)

    id: Mapped[Key]
    interview_id: Mapped[int] = mapped_column(ForeignKey("interview.id"), index=True)
    uid: Mapped[str] = mapped_column(String(200))
    sequence: Mapped[int]
    starts_at: Mapped[datetime]
    timezone: Mapped[str] = mapped_column(String(60))
    wall: Mapped[str] = mapped_column(String(16))
    minutes: Mapped[int]
    way: Mapped[str] = mapped_column(String(20))
    place: Mapped[str] = mapped_column(Text)
    is_cancelled: Mapped[bool] = mapped_column(default=False)
    organiser_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    created_at: Mapped[datetime] = mapped_column(default=now)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    superseded_at: Mapped[datetime | None]


class AppointmentMail(Base):
    """One mail about an appointment, to the contact or to the interviewer; sent, tried again and given up as any mail.

    The row is the fact that the mail is to be sent at `due_at`, with the same `message_id` at every try.
    """

    __tablename__ = "appointment_mail"
    __table_args__ = (UniqueConstraint("appointment_id", "kind"),)

    id: Mapped[Key]
    appointment_id: Mapped[int] = mapped_column(ForeignKey("appointment.id"))
    kind: Mapped[str] = mapped_column(String(20))
    message_id: Mapped[str] = mapped_column(String(200), unique=True)
    due_at: Mapped[datetime]
    created_at: Mapped[datetime] = mapped_column(default=now)
    tries: Mapped[int] = mapped_column(default=0)
    claimed_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    reason: Mapped[str | None] = mapped_column(Text)


class InterviewerZone(Base):
    """By which clock an interviewer lives."""

    __tablename__ = "interviewer_zone"

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), primary_key=True)
    timezone: Mapped[str] = mapped_column(String(60))


_CURRENT = text("superseded_at IS NULL")
Index("uq_appointment_current", Appointment.interview_id, unique=True, sqlite_where=_CURRENT, postgresql_where=_CURRENT)
_WAITS = text("sent_at IS NULL AND failed_at IS NULL AND cancelled_at IS NULL")
Index("ix_appointment_mail_waiting", AppointmentMail.due_at, sqlite_where=_WAITS, postgresql_where=_WAITS)
