"""What changes people, and the log that remembers it, on a real database."""

import threading
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.core.errors import Missing, Refusal
from app.users.models import AuditEvent, SignIn, User
from app.users.queries import has_users, user_by_email
from app.users.services import (
    change_password,
    change_role,
    create_user,
    disable_user,
    record_event,
    verify_chain,
)
from app.users.services.hashing import hashed, matches
from app.users.services.people import create_first_admin
from app.users.services.sign_ins import open_sign_in
from tests.users.people import PASSWORD, changing

ALICE = "alice@parallax.test"


def alice(session: Session) -> User:
    return create_user(session, email=ALICE, role="leader", password=PASSWORD, name="Alice")


def test_a_login_is_created_with_its_role_and_a_hash(session: Session) -> None:
    person = create_user(session, email=" Alice@Parallax.Test ", role="leader", password=PASSWORD, name=" Alice ")
    assert (person.email, person.name, person.active) == (ALICE, "Alice", True)
    assert [row.name for row in person.roles] == ["leader"]
    assert person.password is not None
    assert person.password.startswith("$argon2id$")
    assert matches(person.password, PASSWORD)
    assert not matches(person.password, PASSWORD + " ")


def test_flask_security_reads_our_hashes(session: Session) -> None:
    person = alice(session)
    assert person.verify_and_update_password(PASSWORD)
    assert not person.verify_and_update_password("some other password")


def test_nobody_matches_nobodys_password() -> None:
    assert not matches(None, "nobody signs in with this")
    assert not matches("not a hash", PASSWORD)
    assert not matches(hashed("x" * 129), "x" * 129)


def test_a_password_is_the_same_on_every_keyboard(session: Session) -> None:
    person = create_user(session, email=ALICE, role="csm", password="zwölf müde Bären")
    assert matches(person.password, "zwo\u0308lf mu\u0308de Ba\u0308ren")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        pytest.param({"email": "alice"}, "email", id="no-address"),
        pytest.param({"email": "a\0b@parallax.test"}, "email", id="nul"),
        pytest.param({"email": "ALICE@parallax.test"}, "email", id="taken-in-other-case"),
        pytest.param({"role": "boss"}, "role", id="unknown-role"),
        pytest.param({"password": "short"}, "password", id="weak-password"),
    ],
)
def test_a_login_is_refused(session: Session, change: dict[str, str], field: str) -> None:
    alice(session)
    wanted = {"email": "bob@parallax.test", "role": "csm", "password": PASSWORD, **change}
    with pytest.raises(Refusal) as refused:
        create_user(session, **wanted)  # type: ignore[arg-type]
    assert refused.value.field == field
    assert len(session.scalars(select(User)).all()) == 1


def test_the_first_admin_is_the_first_only(session: Session) -> None:
    assert not has_users(session)
    create_first_admin(session, email=ALICE, password=PASSWORD, name="Alice")
    assert has_users(session)
    with pytest.raises(Refusal, match="has an admin already"):
        create_first_admin(session, email="eve@parallax.test", password=PASSWORD, name="Eve")


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda session: disable_user(session, email=ALICE), id="disabled"),
        pytest.param(lambda session: change_role(session, email=ALICE, role="viewer"), id="role"),
        pytest.param(lambda session: change_password(session, email=ALICE, password=PASSWORD + "!"), id="password"),
    ],
)
def test_a_change_ends_every_sign_in(session: Session, change: Callable[[Session], User]) -> None:
    person = alice(session)
    uniquifier = person.fs_uniquifier
    open_sign_in(session, user=person)
    open_sign_in(session, user=person)
    change(session)
    assert all(row.ended_at for row in session.scalars(select(SignIn).execution_options(populate_existing=True)))
    assert person.fs_uniquifier != uniquifier


def test_tokens_are_kept_as_hashes(session: Session) -> None:
    token = open_sign_in(session, user=alice(session))
    stored = session.scalars(select(SignIn.token_sha256)).one()
    assert len(token) >= 43
    assert token not in stored


def test_somebody_unknown_is_missing(session: Session) -> None:
    with pytest.raises(Missing):
        disable_user(session, email="nobody@parallax.test")
    assert user_by_email(session, "a\0b") is None


def test_people_leave_lines_without_personal_values(session: Session) -> None:
    alice(session)
    change_role(session, email=ALICE, role="viewer")
    disable_user(session, email=ALICE)
    disable_user(session, email=ALICE)
    lines = session.scalars(select(AuditEvent).where(AuditEvent.object_type == "user").order_by(AuditEvent.id)).all()
    assert [line.action for line in lines] == ["user.created", "user.role_changed", "user.disabled"]
    assert lines[1].fields == {"role": {"before": ["leader"], "after": ["viewer"]}}
    assert not any("alice" in str(line.fields).lower() for line in lines)


def append(session: Session, number: int) -> AuditEvent:
    return record_event(
        session,
        actor_id=None,
        action="test.counted",
        object_type="number",
        object_id=number,
        fields={"share": 0.1 * number, "names": ["ü", "\u2028"]},
    )


def test_the_chain_holds(session: Session) -> None:
    events = [append(session, number) for number in range(5)]
    session.commit()
    session.expire_all()
    chain = verify_chain(session)
    assert chain.broken_at is None
    assert chain.head_sha256 == events[-1].sha256
    assert chain.events == len(session.scalars(select(AuditEvent.id)).all())


@pytest.mark.parametrize(
    "forgery",
    [
        pytest.param({"action": "test.other"}, id="action"),
        pytest.param({"fields": {}}, id="fields"),
        pytest.param({"object_id": "99"}, id="object"),
        pytest.param({"sha256": "f" * 64}, id="hash"),
    ],
)
def test_a_changed_line_breaks_the_chain_there(session: Session, forgery: dict[str, object]) -> None:
    events = [append(session, number) for number in range(4)]
    session.execute(update(AuditEvent).where(AuditEvent.id == events[1].id).values(forgery))
    session.expire_all()
    assert verify_chain(session).broken_at == events[1].id


def test_a_removed_line_breaks_the_chain(session: Session) -> None:
    events = [append(session, number) for number in range(4)]
    session.delete(events[1])
    session.flush()
    assert verify_chain(session).broken_at == events[2].id


def test_a_line_falls_with_its_change(session: Session) -> None:
    before = verify_chain(session)
    append(session, 1)
    session.rollback()
    assert verify_chain(session) == before


def test_writers_at_the_same_time_make_one_chain(application: Flask) -> None:
    start = threading.Barrier(4)
    failures: list[BaseException] = []

    def write(writer: int) -> None:
        try:
            start.wait()
            for number in range(5):
                with changing(application) as session:
                    append(session, writer * 10 + number)
        except BaseException as failure:  # noqa: BLE001  (a thread's failure must reach the test)
            failures.append(failure)

    threads = [threading.Thread(target=write, args=(writer,)) for writer in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with changing(application) as session:
        chain = verify_chain(session)
        counted = session.scalars(select(AuditEvent.id).where(AuditEvent.action == "test.counted")).all()
    assert chain.broken_at is None
    assert len(counted) == 20
