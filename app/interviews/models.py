"""Tables of interviews: which of the drawn people is asked by whom, and when they meet."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import now
from app.core.database import Base, Key


class Interview(Base):
    """The conversation with one respondent, assigned to one interviewer; what was said is the respondent's response.

    `held_on` is the day of a conversation that is entered from notes afterwards; null where it is written down as it is
    held. `peeked_at` is when the interviewer first looked at the health score before the interview was submitted.
    `relation` is what the interviewer was to the account when they were assigned: its own csm, or neutral.
    """

    __tablename__ = "interview"

    id: Mapped[Key]
    respondent_id: Mapped[int] = mapped_column(ForeignKey("respondent.id"), unique=True)
    interviewer_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    assigned_at: Mapped[datetime] = mapped_column(default=now)
    started_at: Mapped[datetime | None]
    held_on: Mapped[date | None]
    peeked_at: Mapped[datetime | None]
    relation: Mapped[str | None] = mapped_column(String(20))


class QuestionTime(Base):
    """How long one question of an interview was in view in one window of a browser, and what was done there.

    The numbers are totals of that window, so that sending them again changes nothing. `slot` is the name of the place,
    `seconds_to_answer` how long it was in view until its first answer; null without one. Nothing is kept per keystroke.
    """

    __tablename__ = "question_time"

    interview_id: Mapped[int] = mapped_column(ForeignKey("interview.id"), primary_key=True)
    tab: Mapped[str] = mapped_column(String(32), primary_key=True)
    slot: Mapped[str] = mapped_column(String(700), primary_key=True)
    seconds: Mapped[int]
    seconds_to_answer: Mapped[int | None]
    edits: Mapped[int]
    visits: Mapped[int]
    jumps: Mapped[int]
    begun_at: Mapped[datetime] = mapped_column(default=now)


class Prediction(Base):
    """What somebody expects a person to say, sealed before the interview begins and opened once it is submitted."""

    __tablename__ = "prediction"

    interview_id: Mapped[int] = mapped_column(ForeignKey("interview.id"), primary_key=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True)
    recommend: Mapped[int | None]
    renewal_intent: Mapped[int | None]
    satisfaction: Mapped[int | None]
    predicted_at: Mapped[datetime] = mapped_column(default=now)


class Coding(Base):
    """A second reading of a submitted interview, by somebody who does not see which answers the first one chose."""

    __tablename__ = "coding"
    __table_args__ = (UniqueConstraint("interview_id", "coder_id"),)

    id: Mapped[Key]
    interview_id: Mapped[int] = mapped_column(ForeignKey("interview.id"))
    coder_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    asked_at: Mapped[datetime] = mapped_column(default=now)
    coded_at: Mapped[datetime | None]


class Code(Base):
    """The answer that a second coder found in the notes of one question; neither number nor text: none was there."""

    __tablename__ = "code"

    coding_id: Mapped[int] = mapped_column(ForeignKey("coding.id"), primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id"), primary_key=True)
    value_number: Mapped[float | None]
    value_text: Mapped[str | None] = mapped_column(Text)


class Conversation(Base):
    """An interview that is held together with others of its account; all of them name the same `held_with_id`."""

    __tablename__ = "conversation"

    interview_id: Mapped[int] = mapped_column(ForeignKey("interview.id"), primary_key=True)
    held_with_id: Mapped[int] = mapped_column(ForeignKey("interview.id"), index=True)


class NoteTaker(Base):
    """The second person in an interview: who writes along while the interviewer leads."""

    __tablename__ = "note_taker"

    interview_id: Mapped[int] = mapped_column(ForeignKey("interview.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    chosen_at: Mapped[datetime] = mapped_column(default=now)


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
