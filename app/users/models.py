"""Tables of users, their roles, sign-ins and second factors, attempts to sign in, and the audit log."""

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


class PendingSignIn(Base):
    """A right password that still waits for the code of the second factor; it opens no page."""

    __tablename__ = "pending_sign_in"

    id: Mapped[Key]
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    token_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(default=now, index=True)


class SecondFactor(Base):
    """A person's authenticator app: the secret that it shares with us, encrypted, and the last step that was used.

    A row is written only once a code has proved that the app holds the secret.
    """

    __tablename__ = "second_factor"

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), primary_key=True)
    secret_encrypted: Mapped[str] = mapped_column(String(400))
    confirmed_at: Mapped[datetime] = mapped_column(default=now)
    last_step: Mapped[int]


class RecoveryCode(Base):
    """One way in without the phone, good for one time; `code_sha256` is a keyed hash."""

    __tablename__ = "recovery_code"

    id: Mapped[Key]
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    code_sha256: Mapped[str] = mapped_column(String(64))
    used_at: Mapped[datetime | None]


class RequiredFactor(Base):
    """A role whose people must have a second factor; the names are `rules.Role`."""

    __tablename__ = "required_factor"

    role: Mapped[str] = mapped_column(String(40), primary_key=True)


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
