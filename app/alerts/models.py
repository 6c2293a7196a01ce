"""Who wants to be told of which moves of health, each thing to be told, and the mail that tells it."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import now
from app.core.database import Base, Key
from app.core.waiting import WaitingMail


class AlertSubscription(Base):
    """That a person is told of moves of health: of one account, of those assigned to them, or of all that they may see.

    One row for each of these, changed when they choose anew. `seen_id` is the newest computation that was looked at for
    it: what was computed before somebody asked is not told.
    """

    __tablename__ = "health_alert_subscription"

    id: Mapped[Key]
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    extent: Mapped[str] = mapped_column(String(10))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    tells_colour: Mapped[bool]
    falls_by: Mapped[int | None]
    tells_silence: Mapped[bool]
    seen_id: Mapped[int]
    made_at: Mapped[datetime] = mapped_column(default=now)
    ended_at: Mapped[datetime | None]


class AlertMail(WaitingMail, Base):
    """One mail for a person and a computation, with all that they are told of it.

    What it holds is decided when it is sent, by what its reader may see then. From `nonce` comes the token of the link
    that stops all alerts. It waits, is claimed and is sent as an `Invitation` is.
    """

    __tablename__ = "health_alert_mail"
    __table_args__ = (UniqueConstraint("user_id", "computation_id"),)

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    computation_id: Mapped[int] = mapped_column(ForeignKey("health_computation.id"))
    nonce: Mapped[str] = mapped_column(String(43))


class Alert(Base):
    """One thing to be told: what moved at an account, against which computation, for which subscription; once only."""

    __tablename__ = "health_alert"
    __table_args__ = (UniqueConstraint("subscription_id", "account_id", "computation_id"),)

    id: Mapped[Key]
    mail_id: Mapped[int] = mapped_column(ForeignKey("health_alert_mail.id"), index=True)
    subscription_id: Mapped[int] = mapped_column(ForeignKey("health_alert_subscription.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    computation_id: Mapped[int] = mapped_column(ForeignKey("health_computation.id"))
    before_id: Mapped[int] = mapped_column(ForeignKey("health_computation.id"))
    kinds: Mapped[list[str]]
