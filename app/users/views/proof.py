"""What a password or a code proves, and how long to wait where it was tried too often."""

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from flask import current_app, request

from app.core.clock import now
from app.core.database import db
from app.users.models import User
from app.users.queries import free_again, user_by_email
from app.users.rules.sign_ins import code_limits_of, limits_of
from app.users.services.hashing import matches
from app.users.services.second_factors import accept_code
from app.users.services.sign_ins import Attempt, count_attempt, forget_attempt


class Proof(NamedTuple):
    """What came of looking at a password or a code: the person it proves, or when to try again."""

    person: User | None
    free_at: datetime | None


def prove(email: str, password: str) -> Proof:
    """Look at a password, unless it was tried too often from here.

    It is looked at outside any transaction, because that takes a while on purpose, and on SQLite a transaction would
    keep everybody else from writing.
    """
    attempt, free_at = counted(email, limits_of)
    if free_at:
        return Proof(None, free_at)
    stored = hash_of(email)
    db.session.rollback()
    if not matches(stored, password) or stored != hash_of(email):
        return Proof(None, None)
    forget_attempt(db.session, attempt=attempt)
    return Proof(user_by_email(db.session, email), None)


def prove_code(person: User, code: str) -> Proof:
    """Look at a code of the second factor, unless codes or passwords were tried too often from here."""
    attempt, free_at = counted(person.email, code_limits_of)
    if free_at or not accept_code(db.session, user=person, code=code, secret=secret_key()):
        return Proof(None, free_at)
    forget_attempt(db.session, attempt=attempt)
    return Proof(person, None)


def counted(email: str, limits: Callable[[str, str, str], dict[str, int]]) -> tuple[Attempt, datetime | None]:
    """Count an attempt, committed before anything is looked at, and tell when to try again where that is too many."""
    attempt = count_attempt(db.session, limits=limits(email, request.remote_addr or "", secret_key()))
    db.session.commit()
    free_at = free_again(db.session, limits=attempt.limits, now=now())
    if free_at:
        forget_attempt(db.session, attempt=attempt)
        db.session.commit()
    return attempt, free_at


def hash_of(email: str) -> str | None:
    """Return the stored hash of an active person, else None."""
    person = user_by_email(db.session, email)
    return person.password if person and person.active else None


def secret_key() -> str:
    """Return the application's secret key."""
    return str(current_app.secret_key)


def seconds_until(instant: datetime) -> int:
    """Return the seconds to wait, at least one."""
    return max(1, round((instant - now()).total_seconds()))


def wait_sentence(free_at: datetime) -> str:
    """Say when it may be tried again."""
    minutes = -(-seconds_until(free_at) // 60)
    when = "in a minute" if minutes == 1 else f"in {minutes} minutes"
    return f"Too many attempts from here. Try again {when}, at {free_at:%H:%M} UTC; elsewhere you can sign in now."
