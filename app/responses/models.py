"""Tables of responses and answers, written by this feature alone."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import now
from app.core.database import Base, Key


class Response(Base):
    """What one respondent said in one study: one row however often it is sent.

    `external_id` is the `response_id` of an imported file, else one made here; it is what exports and evidence name.
    """

    __tablename__ = "response"
    __table_args__ = (UniqueConstraint("respondent_id"), UniqueConstraint("study_id", "external_id"))

    id: Mapped[Key]
    study_id: Mapped[int] = mapped_column(ForeignKey("study.id"), index=True)
    respondent_id: Mapped[int] = mapped_column(ForeignKey("respondent.id"))
    external_id: Mapped[str] = mapped_column(String(200))
    version_id: Mapped[int] = mapped_column(ForeignKey("questionnaire_version.id"))
    mode: Mapped[str] = mapped_column(String(10))
    source: Mapped[str] = mapped_column(String(10))
    submitted_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=now)
    changed_at: Mapped[datetime] = mapped_column(default=now)


class Answer(Base):
    """One answer to one question; superseded, never overwritten: the current one has no `superseded_at`."""

    __tablename__ = "answer"

    id: Mapped[Key]
    response_id: Mapped[int] = mapped_column(ForeignKey("response.id"))
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id"))
    value_number: Mapped[float | None]
    value_text: Mapped[str | None] = mapped_column(Text)
    recorded_at: Mapped[datetime] = mapped_column(default=now)
    superseded_at: Mapped[datetime | None]


CURRENT = text("superseded_at IS NULL")
Index(
    "uq_answer_current",
    Answer.response_id,
    Answer.question_id,
    unique=True,
    sqlite_where=CURRENT,
    postgresql_where=CURRENT,
)
Index("ix_answer_response_id", Answer.response_id)
