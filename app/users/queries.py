"""Reads about people: who has an address, and whom a cookie's token stands for."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.users.models import SignIn, SignInAttempt, User
from app.users.rules.sign_ins import WINDOW, free_again_at, is_live, token_sha256

LONGEST_ADDRESS = 254


def user_by_email(session: Session, email: str) -> User | None:
    """Return the login of an e-mail address, whatever its case and the spaces around it."""
    address = email.strip().lower()
    if "\0" in address or len(address) > LONGEST_ADDRESS:
        return None
    return session.scalar(select(User).where(func.lower(User.email) == address))


def live_sign_in(session: Session, *, token: str, now: datetime) -> tuple[SignIn, User] | None:
    """Return the sign-in and the person of a token, or None where it ended, timed out or its person was shut out."""
    found = session.execute(
        select(SignIn, User)
        .join(User, User.id == SignIn.user_id)
        .where(SignIn.token_sha256 == token_sha256(token), SignIn.ended_at.is_(None), User.active)
    ).first()
    if found is None or not is_live(found[0].created_at, found[0].seen_at, now):
        return None
    return found[0], found[1]


def has_users(session: Session) -> bool:
    """Tell whether anybody can sign in at all yet."""
    return session.scalar(select(User.id).limit(1)) is not None


def free_again(session: Session, *, limits: Mapping[str, int], now: datetime) -> datetime | None:
    """Return when signing in may be tried again, or None where it may be tried now."""
    counted = session.execute(
        select(SignInAttempt.bucket_sha256, SignInAttempt.at).where(
            SignInAttempt.bucket_sha256.in_(limits), SignInAttempt.at > now - WINDOW
        )
    ).all()
    waits = (free_again_at([at for name, at in counted if name == bucket], limit) for bucket, limit in limits.items())
    return max((wait for wait in waits if wait), default=None)
