"""Who gets the page of which account by mail, and each mail with it."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import now
from app.core.database import Base, Document, Key
from app.core.waiting import WaitingMail


class PageSubscription(Base):
    """That a person gets the page of an account by mail: one row for each, changed when they choose anew.

    `next_at` is when the next mail is due; null where the renewal decides, in a pause, and after the end. `made_at` is
    when it was last chosen. From `nonce` comes the token of the link that ends it.
    """

    __tablename__ = "page_subscription"
    __table_args__ = (UniqueConstraint("account_id", "user_id"),)

    id: Mapped[Key]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    rhythm: Mapped[str] = mapped_column(String(20))
    day: Mapped[int | None]
    nonce: Mapped[str] = mapped_column(String(43))
    next_at: Mapped[datetime | None] = mapped_column(index=True)
    made_at: Mapped[datetime] = mapped_column(default=now)
    made_by: Mapped[int] = mapped_column(ForeignKey("user.id"))
    paused_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))


class PageMail(WaitingMail, Base):
    """One mail with a page, once only for its `occasion`: a day, or so many days before a renewal.

    What it holds is decided when it is sent, by what its reader may see then; `figures` are health and voice as it told
    them, for the next one to compare with.
    """

    __tablename__ = "page_mail"
    __table_args__ = (UniqueConstraint("subscription_id", "occasion"),)

    subscription_id: Mapped[int] = mapped_column(ForeignKey("page_subscription.id"))
    occasion: Mapped[str] = mapped_column(String(40))
    figures: Mapped[Document | None] = mapped_column(JSON(none_as_null=True))
