"""The same form eight times at once, and replayed after a restart: one row, the same reply."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from app import create_app
from app.core.database import db
from app.responses.models import Answer, Response, ResponseChange, Submission
from tests.surveys.asked import GOOD, add_survey, stored, tokens_of

AT_ONCE = 8
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
