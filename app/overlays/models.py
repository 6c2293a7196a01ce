"""Tables of overlays: the situation, how it meets industries, and what CSMs changed for single accounts."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import now
from app.core.database import Base, Key, Money


class Overlay(Base):
    """A situation with a name and days, such as a pandemic. `folded` is the name by which two are the same.

    Without `ends_on` it applies until somebody ends it; once ended it stays readable.
    """

    __tablename__ = "overlay"

    id: Mapped[Key]
    key: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    folded: Mapped[str] = mapped_column(String(400), unique=True)
    description: Mapped[str | None] = mapped_column(Text)
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    created_at: Mapped[datetime] = mapped_column(default=now)


class OverlayImpact(Base):
    """How hard an overlay meets an industry; the newest row of each holds, the older ones are its history.

    A null level is not assessed.
    """

    __tablename__ = "overlay_impact"

    id: Mapped[Key]
    overlay_id: Mapped[int] = mapped_column(ForeignKey("overlay.id"))
    industry: Mapped[str] = mapped_column(String(200))
    level: Mapped[str | None] = mapped_column(String(20))
    words: Mapped[str | None] = mapped_column(Text)
    set_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    set_at: Mapped[datetime] = mapped_column(default=now)


class OverlayChange(Base):
    """What a CSM says of one account under an overlay; the newest row holds, the older ones are its history.

    A null level is that of the industry. `amount` is in the workspace's currency.
    """

    __tablename__ = "overlay_change"

    id: Mapped[Key]
    overlay_id: Mapped[int] = mapped_column(ForeignKey("overlay.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    level: Mapped[str | None] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(Text)
    concessions: Mapped[str | None] = mapped_column(Text)
    amount: Mapped[Decimal | None] = mapped_column(Money)
    billing: Mapped[str | None] = mapped_column(Text)
    made_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    made_at: Mapped[datetime] = mapped_column(default=now)


Index("ix_overlay_impact_standing", OverlayImpact.overlay_id, OverlayImpact.industry, OverlayImpact.id)
Index("ix_overlay_change_standing", OverlayChange.overlay_id, OverlayChange.account_id, OverlayChange.id)
