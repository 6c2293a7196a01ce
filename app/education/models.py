"""Tables of education: what an account bought of it and what was taken."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import now
from app.core.database import Base, Key


class EducationRecord(Base):
    """What is known of an account's education; the newest row holds, the older ones are its history.

    `included` is yes, no or unknown; `share` (0-1) is how much of those meant to have taken part. `takers` tells which
    teams they were, `people` how many.
    """

    __tablename__ = "education_record"

    id: Mapped[Key]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    included: Mapped[str] = mapped_column(String(10))
    what: Mapped[str | None] = mapped_column(Text)
    hours: Mapped[float | None]
    seats: Mapped[int | None]
    taken_on: Mapped[date | None]
    takers: Mapped[str | None] = mapped_column(Text)
    people: Mapped[int | None]
    share: Mapped[float | None]
    noted_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    noted_at: Mapped[datetime] = mapped_column(default=now)


Index("ix_education_record_standing", EducationRecord.account_id, EducationRecord.id)
