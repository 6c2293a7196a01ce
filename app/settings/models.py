"""Tables of settings: what customers are told about their data."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import now
from app.core.database import Base


class ConsentText(Base):
    """What customers are told about their data, in one language of one version; never changed: a change is a version.

    Version 0 is our own text and stands in no row.
    """

    __tablename__ = "consent_text"

    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    language: Mapped[str] = mapped_column(String(20), primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(default=now)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
