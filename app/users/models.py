"""Tables of users, their roles, their sign-ins, attempts to sign in, and the audit log."""

from datetime import datetime

from flask_security.core import RoleMixin, UserMixin
from sqlalchemy import Column, ForeignKey, Integer, String, Table
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.clock import now
from app.core.database import Base, Document, Key

user_role = Table(
    "user_role",
    Base.metadata,
    Column("user_id", Integer, ForeignKey("user.id", ondelete="CASCADE"), primary_key=True),
    Column("role_id", Integer, ForeignKey("role.id", ondelete="CASCADE"), primary_key=True),
)


class RoleRow(Base, RoleMixin):
    """A role as Flask-Security keeps it; the names are `rules.Role`."""

    __tablename__ = "role"

    id: Mapped[Key]
    name: Mapped[str] = mapped_column(String(40), unique=True)
    description: Mapped[str | None] = mapped_column(String(200))


class User(Base, UserMixin):
    """A login."""

    __tablename__ = "user"

    id: Mapped[Key]
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(200), default="")
    password: Mapped[str | None] = mapped_column(String(255))
    active: Mapped[bool] = mapped_column(default=True)
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    roles: Mapped[list[RoleRow]] = relationship(secondary=user_role, lazy="selectin")  # type: ignore[assignment]


class SignIn(Base):
    """One signed-in browser: the cookie's token as a hash, and when it was last seen."""

    __tablename__ = "sign_in"

    id: Mapped[Key]
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    token_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    seen_at: Mapped[datetime] = mapped_column(default=now)
    ended_at: Mapped[datetime | None]


class SignInAttempt(Base):
    """One attempt to sign in, counted against the account and address it names; forgotten after the window.

    `bucket_sha256` is a keyed hash of what is counted: neither accounts nor addresses can be read from it.
    """

    __tablename__ = "sign_in_attempt"

    id: Mapped[Key]
    bucket_sha256: Mapped[str] = mapped_column(String(64), index=True)
    at: Mapped[datetime] = mapped_column(index=True)


class AuditEvent(Base):
    """One line of the append-only audit log: who did what to which object, chained by hashes.

    `fields` names what changed; it never holds personal values or secrets.
    """

    __tablename__ = "audit_event"

    id: Mapped[Key]
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    action: Mapped[str] = mapped_column(String(80))
    object_type: Mapped[str] = mapped_column(String(40))
    object_id: Mapped[str] = mapped_column(String(200))
    fields: Mapped[Document]
    previous_sha256: Mapped[str] = mapped_column(String(64))
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
