"""Tables of playbooks: what each looks for and raises, and which actions came of it."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import now
from app.core.database import Base, Document, Key


class Playbook(Base):
    """A rule that raises actions for accounts (see `rules.definition`), on or off; ended, it is listed no more.

    `runs_as` is who wrote it last or switched it on: it sees what they may see. `ran_at` is when it looked last, and
    `matched` how many accounts it caught then; null where it could not look.
    """

    __tablename__ = "playbook"

    id: Mapped[Key]
    name: Mapped[str] = mapped_column(String(120))
    definition: Mapped[Document]
    is_on: Mapped[bool]
    runs_as: Mapped[int] = mapped_column(ForeignKey("user.id"))
    created_at: Mapped[datetime] = mapped_column(default=now)
    created_by: Mapped[int] = mapped_column(ForeignKey("user.id"))
    changed_at: Mapped[datetime] = mapped_column(default=now)
    ran_at: Mapped[datetime | None]
    matched: Mapped[int | None]
    form_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    ended_at: Mapped[datetime | None]


class PlaybookAction(Base):
    """That a playbook raised an action for an account: what keeps it from raising the same again too soon."""

    __tablename__ = "playbook_action"

    action_id: Mapped[int] = mapped_column(ForeignKey("action.id"), primary_key=True)
    playbook_id: Mapped[int] = mapped_column(ForeignKey("playbook.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    raised_at: Mapped[datetime] = mapped_column(default=now)


Index("ix_playbook_action_raised", PlaybookAction.playbook_id, PlaybookAction.account_id)
