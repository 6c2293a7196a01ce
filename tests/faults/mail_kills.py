"""Invitations that go out while the worker is killed and the mail server refuses, hangs and drops; and who got them."""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa
from flask import Flask

from app.core.database import db
from app.surveys.services.invitations import Place, queue_invitations
from tests.post_office import PostOffice, open_post_office
from tests.serving import ROOT, environment, free_port
from tests.surveys.asked import BASE, SECRET, add_survey

HANG_SECONDS = 7.0
SERVER_TIMEOUT = 5
PATIENCE_SECONDS = 300


@dataclass(frozen=True)
class Ordeal:
    """How many mails go out while how many kills happen."""

    mails: int
    kills: int


@dataclass
class Trouble:
    """A mail server's moods, thrown with dice, and how often it had which."""

    dice: random.Random = field(default_factory=lambda: random.Random(7))  # noqa: S311  (moods, not secrets)
    told: Counter[str] = field(default_factory=Counter)

    def recipient(self, _address: str) -> str | None:
        """Say yes to most, and else something else."""
        return self._mood({"451 4.3.0 try again later": 0.05, "drop": 0.04, "hang": 0.005})

    def data(self, _address: str) -> str | None:
        """Take most mails, refuse some for now, and lose the line after taking some."""
        return self._mood({"452 4.3.1 no room at the moment": 0.03, "drop": 0.02}, prefix="taken and ")

    def _mood(self, moods: dict[str, float], prefix: str = "") -> str | None:
        thrown = self.dice.random()
        for mood, share in moods.items():
            thrown -= share
            if thrown < 0:
                self.told[prefix + mood] += 1
                return mood
        return None


@dataclass(frozen=True)
class Result:
    """What came of an ordeal."""

    missing: list[str]
    doubles: int
    in_flight: int
    other_ids: list[str]
    told: Counter[str]
    kills: int


def suffer(application: Flask, home: Path, database_url: str, ordeal: Ordeal) -> Result:
    """Queue the mails, kill the worker again and again, then let time pass until all are out."""
    with application.app_context():
        study = add_survey(db.session, people=ordeal.mails)
        place = Place(BASE, SECRET, at_any_hour=True)
        queued = queue_invitations(db.session, study=study, at=datetime.now(UTC), place=place)
        db.session.commit()
        assert queued.mails == ordeal.mails
    trouble = Trouble()
    with open_post_office() as office:
        office.recipient, office.data, office.hang_seconds = trouble.recipient, trouble.data, HANG_SECONDS
        settings = environment(home, database_url, free_port()) | {
            "PARALLAX_MAIL_URL": f"smtp://127.0.0.1:{office.port}?timeout={SERVER_TIMEOUT}",
            "PARALLAX_MAIL_HOURS": "any",
        }
        kills = killed_workers(application, office, settings, ordeal)
        drain(application, settings)
        return result_of(office, trouble, ordeal, kills)


def killed_workers(application: Flask, office: PostOffice, settings: dict[str, str], ordeal: Ordeal) -> int:
    """Start a worker and kill it in the midst of its work, as often as asked for; then let time pass."""
    for number in range(ordeal.kills):
        wanted = (number + 1) * ordeal.mails // (ordeal.kills + 2)
        with a_worker(settings) as process:
            wait_for(office, wanted)
            os.kill(process.pid, signal.SIGKILL)
            process.wait(timeout=30)
        let_time_pass(application)
    return ordeal.kills


@contextmanager
def a_worker(settings: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """Run a worker as people run it."""
    flask = Path(sys.executable).with_name("flask")
    process = subprocess.Popen(
        [flask, "worker"], cwd=ROOT, env=settings, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait(timeout=30)


def wait_for(office: PostOffice, wanted: int) -> None:
    """Wait until the server took so many mails."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while len(office.took) < wanted:
        assert time.monotonic() < deadline, f"Only {len(office.took)} of {wanted} mails went out."
        time.sleep(0.005)


def let_time_pass(application: Flask) -> int:
    """Let pauses and claims run out, as they do by themselves within minutes and hours; returns how many mails wait.

    Nobody works meanwhile, so that no claim of a living worker is taken away.
    """
    waits = "sent_at IS NULL AND failed_at IS NULL AND cancelled_at IS NULL"
    past = datetime(2020, 1, 1, tzinfo=UTC).replace(tzinfo=None).isoformat(sep=" ")
    with application.app_context():
        db.session.execute(sa.text(f"UPDATE invitation SET due_at = '{past}', tries = 0 WHERE {waits} AND tries > 0"))
        db.session.execute(
            sa.text(f"UPDATE invitation SET claimed_at = '{past}' WHERE {waits} AND claimed_at > '{past}'")
        )
        left = db.session.execute(sa.text(f"SELECT count(*) FROM invitation WHERE {waits}")).scalar_one()
        db.session.commit()
    return int(left)


def drain(application: Flask, settings: dict[str, str]) -> None:
    """Send by command until nothing waits."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while let_time_pass(application):
        assert time.monotonic() < deadline, "Some mails never went out."
        flask = Path(sys.executable).with_name("flask")
        subprocess.run([flask, "mail", "send"], cwd=ROOT, env=settings, capture_output=True, check=False)


def result_of(office: PostOffice, trouble: Trouble, ordeal: Ordeal, kills: int) -> Result:
    """Compare what the server took with what was to be sent."""
    got: dict[str, list[str]] = defaultdict(list)
    for address, mail in office.took:
        got[address].append(str(mail["Message-ID"]))
    return Result(
        missing=[address for each in range(ordeal.mails) if (address := f"dalia{each}@acme.test") not in got],
        doubles=sum(len(ids) - 1 for ids in got.values()),
        in_flight=kills + trouble.told["taken and drop"],
        other_ids=[address for address, ids in got.items() if len(set(ids)) > 1],
        told=trouble.told,
        kills=kills,
    )
