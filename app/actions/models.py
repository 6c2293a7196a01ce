"""Tables of actions: what somebody does next for an account."""

from datetime import date, datetime

from sqlalchemy import JSON, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import now
from app.core.database import Base, Document, Key


class Action(Base):
    """One follow-up for an account: open until `done_at`, whether the customer was promised it or it is internal.

    `kind` says what it is (see `rules.kinds`), `reason` why it was raised, `evidence` what showed it on that day.
    `relationship_id` is what of the account it is about, null where it is about all of it.
    `respondent_id` is whose interview it came from, `outcome` and `note` what came of it. `contact_id` is whom to ask
    again, and `follows_id` the action of which somebody wants to hear how it went. `form_key` is random and comes with
    the form, so that sending it twice stays once. `blanked_at` is when its words were taken away.
    """

    __tablename__ = "action"

    id: Mapped[Key]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    relationship_id: Mapped[int | None] = mapped_column(ForeignKey("relationship.id"), index=True)
    respondent_id: Mapped[int | None] = mapped_column(ForeignKey("respondent.id"), index=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20), default="task", server_default="task")
    title: Mapped[str] = mapped_column(String(300))
    reason: Mapped[str | None] = mapped_column(Text)
    evidence: Mapped[Document | None] = mapped_column(JSON(none_as_null=True))
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id"), index=True)
    follows_id: Mapped[int | None] = mapped_column(ForeignKey("action.id"), index=True)
    due_on: Mapped[date]
    is_promised: Mapped[bool]
    form_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    created_by: Mapped[int] = mapped_column(ForeignKey("user.id"))
    done_at: Mapped[datetime | None]
    done_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    outcome: Mapped[str | None] = mapped_column(String(20))
    note: Mapped[str | None] = mapped_column(Text)
    blanked_at: Mapped[datetime | None]


class ReminderStop(Base):
    """That a person wants no mail about what is due; without a row they are reminded."""

    __tablename__ = "action_reminder_stop"

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True)
    stopped_at: Mapped[datetime] = mapped_column(default=now)


# Boards and reminders read what is open by its day, however much is over.
_IS_OPEN = text("done_at IS NULL")
Index("ix_action_open", Action.due_on, sqlite_where=_IS_OPEN, postgresql_where=_IS_OPEN)
