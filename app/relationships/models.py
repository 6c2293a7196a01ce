"""Tables of relationships: what a type brings, and by which rule figures roll up, and that something was told."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import now
from app.core.database import Base, Document, Key


class RelationshipType(Base):
    """What a type of relationships brings; never changed: the newest revision holds.

    `key` is the type in small letters; `definition` names its scorecard, its survey and its fields.
    """

    __tablename__ = "relationship_type"
    __table_args__ = (UniqueConstraint("key", "revision"),)

    id: Mapped[Key]
    key: Mapped[str] = mapped_column(String(80))
    revision: Mapped[int]
    definition: Mapped[Document]
    made_at: Mapped[datetime] = mapped_column(default=now)
    made_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))


class RollUpChoice(Base):
    """By which rule the workspace rolls figures of relationships up; never changed: the newest revision holds."""

    __tablename__ = "relationship_roll_up"

    id: Mapped[Key]
    revision: Mapped[int] = mapped_column(unique=True)
    rule: Mapped[str] = mapped_column(String(10))
    made_at: Mapped[datetime] = mapped_column(default=now)
    made_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))


class RelationshipChange(Base):
    """That something was told of relationships, or of their types, since their health was last computed."""

    __tablename__ = "relationship_change"

    id: Mapped[Key]
    at: Mapped[datetime] = mapped_column(default=now)
