"""Tables of the ledger: what happened to promises, and what promises said before they were changed."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import now
from app.core.database import Base, Document, Key, Money


class LedgerEntry(Base):
    """One thing that happened to a promise: a part of it arrived, a part is to come, or the customer was told of it.

    `source` is who says so. What can be counted is an `amount` of money in its `currency`, or a `quantity` of a `unit`.
    `completes` says that with it all of the promise is delivered. An entry is never changed: one that was wrong is
    withdrawn with a reason and stays on record. `form_key` is random and comes with the form, so that sending it twice
    stays once.
    """

    __tablename__ = "ledger_entry"

    id: Mapped[Key]
    promise_id: Mapped[int] = mapped_column(ForeignKey("promise.id"), index=True)
    side: Mapped[str] = mapped_column(String(20))
    source: Mapped[str] = mapped_column(String(20))
    happens_on: Mapped[date]
    amount: Mapped[Decimal | None] = mapped_column(Money)
    currency: Mapped[str | None] = mapped_column(String(3))
    quantity: Mapped[Decimal | None] = mapped_column(Money)
    unit: Mapped[str | None] = mapped_column(String(40))
    completes: Mapped[bool] = mapped_column(default=False)
    evidence: Mapped[str | None] = mapped_column(Text)
    form_key: Mapped[str] = mapped_column(String(64), unique=True)
    recorded_at: Mapped[datetime] = mapped_column(default=now)
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    withdrawn_because: Mapped[str | None] = mapped_column(Text)


class PromiseVersion(Base):
    """What a promise said until it was changed: the former values of the fields that changed, by whom and when."""

    __tablename__ = "promise_version"

    id: Mapped[Key]
    promise_id: Mapped[int] = mapped_column(ForeignKey("promise.id"), index=True)
    former: Mapped[Document]
    replaced_at: Mapped[datetime] = mapped_column(default=now)
    replaced_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
