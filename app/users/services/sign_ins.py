"""Sign-ins: opened, ended, and counted while they are tried."""

import secrets
from dataclasses import dataclass

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.core.clock import now
from app.users.models import SignIn, SignInAttempt, User
from app.users.rules.sign_ins import WINDOW, limits_of, token_sha256

TOKEN_BYTES = 32


@dataclass(frozen=True)
class Attempt:
    """A counted attempt to sign in: its rows, and what is counted with the limit of each."""

    ids: tuple[int, ...]
    limits: dict[str, int]


def open_sign_in(session: Session, *, user: User) -> str:
    """Open a sign-in and return its 256-bit token, which is stored nowhere but in the person's cookie."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    session.add(SignIn(user_id=user.id, token_sha256=token_sha256(token)))
    return token


def end_sign_in(session: Session, *, token: str) -> None:
    """End the sign-in of a token; one that ended before, or never was, stays as it is."""
    ended = update(SignIn).where(SignIn.token_sha256 == token_sha256(token), SignIn.ended_at.is_(None))
    session.execute(ended.values(ended_at=now()))


def end_sign_ins(session: Session, *, user_id: int) -> None:
    """End every sign-in of a person, on all their devices."""
    ended = update(SignIn).where(SignIn.user_id == user_id, SignIn.ended_at.is_(None))
    session.execute(ended.values(ended_at=now()))


def count_attempt(session: Session, *, email: str, address: str, secret: str) -> Attempt:
    """Count an attempt before the password is looked at, so that attempts sent at the same time are all counted.

    The edge commits at once, whatever follows, and then asks `queries.free_again`.
    """
    limits = limits_of(email, address, secret)
    outdated = select(SignInAttempt.id).where(SignInAttempt.at <= now() - WINDOW).with_for_update(skip_locked=True)
    session.execute(delete(SignInAttempt).where(SignInAttempt.id.in_(outdated)))
    rows = [SignInAttempt(bucket_sha256=name, at=now()) for name in limits]
    session.add_all(rows)
    session.flush()
    return Attempt(tuple(row.id for row in rows), limits)


def forget_attempt(session: Session, *, attempt: Attempt) -> None:
    """Take an attempt back: one that succeeded, or one that was refused for coming too often, so that waiting helps."""
    session.execute(delete(SignInAttempt).where(SignInAttempt.id.in_(attempt.ids)))
