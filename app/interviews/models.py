"""Tables of interviews: which of the drawn people is asked by whom."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import now
from app.core.database import Base, Key


class Interview(Base):
    """The conversation with one respondent, assigned to one interviewer; what was said is the respondent's response."""

    __tablename__ = "interview"

    id: Mapped[Key]
    respondent_id: Mapped[int] = mapped_column(ForeignKey("respondent.id"), unique=True)
    interviewer_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    assigned_at: Mapped[datetime] = mapped_column(default=now)
    started_at: Mapped[datetime | None]


class NoteTaker(Base):
    """The second person in an interview: who writes along while the interviewer leads."""

    __tablename__ = "note_taker"

    interview_id: Mapped[int] = mapped_column(ForeignKey("interview.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    chosen_at: Mapped[datetime] = mapped_column(default=now)
