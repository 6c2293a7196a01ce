"""The same form eight times at once, and replayed after a restart: one row, the same reply."""

import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from app import create_app
from app.core.database import db
from app.responses.models import Answer, Response, ResponseChange, Submission
from tests.serving import serving
from tests.surveys.asked import GOOD, add_survey, stored, tokens_of

AT_ONCE = 8
CUSTOMERS = 64
FORMS = 10


@pytest.fixture
def addresses(session: Session) -> list[str]:
    """Ten customers' links."""
    tokens = tokens_of(session, add_survey(session, people=FORMS))
    session.commit()
    session.close()
    return [f"/s/{token}" for token in tokens]


def send(application: Flask, address: str, gate: threading.Barrier | None = None) -> tuple[int, str]:
    """Send the same form, together with the others that wait at the gate."""
    if gate:
        gate.wait()
    reply = application.test_client().post(address, data={**GOOD, "form_key": "the-same"})
    return reply.status_code, reply.text


def test_the_same_form_at_once_is_one_row_and_one_reply(
    application: Flask, addresses: list[str], session: Session
) -> None:
    with ThreadPoolExecutor(AT_ONCE) as threads:
        for address in addresses:
            gate = threading.Barrier(AT_ONCE)
            replies = set(threads.map(lambda _: send(application, address, gate), range(AT_ONCE)))  # noqa: B023  (run at once)
            assert len(replies) == 1
            assert next(iter(replies))[0] == 200
    for table, rows in ((Response, 1), (Submission, 1), (ResponseChange, 1), (Answer, len(GOOD))):
        assert session.scalar(sa.select(sa.func.count()).select_from(table)) == rows * FORMS


def test_a_form_replayed_after_a_restart_changes_nothing(
    application: Flask, addresses: list[str], session: Session
) -> None:
    first = send(application, addresses[0])
    restarted = create_app(application.config["SETTINGS"])
    assert send(restarted, addresses[0]) == first
    assert session.scalar(sa.select(sa.func.count()).select_from(Submission)) == 1
    assert stored(session)["recommend"] == 9.0
    with restarted.app_context():
        db.engine.dispose()


def test_sixty_four_customers_who_each_send_eight_times_leave_one_response_each(
    application: Flask, session: Session, database_url: str
) -> None:
    tokens = tokens_of(session, add_survey(session, key="many", people=CUSTOMERS))
    session.commit()
    session.close()
    body = urllib.parse.urlencode({**GOOD, "form_key": "the-same"}).encode()
    with serving(application.config["SETTINGS"].home, database_url) as address:

        def replay(token: str) -> set[int]:
            with ThreadPoolExecutor(AT_ONCE) as threads:
                return set(threads.map(lambda _: posted(f"{address}/s/{token}", body), range(AT_ONCE)))

        with ThreadPoolExecutor(CUSTOMERS) as customers:
            replies = list(customers.map(replay, tokens))
    assert replies == [{200}] * CUSTOMERS
    for table, rows in ((Response, 1), (Submission, 1), (Answer, len(GOOD))):
        assert session.scalar(sa.select(sa.func.count()).select_from(table)) == rows * CUSTOMERS


def posted(address: str, body: bytes) -> int:
    """Send a form and return the status; one that the server was too busy for is sent again, as its page says."""
    for _ in range(20):
        try:
            with urllib.request.urlopen(address, body, timeout=60) as reply:  # noqa: S310  (our own server)
                return int(reply.status)
        except urllib.error.HTTPError as busy:
            if busy.code != 503:
                return busy.code
            time.sleep(1)
    return 503
