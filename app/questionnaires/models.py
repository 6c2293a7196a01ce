"""Tables of questions, questionnaires and their published versions."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import now
from app.core.database import Base, Document, Key


class Question(Base):
    """The identity of a question: reused in two questionnaires it stays one, so that answers compare."""

    __tablename__ = "question"

    id: Mapped[Key]
    key: Mapped[str] = mapped_column(String(80), unique=True)


class QuestionnaireVersion(Base):
    """A published questionnaire; never changed: other content is another version."""

    __tablename__ = "questionnaire_version"
    __table_args__ = (UniqueConstraint("key", "version"),)

    id: Mapped[Key]
    key: Mapped[str] = mapped_column(String(80))
    version: Mapped[int]
    name: Mapped[str] = mapped_column(String(200))
    definition: Mapped[Document]
    content_sha256: Mapped[str] = mapped_column(String(64))
    published_at: Mapped[datetime] = mapped_column(default=now)


class VersionQuestion(Base):
    """Which questions a version asks, in which order."""

    __tablename__ = "version_question"

    version_id: Mapped[int] = mapped_column(ForeignKey("questionnaire_version.id"), primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id"), primary_key=True)
    position: Mapped[int]


class QuestionnaireDraft(Base):
    """What an author is writing, one per key: any document, also one that could not be published yet.

    `revision` rises with every save, so that two authors notice each other.
    """

    __tablename__ = "questionnaire_draft"

    id: Mapped[Key]
    key: Mapped[str] = mapped_column(String(80), unique=True)
    definition: Mapped[Document]
    revision: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(default=now)
    changed_at: Mapped[datetime] = mapped_column(default=now)
    changed_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
