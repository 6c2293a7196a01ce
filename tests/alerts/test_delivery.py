"""Alert mails: who gets what, once; what happens when the server will not have it; who gets nothing any more."""

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from app.alerts.models import AlertMail
from app.alerts.rules.words import Unsent
from app.alerts.services.queueing import queue_alerts
from app.alerts.services.subscribing import stop_all_alerts
from app.alerts.tasks import alerts
from app.core.clock import now
from app.health.services import load_scorecard
from app.surveys.services.invitations import Place
from app.users.models import User
from app.users.rules import Role
from app.users.services.second_factors import require_factor
from tests.alerts.test_services import MINE, ONE
from tests.alerts.world import ALL, CARD, HOSTILE, account, add_world, ask, computed, person
from tests.conftest import Fill
from tests.post_office import PostOffice, open_post_office, parts_of
from tests.serving import ROOT, environment
from tests.surveys.mailed import with_settings
from tests.users.people import ADMIN, CSM, LEADER, VIEWER, changing

PLACE = Place("https://gap.test", "a secret for tests only", at_any_hour=True)


@pytest.fixture
def watched(application: Flask, fill: Fill) -> Flask:
    """A workspace with everyone and three accounts, two of them Carl's."""
    fill(add_world)
    with_settings(application, base_url=PLACE.base_url)
    return application


@pytest.fixture
def office(watched: Flask) -> Iterator[PostOffice]:
    with open_post_office() as office:
        with_settings(watched, mail_url=office.url)
        yield office


def moved(application: Flask, *emails: str) -> None:
    """Have these people told of all that they may see, and let health move."""
    with changing(application) as session:
        for email in emails:
            ask(session, email, MINE if email == CSM else ALL)
    with changing(application) as session:
        computed(session, 1, A=(60, 72), B=(40, 60), C=None)


def sent(application: Flask) -> int:
    with application.app_context():
        return alerts()


def fates(application: Flask) -> list[tuple[str, bool, str | None]]:
    with changing(application) as session:
        rows = session.execute(
            sa.select(User.email, AlertMail).join(User, User.id == AlertMail.user_id).order_by(AlertMail.id)
        )
        return [(email, mail.sent_at is not None, mail.reason) for email, mail in rows]


def plain(text: str) -> str:
    return " ".join(text.replace("\u00a0", " ").split())


def test_a_mail_arrives_whole(watched: Flask, office: PostOffice) -> None:
    moved(watched, LEADER)
    assert sent(watched) == 1
    address, mail = office.took[0]
    assert address == LEADER
    assert mail["Subject"] == "Health moved at three accounts: Cedar 90 → – (green → too little signal)"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    parts = parts_of(mail)
    assert list(parts) == ["text/plain", "text/html"]
    text = plain(parts["text/plain"])
    assert "Haskelby, 120 k a year, changed colour: 80 → 63 (green → amber) since 31 March 2026" in text
    assert "Usage gave 15 less (80 → 60), Logins gave 2 less (80 → 72)." in text
    assert "https://gap.test/accounts/C%2F1%20%C3%B8/health" in text
    assert "https://gap.test/accounts/A/health" in text
    assert text.index("Cedar") < text.index("Haskelby") < text.index("& Co")
    for words in parts.values():
        assert mail["List-Unsubscribe"].strip("<>") in words
    assert HOSTILE in parts["text/plain"]
    assert "<script>alert" not in parts["text/html"], "the name of an account is a text"
    assert fates(watched) == [(LEADER, True, None)]
    assert sent(watched) == 0


def test_each_mail_is_cut_to_what_its_reader_may_see(watched: Flask, office: PostOffice) -> None:
    moved(watched, CSM, VIEWER)
    assert sent(watched) == 2
    mails = {address: parts_of(mail)["text/plain"] for address, mail in office.took}
    assert "Cedar" in mails[VIEWER]
    assert "Cedar" not in mails[CSM]
    assert "Haskelby" in mails[CSM]


def test_what_is_told_twice_over_is_one_line(watched: Flask, office: PostOffice) -> None:
    with changing(watched) as session:
        ask(session, LEADER, ONE, about="A")
    moved(watched, LEADER)
    assert sent(watched) == 1
    assert parts_of(office.mails[0])["text/plain"].count("Haskelby") == 1


def test_an_account_alone_is_the_subject(watched: Flask, office: PostOffice) -> None:
    with changing(watched) as session:
        ask(session, LEADER, ONE, about="A")
    moved(watched)
    assert sent(watched) == 1
    assert office.mails[0]["Subject"] == "Haskelby changed colour: 80 → 63 (green → amber)"


def test_another_scorecard_version_says_so(watched: Flask, office: PostOffice) -> None:
    with changing(watched) as session:
        ask(session, LEADER, ONE, about="A")
        measures = [{**each, "weight": 1} for each in CARD["measures"]]  # type: ignore[dict-item]  # They are objects.
        load_scorecard(session, document={**CARD, "measures": measures})
        computed(session, 1, A=(50, 80), B=(60, 60), C=(90, 90))
    assert sent(watched) == 1
    text = plain(parts_of(office.mails[0])["text/plain"])
    assert "Version 2 of the scorecard followed version 1" in text
    assert "Usage gave 15 less (80 → 50)" in text


def shut_out(session: Session) -> None:
    person(session, CSM).active = False


def take_role(session: Session) -> None:
    person(session, CSM).roles = []


def ask_for_factor(session: Session) -> None:
    require_factor(session, role=Role.CSM.value, is_required=True, actor_id=None)


def give_away(session: Session) -> None:
    account(session, "A").csm_email = None
    account(session, "B").csm_email = None


def stop(session: Session) -> None:
    stop_all_alerts(session, user_id=person(session, CSM).id, at=now())


CHANGES: dict[str, tuple[Callable[[Session], None], Unsent]] = {
    "shut out": (shut_out, Unsent.GONE),
    "no role": (take_role, Unsent.NOTHING_LEFT),
    "a second factor is missing": (ask_for_factor, Unsent.NO_FACTOR),
    "the accounts are another's": (give_away, Unsent.NOTHING_LEFT),
    "stopped": (stop, Unsent.ENDED),
}


@pytest.mark.parametrize("change", CHANGES)
def test_who_may_not_see_it_any_more_gets_nothing(watched: Flask, office: PostOffice, change: str) -> None:
    moved(watched, CSM)
    alter, because = CHANGES[change]
    with changing(watched) as session:
        queue_alerts(session, at=now(), place=PLACE)
        alter(session)
    assert sent(watched) == 0
    assert office.took == []
    assert fates(watched) == [(CSM, False, because.value)]


def test_four_workers_at_once_send_each_mail_once(watched: Flask, office: PostOffice) -> None:
    moved(watched, LEADER, ADMIN, CSM, VIEWER)
    with ThreadPoolExecutor(4) as pool:
        went_out = sum(pool.map(lambda _n: sent(watched), range(4)))
    assert went_out + sent(watched) == 4
    assert sorted(address for address, _ in office.took) == sorted([LEADER, ADMIN, CSM, VIEWER])


def test_a_refusal_for_now_is_tried_again_later_as_the_same_mail(watched: Flask, office: PostOffice) -> None:
    moved(watched, LEADER)
    office.recipient = lambda _address: "451 4.7.1 greylisted, come back"
    assert sent(watched) == 0
    with changing(watched) as session:
        mail = session.scalars(sa.select(AlertMail)).one()
        assert (mail.tries, mail.claimed_at, mail.reason) == (1, None, "451 4.7.1 greylisted, come back")
        assert mail.due_at > now() + timedelta(minutes=4)
        first = mail.message_id
        mail.due_at = now()
    office.recipient = lambda _address: None
    assert sent(watched) == 1
    assert office.mails[0]["Message-ID"] == first


@pytest.mark.parametrize(("reply", "tries"), [("550 5.1.1 nobody here", 0), ("451 4.7.1 greylisted", 7)])
def test_what_is_refused_for_good_or_too_often_is_given_up(
    watched: Flask, office: PostOffice, reply: str, tries: int
) -> None:
    moved(watched, LEADER)
    with changing(watched) as session:
        queue_alerts(session, at=now(), place=PLACE)
        session.execute(sa.update(AlertMail).values(tries=tries))
    office.recipient = lambda _address: reply
    assert sent(watched) == 0
    office.recipient = lambda _address: None
    assert sent(watched) == 0
    assert fates(watched) == [(LEADER, False, reply)]


WORKER = """
from app import create_app
from app.core.config import read_settings
from app.alerts.tasks import alerts
with create_app(read_settings()).app_context():
    alerts()
"""


def test_a_worker_that_dies_between_sending_and_noting_sends_the_same_mail_again(
    watched: Flask, office: PostOffice, database_url: str, tmp_path: Path
) -> None:
    moved(watched, LEADER)
    settings = environment(tmp_path / "home", database_url, 80)
    settings |= {"PARALLAX_MAIL_URL": office.url, "PARALLAX_MAIL_HOURS": "any"}
    worker = subprocess.Popen([sys.executable, "-c", WORKER], cwd=ROOT, env=settings)

    def die(_address: str) -> None:
        worker.kill()
        worker.wait(timeout=30)

    office.data = die
    assert worker.wait(timeout=120) == -signal.SIGKILL
    office.data = lambda _address: None
    assert sent(watched) == 0, "the claim holds for as long as a server may be silent"
    with changing(watched) as session:
        session.execute(sa.update(AlertMail).values(claimed_at=now() - timedelta(minutes=3)))
    assert sent(watched) == 1
    assert sent(watched) == 0
    assert len(office.mails) == 2
    assert len({mail["Message-ID"] for mail in office.mails}) == 1


def test_mails_arrive_in_working_hours(watched: Flask) -> None:
    moved(watched, LEADER)
    with changing(watched) as session:
        queue_alerts(session, at=now(), place=Place(PLACE.base_url, PLACE.secret))
        due_at = session.scalars(sa.select(AlertMail.due_at)).one()
    assert due_at.weekday() < 5
    assert 9 <= due_at.hour < 17
