"""Editions of a gap report: frozen when they are published, and the links by which people outside read them."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import now
from app.core.database import Base, Document, Key


class Edition(Base):
    """One published state of a study's gap report, never changed again: its data as text, and the hash of that text.

    The text holds no words of customers, only by which ids they are found: what somebody takes away is gone from every
    edition. Editions of a study are numbered from 1 on. `choice` is the part of the study that it is of (see
    `scoring.rules.choice`), null for all of it, and `choice_key` tells such parts apart.
    """

    __tablename__ = "edition"
    __table_args__ = (UniqueConstraint("study_id", "number"),)

    id: Mapped[Key]
    study_id: Mapped[int] = mapped_column(ForeignKey("study.id"))
    number: Mapped[int]
    choice: Mapped[Document | None] = mapped_column(JSON(none_as_null=True))
    choice_key: Mapped[str] = mapped_column(String(64), default="", server_default=text("''"))
    document: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(String(64))
    scored_at: Mapped[datetime]
    published_at: Mapped[datetime] = mapped_column(default=now)
    published_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))


class EditionLink(Base):
    """A way for people without an account here to read one edition until a day; the token is stored nowhere."""

    __tablename__ = "edition_link"

    id: Mapped[Key]
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"), index=True)
    token_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    made_for: Mapped[str] = mapped_column(String(200))
    made_at: Mapped[datetime] = mapped_column(default=now)
    made_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
