"""How often links that do not exist may be tried from one address; links that do exist are never counted."""

from datetime import timedelta

from flask import current_app, request
from sqlalchemy import delete, insert

from app.core.clock import now
from app.core.database import db
from app.surveys.queries import unknown_tokens
from app.users.models import SignInAttempt
from app.users.rules.sign_ins import WINDOW as KEPT
from app.users.rules.sign_ins import keyed, neighbourhood
from app.users.session import write_if_free

UNKNOWN_TOKENS = 100
WINDOW = timedelta(minutes=1)


def seconds_to_wait() -> int:
    """Return how long this address must wait because of the unknown links that it tried; 0 where it need not.

    The present one is counted in a small transaction of its own, unless the database is busy: a visitor never waits
    for the counting. The counts are those of attempts to sign in, so they name nobody and are forgotten with them.
    """
    present = now()
    bucket = keyed(str(current_app.secret_key), "link", neighbourhood(request.remote_addr or ""))
    tried, first = unknown_tokens(db.session, bucket=bucket, now=present, window=WINDOW)
    db.session.rollback()
    if tried >= UNKNOWN_TOKENS and first is not None:
        return max(1, round((first + WINDOW - present).total_seconds()))
    write_if_free(
        db.engine,
        delete(SignInAttempt).where(SignInAttempt.bucket_sha256 == bucket, SignInAttempt.at <= present - KEPT),
        insert(SignInAttempt).values(bucket_sha256=bucket, at=present),
    )
    return 0
