"""Tables of whom to ask: how many of each role are wanted, who was named by whom, and mails that ask for names."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
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


class NamesRequest(Base):
    """A mail to a contact that asks who else should be heard, in the words that its sender has seen.

    The row is the fact that the mail is to be sent; a worker notes `claimed_at` before it speaks to the server and
    `sent_at` after, as with an `Invitation`.
    """

    __tablename__ = "names_request"

    id: Mapped[Key]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id"), index=True)
    asked_by: Mapped[int] = mapped_column(ForeignKey("user.id"))
    subject: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    message_id: Mapped[str] = mapped_column(String(200), unique=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    due_at: Mapped[datetime] = mapped_column(default=now, index=True)
    tries: Mapped[int] = mapped_column(default=0)
    claimed_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    reason: Mapped[str | None] = mapped_column(Text)
