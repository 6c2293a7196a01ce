"""How letters wait, are claimed and sent, tried again and given up, on real databases with a real mail server."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.retries import MOST_TRIES, STALE
from app.customers.models import Account, Contact
from app.studies.models import Letter
from app.studies.queries.letters import last_letter, letter_by_key
from app.studies.rules.letters import LetterKind, Wording
from app.studies.services.letters import Reader, Ready, claim_letter, note_later, note_sent, queue_letter
from app.studies.tasks import letters
from tests.conftest import Fill
from tests.post_office import PostOffice, open_post_office
from tests.surveys.mailed import with_settings

BASE = "https://parallax.test"
EMAIL = "nora@haskelby.test"


def add_nora(session: Session) -> int:
    account = Account(crm_id="H", name="Haskelby")
    session.add(account)
    session.flush()
    nora = Contact(crm_id="n", account_id=account.id, name="Nora", email=EMAIL)
    session.add(nora)
    session.flush()
    return nora.id


@pytest.fixture
def nora(fill: Fill) -> int:
    found: int = fill(add_nora)
    return found


@pytest.fixture
def office(application: Flask) -> Iterator[PostOffice]:
    with open_post_office() as office:
        with_settings(application, mail_url=office.url)
        yield office


def queue(session: Session, contact_id: int, key: str = "k", kind: LetterKind = LetterKind.NAMES) -> bool:
    return queue_letter(
        session,
        kind=kind,
        key=key,
        reader=Reader(contact_id=contact_id),
        wording=Wording("Hello", "Who else?"),
        base_url=BASE,
        at=now(),
        by=None,
    )


def claim(session: Session, at: datetime) -> Ready | None:
    return claim_letter(session, at=at, secret="s", base_url=BASE)


def test_a_letter_is_queued_once_by_its_key(session: Session, nora: int) -> None:
    assert [queue(session, nora), queue(session, nora), queue(session, nora, "other")] == [True, False, True]
    assert len(set(session.scalars(sa.select(Letter.message_id)))) == 2


def test_the_last_letter_is_of_its_kind_and_reader(session: Session, nora: int) -> None:
    assert last_letter(session, contact_id=nora, kind=LetterKind.NAMES) is None
    for key, kind in {"1": LetterKind.NAMES, "2": LetterKind.NAMES, "3": LetterKind.THANKS}.items():
        queue(session, nora, key, kind)
    assert last_letter(session, contact_id=nora, kind=LetterKind.NAMES) == letter_by_key(session, "2")
    assert last_letter(session, contact_id=0, kind=LetterKind.NAMES) is None


def test_a_claimed_letter_is_nobody_elses_until_the_claim_is_stale(session: Session, nora: int) -> None:
    queue(session, nora)
    at = now()
    first = claim(session, at)
    assert first
    assert claim(session, at + STALE) is None
    later = at + STALE + timedelta(seconds=1)
    second = claim(session, later)
    assert second
    assert (second.id, second.message_id) == (first.id, first.message_id)
    note_sent(session, letter_id=second.id, at=later)
    assert claim(session, later + timedelta(days=1)) is None


def test_a_server_that_is_busy_is_tried_again_and_given_up_in_the_end(session: Session, nora: int) -> None:
    queue(session, nora)
    at = now()
    for _ in range(MOST_TRIES):
        ready = claim(session, at)
        assert ready
        note_later(session, letter_id=ready.id, tries=ready.tries, reason="451 later", at=at)
        session.commit()
        assert claim(session, at) is None
        at += timedelta(days=1)
    letter = letter_by_key(session, "k")
    assert letter
    assert (letter.tries, letter.failed_at is not None, letter.reason) == (8, True, "451 later")
    assert claim(session, at) is None


@pytest.mark.parametrize(("reply", "fate"), [("451 not now", (1, False)), ("550 never", (0, True))])
def test_what_the_server_says_decides(
    session: Session, nora: int, office: PostOffice, reply: str, fate: tuple[int, bool]
) -> None:
    queue(session, nora)
    session.commit()
    office.data = lambda _address: reply
    assert (letters(), letters()) == (0, 0)
    letter = letter_by_key(session, "k")
    assert letter
    assert (letter.tries, letter.failed_at is not None) == fate
    assert (letter.sent_at, letter.reason) == (None, reply)
