"""Tables of interviews: which of the drawn people is asked by whom."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import now
from app.core.database import Base, Key


class Interview(Base):
    """The conversation with one respondent, assigned to one interviewer; what was said is the respondent's response.

    `held_on` is the day of a conversation that is entered from notes afterwards; null where it is written down as it is
    held. `peeked_at` is when the interviewer first looked at the health score before the interview was submitted.
    """

    __tablename__ = "interview"

    id: Mapped[Key]
    respondent_id: Mapped[int] = mapped_column(ForeignKey("respondent.id"), unique=True)
    interviewer_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    assigned_at: Mapped[datetime] = mapped_column(default=now)
    started_at: Mapped[datetime | None]
    held_on: Mapped[date | None]
    peeked_at: Mapped[datetime | None]


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
