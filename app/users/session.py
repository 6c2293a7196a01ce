"""The cookie and what it stands for: a sign-in that is kept, and ended, on the server."""

from contextlib import suppress
from datetime import datetime

from flask import g, session
from flask_security import login_user, logout_user
from sqlalchemy import Connection, Delete, Engine, Insert, Update, update
from sqlalchemy.exc import OperationalError

from app.core.clock import now
from app.core.database import db, is_reading
from app.users.models import SignIn, User
from app.users.queries import live_sign_in, pending_person
from app.users.rules.present import Present
from app.users.rules.sign_ins import is_due
from app.users.services.sign_ins import close_pending, end_sign_in, open_pending, open_sign_in

TOKEN = "sign_in"  # noqa: S105  (the name under which the cookie keeps it)
PENDING = "pending_sign_in"
PATIENCE_MS = 100


def start_afresh() -> None:
    """Forget all that the cookie held; a page that is still rendered gets a CSRF token of the new session."""
    session.clear()
    g.pop("csrf_token", None)


def begin(person: User) -> None:
    """Sign a person in, in a session that has nothing of the one before; the caller commits."""
    start_afresh()
    login_user(person, remember=False)
    session[TOKEN] = open_sign_in(db.session, user=person)


def wait_for_code(person: User) -> None:
    """Remember for some minutes that this browser sent the right password; the caller commits. Nobody is signed in."""
    start_afresh()
    session[PENDING] = open_pending(db.session, user=person)


def waiting_person() -> User | None:
    """Return whose code this browser still owes, or None."""
    return pending_person(db.session, token=str(session.get(PENDING, "")), now=now())


def stop_waiting() -> bool:
    """End this browser's waiting for a code; False where another request was faster. The caller commits."""
    return close_pending(db.session, token=str(session.get(PENDING, "")))


def leave() -> None:
    """End the sign-in of this browser and forget all that its cookie held; the caller commits."""
    if TOKEN in session:
        end_sign_in(db.session, token=str(session[TOKEN]))
    if PENDING in session:
        stop_waiting()
    logout_user()
    session.clear()


def load_person(uniquifier: str) -> Present | None:
    """Return whom the cookie stands for, as Flask-Login asks; None once the sign-in has ended on the server."""
    present = now()
    found = live_sign_in(db.session, token=str(session.get(TOKEN, "")), now=present)
    if found is None or found.uniquifier != uniquifier:
        return None
    if is_due(found.seen_at, present):
        note_seen(found.sign_in_id, present)
    return found


def note_seen(sign_in_id: int, at: datetime) -> None:
    """Write down that the person was here.

    A request that reads does so in a small transaction of its own; one that writes in its own transaction, which on
    SQLite holds the only write lock.
    """
    seen = update(SignIn).where(SignIn.id == sign_in_id).values(seen_at=at)
    if is_reading.get():
        write_if_free(db.engine, seen)
    else:
        db.session.execute(seen)


def write_if_free(engine: Engine, *statements: Delete | Insert | Update) -> None:
    """Run statements in a transaction of their own, or leave them: a reader never waits behind a long import."""
    with suppress(OperationalError), engine.begin() as connection:
        before = be_patient(connection, PATIENCE_MS)
        try:
            for statement in statements:
                connection.execute(statement)
        finally:
            if before is not None:
                be_patient(connection, before)


def be_patient(connection: Connection, milliseconds: int) -> int | None:
    """Set how long to wait for a lock; return the time set before where it outlives the transaction (SQLite)."""
    if connection.dialect.name != "sqlite":
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{milliseconds}ms'")
        return None
    before = connection.exec_driver_sql("PRAGMA busy_timeout").scalar_one()
    connection.exec_driver_sql(f"PRAGMA busy_timeout = {milliseconds}")
    return int(before)
