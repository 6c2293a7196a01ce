"""Tables of whom to ask: how many of each role are wanted, and who was named by whom."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import now
from app.core.database import Base, Document, Key


class StakeholderTemplate(Base):
    """Whom an account of one tier should have, as a workspace wants it; a blank `tier` is every other account."""

    __tablename__ = "stakeholder_template"

    id: Mapped[Key]
    tier: Mapped[str] = mapped_column(String(200), unique=True)
    seats: Mapped[list[Document]]
    changed_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    changed_at: Mapped[datetime] = mapped_column(default=now)


class Referral(Base):
    """How a contact came to be known: named by another contact, perhaps in an interview, and noted by whom."""

    __tablename__ = "referral"

    id: Mapped[Key]
    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id"), unique=True)
    referred_by: Mapped[int | None] = mapped_column(ForeignKey("contact.id"))
    interview_id: Mapped[int | None] = mapped_column(ForeignKey("interview.id", ondelete="SET NULL"), index=True)
    noted_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    noted_at: Mapped[datetime] = mapped_column(default=now)
