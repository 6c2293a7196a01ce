"""Tables of effort: what CSMs say that their accounts take."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import now
from app.core.database import Base, Key


class Effort(Base):
    """What somebody said on a day about an account: the share of their week, and how hard its outcomes are.

    A row is never changed; the newest of the account's present CSM holds. `week_permille` is the share in tenths of a
    percent and None where nothing is said, as is `complexity`. `form_key` is random and comes with the form.
    """

    __tablename__ = "effort"
    __table_args__ = (
        UniqueConstraint("account_id", "form_key"),
        Index("ix_effort_user_id_form_key", "user_id", "form_key"),
    )

    id: Mapped[Key]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    said_on: Mapped[date]
    week_permille: Mapped[int | None]
    complexity: Mapped[str | None] = mapped_column(String(2))
    form_key: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(default=now)
