"""Reports by mail while a mail server refuses, is silent, or a worker dies: no mail is lost, and none is made anew."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from app.core.clock import now
from app.reports.delivering import queue_due
from app.reports.models import ReportMail
from tests.conftest import Fill
from tests.post_office import PostOffice, open_post_office
from tests.reports.delivered import (
    PLACE,
    fates,
    ordered,
    sent,
)
from tests.reports.studies import add_alices_study
from tests.serving import ROOT, environment
from tests.surveys.mailed import with_settings
from tests.users.people import LEADER, changing


@pytest.fixture
def scored(application: Flask, fill: Fill) -> Flask:
    """A workspace with everyone, and Alice's study, scored; two of its accounts are Carl's."""
    fill(add_alices_study)
    with_settings(application, base_url=PLACE.base_url)
    return application


@pytest.fixture
def office(scored: Flask) -> Iterator[PostOffice]:
    with open_post_office() as office:
        with_settings(scored, mail_url=office.url)
        yield office


def test_a_refusal_for_now_is_tried_again_later_as_the_same_mail(scored: Flask, office: PostOffice) -> None:
    ordered(scored, LEADER)
    office.recipient = lambda _address: "451 4.7.1 greylisted, come back"
    assert sent(scored) == 0
    with changing(scored) as session:
        mail = session.scalars(sa.select(ReportMail)).one()
        assert (mail.tries, mail.claimed_at, mail.reason) == (1, None, "451 4.7.1 greylisted, come back")
        assert mail.due_at > now() + timedelta(minutes=4)
        first = mail.message_id
        mail.due_at = now()
    office.recipient = lambda _address: None
    assert sent(scored) == 1
    assert office.mails[0]["Message-ID"] == first


@pytest.mark.parametrize(("reply", "tries"), [("550 5.1.1 nobody here", 0), ("451 4.7.1 greylisted", 7)])
def test_what_is_refused_for_good_or_too_often_is_given_up(
    scored: Flask, office: PostOffice, reply: str, tries: int
) -> None:
    ordered(scored, LEADER)
    with changing(scored) as session:
        queue_due(session, at=now(), place=PLACE)
        session.execute(sa.update(ReportMail).values(tries=tries))
    office.recipient = lambda _address: reply
    assert sent(scored) == 0
    with changing(scored) as session:
        mail = session.scalars(sa.select(ReportMail)).one()
        assert mail.failed_at is not None
        assert mail.reason == reply
    office.recipient = lambda _address: None
    assert sent(scored) == 0


def test_a_server_that_does_not_answer_loses_no_mail(scored: Flask) -> None:
    ordered(scored, LEADER)
    with_settings(scored, mail_url="smtp://127.0.0.1:9")
    assert sent(scored) == 0
    assert fates(scored) == [(LEADER, False, None)]
    with open_post_office() as office:
        with_settings(scored, mail_url=office.url)
        assert sent(scored) == 1


WORKER = """
from app import create_app
from app.core.config import read_settings
from app.reports.tasks import delivery
with create_app(read_settings()).app_context():
    delivery()
"""


def test_a_worker_that_dies_between_sending_and_noting_sends_the_same_mail_again(
    scored: Flask, office: PostOffice, database_url: str, tmp_path: Path
) -> None:
    ordered(scored, LEADER)
    settings = environment(tmp_path / "home", database_url, 80)
    settings |= {"PARALLAX_MAIL_URL": office.url, "PARALLAX_MAIL_HOURS": "any"}
    worker = subprocess.Popen([sys.executable, "-c", WORKER], cwd=ROOT, env=settings)

    def die(_address: str) -> None:
        worker.kill()
        worker.wait(timeout=30)

    office.data = die
    assert worker.wait(timeout=120) == -signal.SIGKILL
    office.data = lambda _address: None
    assert sent(scored) == 0, "the claim holds for as long as a server may be silent"
    assert fates(scored) == [(LEADER, False, None)]
    with changing(scored) as session:
        session.execute(sa.update(ReportMail).values(claimed_at=now() - timedelta(minutes=3)))
    assert sent(scored) == 1
    assert sent(scored) == 0
    assert len(office.mails) == 2
    assert len({mail["Message-ID"] for mail in office.mails}) == 1
