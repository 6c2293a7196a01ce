"""Customers who send surveys while the web server is killed, and what is left in the database afterwards."""

import os
import random
import re
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import urlencode

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from app.core.database import db
from app.customers.models import Contact
from app.questionnaires.models import Question
from app.responses.models import Answer, Response, Submission
from app.studies.models import Respondent
from tests.serving import environment, free_port, start_web
from tests.surveys.asked import add_survey, tokens_of

HEADERS = {"Content-Type": "application/x-www-form-urlencoded"}
SCALES = {"recommend": 10, "satisfaction": 5, "effort": 7, "renewal_intent": 5}
TIMEOUT_SECONDS = 30


@dataclass
class Crowd:
    """Customers at work: what each was promised by an answer of 2xx, and what went wrong on the way."""

    port: int
    tokens: list[str]
    wanted: int
    acknowledged: dict[int, dict[str, str]] = field(default_factory=dict)
    unexpected: list[str] = field(default_factory=list)
    turn: threading.Lock = field(default_factory=threading.Lock)
    following: int = 0

    @property
    def is_done(self) -> bool:
        """Whether enough was acknowledged, or everybody has answered."""
        return len(self.acknowledged) >= self.wanted or self.following >= len(self.tokens)

    def work(self, seed: int) -> None:
        """Take surveys one after another until it is enough; each is sent until it is acknowledged."""
        dice = random.Random(seed)  # noqa: S311  (answers, not secrets)
        while not self.is_done:
            with self.turn:
                number, self.following = self.following, self.following + 1
            if number < len(self.tokens):
                self.take(number, dice)

    def take(self, number: int, dice: random.Random) -> None:
        """Take one survey as a patient customer does: after an error the same form is sent again."""
        answers = {name: str(dice.randint(1, most)) for name, most in SCALES.items()} | {"reason": f"Word {number}"}
        address = f"/s/{self.tokens[number]}"
        page = self.until_answered(lambda: self.asked("GET", address))
        key = re.search(r'name="form_key" value="([^"]+)"', page)
        if key is None:
            self.unexpected.append(page[:500])
            return
        body = urlencode({"form_key": key[1], **answers})
        self.until_answered(lambda: self.asked("POST", address, body))
        with self.turn:
            self.acknowledged[number] = answers

    def until_answered(self, ask: Callable[[], str | None]) -> str:
        """Ask until there is an answer; a server that was killed is back in a moment."""
        while True:
            try:
                page = ask()
            except (OSError, HTTPException):
                page = None
            if page is not None:
                return page
            time.sleep(0.05)

    def asked(self, method: str, address: str, body: str | None = None) -> str | None:
        """Return the page, or None where it has to be asked for again."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT_SECONDS)
        try:
            connection.request(method, address, body, HEADERS if body else {})
            answer = connection.getresponse()
            page = answer.read().decode()
        finally:
            connection.close()
        if answer.status not in {200, 503}:
            self.unexpected.append(f"{method} {answer.status}")
        return page if answer.status == 200 else None


def children_of(pid: int) -> list[int]:
    """Return the web server's workers."""
    return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()]


def kill_everything(process: subprocess.Popen[bytes]) -> None:
    """Kill the web server and its workers at once, as a power cut does."""
    doomed = [process.pid, *children_of(process.pid)]
    for pid in doomed:
        os.kill(pid, signal.SIGKILL)
    process.wait(timeout=10)
    while any(is_alive(pid) for pid in doomed[1:]):
        time.sleep(0.02)


def is_alive(pid: int) -> bool:
    """Whether a process still runs; one that nobody has buried does not."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text(encoding="ascii")
    except (FileNotFoundError, ProcessLookupError):
        return False
    return status.rsplit(")", 1)[1].split()[0] != "Z"


@dataclass(frozen=True)
class Ordeal:
    """How many customers send how many surveys while how many kills happen."""

    clients: int
    kills: int
    wanted: int
    people: int
    between: float


def suffer(application: Flask, home: Path, database_url: str, ordeal: Ordeal) -> tuple[Crowd, list[float]]:
    """Let the crowd work while the server is killed, workers and all by turns; returns the seconds to each recovery."""
    with application.app_context():
        tokens = tokens_of(db.session, add_survey(db.session, people=ordeal.people))
        db.session.commit()
        db.session.close()
    settings = environment(home, database_url, free_port())
    process = start_web(settings)
    crowd = Crowd(int(settings["PORT"]), tokens, ordeal.wanted)
    threads = [threading.Thread(target=crowd.work, args=(seed,)) for seed in range(ordeal.clients)]
    recoveries = []
    try:
        for thread in threads:
            thread.start()
        for number in range(ordeal.kills):
            before = len(crowd.acknowledged)
            time.sleep(ordeal.between)
            wait_for(lambda before=before: len(crowd.acknowledged) > before or crowd.is_done)  # type: ignore[misc]
            started = time.monotonic()
            if number % 2:
                kill_everything(process)
                process = start_web(settings)
            else:
                os.kill(children_of(process.pid)[0], signal.SIGKILL)
            recoveries.append(time.monotonic() - started)
        for thread in threads:
            thread.join()
    finally:
        crowd.wanted = 0
        process.terminate()
        process.wait(timeout=60)
    return crowd, recoveries


def wait_for(is_ready: Callable[[], bool], seconds: float = 120) -> None:
    """Wait until something is so."""
    deadline = time.monotonic() + seconds
    while not is_ready():
        assert time.monotonic() < deadline, "Nothing was acknowledged any more."
        time.sleep(0.05)


def losses(session: Session, crowd: Crowd) -> list[str]:
    """Return what differs between what was acknowledged and what is stored, and what is stored twice."""
    rows = session.execute(
        sa.select(Contact.crm_id, Question.key, Answer.value_number, Answer.value_text)
        .join(Respondent, Respondent.contact_id == Contact.id)
        .join(Response, Response.respondent_id == Respondent.id)
        .join(Answer, sa.and_(Answer.response_id == Response.id, Answer.superseded_at.is_(None)))
        .join(Question, Question.id == Answer.question_id)
    )
    found: dict[str, dict[str, str]] = {}
    for contact, question, number, text in rows:
        said = found.setdefault(contact, {})
        if question in said:
            return [f"{contact} answers {question} twice"]
        said[question] = text if text is not None else f"{number:g}"
    lost = [
        f"{number}: acknowledged {answers}, stored {found.get(f'pulse-{number:05}')}"
        for number, answers in crowd.acknowledged.items()
        if found.get(f"pulse-{number:05}") != answers
    ]
    return lost + doubled(session, Response.respondent_id) + doubled(session, Submission.response_id)


def doubled(session: Session, column: sa.orm.InstrumentedAttribute[int]) -> list[str]:
    """Return what stands in a table more than once that must be there once."""
    twice = sa.select(column).group_by(column).having(sa.func.count() > 1)
    return [f"{column} {value} is there twice" for value in session.scalars(twice)]
