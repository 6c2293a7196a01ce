"""How pages of accounts are arranged, for whom."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import now
from app.core.database import Base, Document, Key


class PageLayout(Base):
    """One arrangement of the page for a role or a type of relationships; never changed: the newest revision holds.

    `name` is the role, or the type in small letters.
    """

    __tablename__ = "page_layout"
    __table_args__ = (UniqueConstraint("extent", "name", "revision"),)

    id: Mapped[Key]
    extent: Mapped[str] = mapped_column(String(10))
    name: Mapped[str] = mapped_column(String(80))
    revision: Mapped[int]
    definition: Mapped[Document]
    made_at: Mapped[datetime] = mapped_column(default=now)
    made_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
