"""Second factors on a real database: what is stored, what is used up, and what the audit log says."""

import json
import re
import threading

import pytest
from flask import Flask
from sqlalchemy import Table, select, update
from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.database import Base
from app.core.errors import Missing, Refusal
from app.users.models import AuditEvent, RecoveryCode, SecondFactor, SignIn
from app.users.queries import live_sign_in, second_factor, unused_recovery_codes
from app.users.services.second_factors import (
    accept_code,
    offer_secret,
    offered_key,
    remove_factor,
    renew_recovery_codes,
    require_factor,
    reset_factor,
    set_up_factor,
)
from app.users.services.sign_ins import open_pending, open_sign_in
from tests.users.factors import KEY, code_of, give_factor, known, wrong_code
from tests.users.people import ADMIN, LEADER, VIEWER, add_people, changing

SECRET = "a secret for these tests"


@pytest.fixture
def session_with_people(session: Session) -> Session:
    """People, of whom nobody has a second factor."""
    add_people(session)
    return session


def set_up(session: Session, email: str = LEADER) -> list[str]:
    codes = set_up_factor(session, user=known(session, email), key=KEY, code=code_of(KEY), secret=SECRET)
    session.execute(update(SecondFactor).values(last_step=0))
    return codes


def is_in(session: Session, code: str, email: str = LEADER, secret: str = SECRET) -> bool:
    return accept_code(session, user=known(session, email), code=code, secret=secret)


def test_a_code_lets_in_once(session_with_people: Session) -> None:
    set_up(session_with_people)
    code = code_of(KEY)
    assert is_in(session_with_people, f"{code[:3]} {code[3:]}")
    assert not is_in(session_with_people, code)


def test_the_code_of_the_set_up_does_not_sign_in(session_with_people: Session) -> None:
    code = code_of(KEY)
    set_up_factor(session_with_people, user=known(session_with_people), key=KEY, code=code, secret=SECRET)
    assert not is_in(session_with_people, code)


def test_a_wrong_code_lets_nobody_in(session_with_people: Session) -> None:
    set_up(session_with_people)
    assert not is_in(session_with_people, wrong_code(KEY))
    assert not is_in(session_with_people, "0" * 15)
    assert not is_in(session_with_people, code_of(KEY), email=ADMIN)


def test_each_recovery_code_lets_in_once(session_with_people: Session) -> None:
    codes = set_up(session_with_people)
    assert len(set(codes)) == 8
    assert all(re.fullmatch(r"\d{5} \d{5} \d{5}", code) for code in codes)
    assert [is_in(session_with_people, code) for code in codes] == [True] * 8
    assert not any(is_in(session_with_people, code) for code in codes)
    assert unused_recovery_codes(session_with_people, known(session_with_people).id) == 0


def test_recovery_codes_are_their_owners(session_with_people: Session) -> None:
    mine, theirs = set_up(session_with_people), set_up(session_with_people, ADMIN)
    assert not is_in(session_with_people, theirs[0])
    assert is_in(session_with_people, mine[0].replace(" ", ""))


def test_new_recovery_codes_make_the_old_ones_worthless(session_with_people: Session) -> None:
    old = set_up(session_with_people)
    new = renew_recovery_codes(session_with_people, user=known(session_with_people), secret=SECRET)
    assert not is_in(session_with_people, old[0])
    assert is_in(session_with_people, new[0])
    with pytest.raises(Refusal, match="Set up"):
        renew_recovery_codes(session_with_people, user=known(session_with_people, ADMIN), secret=SECRET)


def test_a_set_up_is_refused_with_a_wrong_code_and_a_second_time(session_with_people: Session) -> None:
    person = known(session_with_people)
    with pytest.raises(Refusal, match="does not fit"):
        set_up_factor(session_with_people, user=person, key=KEY, code=wrong_code(KEY), secret=SECRET)
    assert second_factor(session_with_people, person.id) is None
    set_up(session_with_people)
    with pytest.raises(Refusal, match="on already"):
        set_up_factor(session_with_people, user=person, key=KEY, code=code_of(KEY), secret=SECRET)


def test_a_set_up_and_a_reset_end_every_sign_in(session_with_people: Session) -> None:
    person = known(session_with_people)
    for change in (lambda: set_up(session_with_people), lambda: reset_factor(session_with_people, email=LEADER)):
        before = person.fs_uniquifier
        open_sign_in(session_with_people, user=person)
        open_pending(session_with_people, user=person)
        change()
        live = session_with_people.scalars(select(SignIn.id).where(SignIn.ended_at.is_(None))).all()
        assert (list(live), person.fs_uniquifier == before) == ([], False)


def test_secrets_and_codes_cannot_be_read_in_the_database(session_with_people: Session) -> None:
    codes = set_up(session_with_people)
    session_with_people.flush()
    tables: list[Table] = Base.metadata.sorted_tables
    rows = [row for table in tables for row in session_with_people.execute(select(table)).all()]
    stored = repr(rows)
    assert "gAAAA" in stored
    assert KEY not in stored
    assert KEY.lower() not in stored.lower()
    assert not any(spelling in stored for code in codes for spelling in (code, code.replace(" ", "")))


def test_another_secret_key_or_another_row_opens_nothing(session_with_people: Session) -> None:
    codes = set_up(session_with_people)
    set_up(session_with_people, ADMIN)
    assert not is_in(session_with_people, code_of(KEY), secret="another key")
    assert not is_in(session_with_people, codes[0], secret="another key")
    theirs = second_factor(session_with_people, known(session_with_people, ADMIN).id)
    assert theirs is not None
    session_with_people.execute(
        update(SecondFactor)
        .where(SecondFactor.user_id == known(session_with_people).id)
        .values(secret_encrypted=theirs.secret_encrypted)
    )
    assert not is_in(session_with_people, code_of(KEY))
    assert is_in(session_with_people, code_of(KEY), email=ADMIN)


def test_an_offer_is_its_persons_alone() -> None:
    offer = offer_secret(user_id=1, secret=SECRET)
    assert len(offered_key(offer, user_id=1, secret=SECRET) or "") == 32
    assert offered_key(offer, user_id=2, secret=SECRET) is None
    assert offered_key("", user_id=1, secret=SECRET) is None
    assert offer_secret(user_id=1, secret=SECRET) != offer


def test_only_required_roles_without_a_factor_miss_one(session_with_people: Session) -> None:
    leader, viewer = known(session_with_people), known(session_with_people, VIEWER)

    def missing() -> list[bool]:
        tokens = [open_sign_in(session_with_people, user=one) for one in (leader, viewer)]
        found = [live_sign_in(session_with_people, token=token, now=now()) for token in tokens]
        return [one.lacks_factor for one in found if one]

    assert missing() == [False, False]
    require_factor(session_with_people, role="leader", is_required=True)
    assert missing() == [True, False]
    set_up(session_with_people)
    assert missing() == [False, False]


def test_removal_is_refused_where_a_factor_is_required(session_with_people: Session) -> None:
    set_up(session_with_people)
    require_factor(session_with_people, role="leader", is_required=True)
    with pytest.raises(Refusal, match="stays on"):
        remove_factor(session_with_people, user=known(session_with_people))
    assert is_in(session_with_people, code_of(KEY))
    require_factor(session_with_people, role="leader", is_required=False)
    remove_factor(session_with_people, user=known(session_with_people))
    assert session_with_people.scalars(select(SecondFactor.user_id)).all() == []
    assert session_with_people.scalars(select(RecoveryCode.id)).all() == []


@pytest.mark.parametrize(
    ("email", "kind", "words"),
    [
        pytest.param(LEADER, Refusal, "has no second factor", id="none"),
        pytest.param("nobody@parallax.test", Missing, "Nobody signs in", id="unknown"),
    ],
)
def test_a_reset_is_refused(session_with_people: Session, email: str, kind: type[Refusal], words: str) -> None:
    with pytest.raises(kind, match=words):
        reset_factor(session_with_people, email=email)


def test_an_unknown_role_is_refused(session_with_people: Session) -> None:
    with pytest.raises(Refusal, match="There is no role"):
        require_factor(session_with_people, role="boss", is_required=True)


def test_lines_of_the_log_hold_no_secrets(session_with_people: Session) -> None:
    codes = set_up(session_with_people)
    is_in(session_with_people, codes[0])
    codes += renew_recovery_codes(session_with_people, user=known(session_with_people), secret=SECRET)
    remove_factor(session_with_people, user=known(session_with_people))
    remove_factor(session_with_people, user=known(session_with_people))
    set_up(session_with_people)
    reset_factor(session_with_people, email=LEADER)
    for is_required in (True, True, False, False):
        require_factor(session_with_people, role="leader", is_required=is_required)
    lines = session_with_people.scalars(
        select(AuditEvent).where(AuditEvent.action.contains("second_factor")).order_by(AuditEvent.id)
    ).all()
    leader = known(session_with_people).id
    assert [(line.action.split(".")[1], line.actor_id) for line in lines] == [
        ("set_up", leader),
        ("recovery_code_used", leader),
        ("codes_renewed", leader),
        ("removed", leader),
        ("set_up", leader),
        ("reset", None),
        ("second_factor_changed", None),
        ("second_factor_changed", None),
    ]
    assert [line.fields for line in lines if line.fields] == [
        {"left": 7},
        {"required": {"before": False, "after": True}},
        {"required": {"before": True, "after": False}},
    ]
    written = json.dumps([[line.object_id, line.fields] for line in lines])
    assert not any(secret in written for secret in (KEY, LEADER, *codes))


@pytest.mark.parametrize("kind", ["app", "recovery"])
def test_of_many_who_send_one_code_at_the_same_time_one_gets_in(application: Flask, kind: str) -> None:
    with changing(application) as session:
        add_people(session)
    recovery = give_factor(application)[0]
    code = code_of(KEY) if kind == "app" else recovery
    start = threading.Barrier(6)
    results: list[bool] = []

    def attempt() -> None:
        start.wait()
        with changing(application) as session:
            results.append(is_in(session, code, secret=str(application.secret_key)))

    threads = [threading.Thread(target=attempt) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == [False] * 5 + [True]
