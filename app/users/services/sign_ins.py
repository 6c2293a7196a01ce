"""Sign-ins: opened, kept waiting for a code, ended, and counted while they are tried."""

import secrets
from dataclasses import dataclass

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.core.clock import now
from app.users.models import PendingSignIn, SignIn, SignInAttempt, User
from app.users.rules.sign_ins import PENDING, WINDOW, token_sha256

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
    session.flush()
    return token


def end_sign_in(session: Session, *, token: str) -> None:
    """End the sign-in of a token; one that ended before, or never was, stays as it is."""
    ended = update(SignIn).where(SignIn.token_sha256 == token_sha256(token), SignIn.ended_at.is_(None))
    session.execute(ended.values(ended_at=now()))


def open_pending(session: Session, *, user: User) -> str:
    """Note that a person gave the right password and owes the code; returns the 256-bit token of the waiting."""
    outdated = select(PendingSignIn.id).where(PendingSignIn.created_at <= now() - PENDING)
    session.execute(delete(PendingSignIn).where(PendingSignIn.id.in_(outdated.with_for_update(skip_locked=True))))
    token = secrets.token_urlsafe(TOKEN_BYTES)
    session.add(PendingSignIn(user_id=user.id, token_sha256=token_sha256(token)))
    return token


def close_pending(session: Session, *, token: str) -> bool:
    """End the waiting for a code; True for the one caller who ended it."""
    ended = delete(PendingSignIn).where(PendingSignIn.token_sha256 == token_sha256(token))
    return session.execute(ended.returning(PendingSignIn.id)).first() is not None


def end_sign_ins(session: Session, *, user_id: int) -> None:
    """End every sign-in of a person, on all their devices, and every one that waits for a code."""
    session.execute(delete(PendingSignIn).where(PendingSignIn.user_id == user_id))
    ended = update(SignIn).where(SignIn.user_id == user_id, SignIn.ended_at.is_(None))
    session.execute(ended.values(ended_at=now()))


def count_attempt(session: Session, *, limits: dict[str, int]) -> Attempt:
    """Count an attempt before password or code is looked at, so that attempts sent at the same time are all counted.

    The edge commits at once, whatever follows, and then asks `queries.free_again`.
    """
    outdated = select(SignInAttempt.id).where(SignInAttempt.at <= now() - WINDOW).with_for_update(skip_locked=True)
    session.execute(delete(SignInAttempt).where(SignInAttempt.id.in_(outdated)))
    rows = [SignInAttempt(bucket_sha256=name, at=now()) for name in limits]
    session.add_all(rows)
    session.flush()
    return Attempt(tuple(row.id for row in rows), limits)


def forget_attempt(session: Session, *, attempt: Attempt) -> None:
    """Take an attempt back: one that succeeded, or one that was refused for coming too often, so that waiting helps."""
    session.execute(delete(SignInAttempt).where(SignInAttempt.id.in_(attempt.ids)))
