"""Tables of plans: what was agreed with a customer, by when, what stands in its way, and how its dates moved."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import now
from app.core.database import Base, Key


class SuccessPlan(Base):
    """The outcomes agreed with one account; an account has one plan at a time, open until `closed_at`.

    `agreed_with` is a contact of the account, where it is known who agreed. `form_key` is random and comes with the
    form, here as below, so that sending it twice stays once.
    """

    __tablename__ = "success_plan"

    id: Mapped[Key]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    title: Mapped[str] = mapped_column(String(300))
    agreed_on: Mapped[date]
    agreed_with: Mapped[int | None] = mapped_column(ForeignKey("contact.id"), index=True)
    due_on: Mapped[date]
    form_key: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    created_by: Mapped[int] = mapped_column(ForeignKey("user.id"))
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))


class PlanOutcome(Base):
    """One outcome of a plan: what the customer wants, how it is measured, by when, and the day it was reached.

    `dropped_on` is the day on which both gave it up; it then counts for nothing.
    """

    __tablename__ = "plan_outcome"

    id: Mapped[Key]
    plan_id: Mapped[int] = mapped_column(ForeignKey("success_plan.id"), index=True)
    title: Mapped[str] = mapped_column(String(300))
    measure: Mapped[str | None] = mapped_column(Text)
    due_on: Mapped[date]
    done_on: Mapped[date | None]
    dropped_on: Mapped[date | None]
    form_key: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    created_by: Mapped[int] = mapped_column(ForeignKey("user.id"))


class PlanBlocker(Base):
    """What stands in the way of a plan until `resolved_on`, and whose it is to remove."""

    __tablename__ = "plan_blocker"

    id: Mapped[Key]
    plan_id: Mapped[int] = mapped_column(ForeignKey("success_plan.id"), index=True)
    title: Mapped[str] = mapped_column(String(300))
    is_critical: Mapped[bool]
    opened_on: Mapped[date]
    resolved_on: Mapped[date | None]
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    form_key: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    created_by: Mapped[int] = mapped_column(ForeignKey("user.id"))


class PlanMove(Base):
    """A date that moved, the plan's own where `outcome_id` is None, with the former one and the reason."""

    __tablename__ = "plan_move"

    id: Mapped[Key]
    plan_id: Mapped[int] = mapped_column(ForeignKey("success_plan.id"), index=True)
    outcome_id: Mapped[int | None] = mapped_column(ForeignKey("plan_outcome.id"))
    former_on: Mapped[date]
    due_on: Mapped[date]
    reason: Mapped[str] = mapped_column(Text)
    moved_at: Mapped[datetime] = mapped_column(default=now)
    moved_by: Mapped[int] = mapped_column(ForeignKey("user.id"))


# Two senders of two forms cannot both begin a plan.
_IS_OPEN = text("closed_at IS NULL")
Index(
    "uq_success_plan_open",
    SuccessPlan.account_id,
    unique=True,
    sqlite_where=_IS_OPEN,
    postgresql_where=_IS_OPEN,
)
