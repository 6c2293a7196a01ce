"""What is true of the whole workspace: who asks, in which currency, and whether its data are a sample."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.core.clock import now
from app.core.database import Base, Key

ONLY = 1


class Workspace(Base):
    """The single row of workspace facts; `organisation` is the name under which customers are asked."""

    __tablename__ = "workspace"

    id: Mapped[Key] = mapped_column(default=ONLY)
    currency: Mapped[str | None] = mapped_column(String(3))
    organisation: Mapped[str | None] = mapped_column(String(200))
    is_sample: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(default=now)


def the_workspace(session: Session) -> Workspace:
    """Return the workspace row; before the first write it is an unsaved one with the defaults."""
    return session.get(Workspace, ONLY) or Workspace(
        id=ONLY, currency=None, organisation=None, is_sample=False, created_at=now()
    )
