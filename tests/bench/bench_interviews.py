"""Saving an answer of an interview as it is typed, and 200 interviews at once, against the barest Flask application."""

import json
import os
import random
import sqlite3
import statistics
import sys
import threading
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlencode

import sqlalchemy as sa
from playwright.sync_api import Page
from sqlalchemy.orm import Session

from app import create_app
from app.core.database import db
from app.core.migrations import upgrade_schema
from app.customers.models import Account
from app.interviews.models import Interview
from app.studies.models import Study
from tests.bench.bench_survey import TOOLS, prepare_bare, served
from tests.conftest import settings_for
from tests.faults.kills import children_of
from tests.interviews.talks import ANNA, add_person, add_world
from tests.serving import ROOT, chromium, environment, free_port, serving, sign_in_page
from tests.users.people import PASSWORD, token_in

AT_ONCE = 200
SECONDS = int(os.environ.get("SECONDS", "30"))
BETWEEN_SAVES = 5.0
BETWEEN_LOOKS = 4.0
PAUSES = 30
KEY_MS = 30
SAVES = int(os.environ.get("SAVES", "400"))
FORM = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}


@dataclass
class Browser:
    """A signed-in interviewer: cookie and token."""

    port: int
    cookie: str = ""
    token: str = ""

    def sign_in(self) -> None:
        """Sign in through the form, and read the token of the new session."""
        page = self.asked("GET", "/sign-in")
        body = urlencode({"csrf_token": token_in(page), "email": ANNA, "password": PASSWORD, "next": "/"})
        self.asked("POST", "/sign-in", body)
        self.token = token_in(self.asked("GET", "/password"))

    def asked(self, method: str, address: str, body: str | None = None, headers: dict[str, str] | None = None) -> str:
        """Return what an address answers, by a new connection, as a proxy asks."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, address, body, {**FORM, "Cookie": self.cookie, **(headers or {})})
            answer = connection.getresponse()
            text = answer.read().decode()
        finally:
            connection.close()
        assert answer.status < 400, (address, answer.status, text[:300])
        for name, value in answer.getheaders():
            if name == "Set-Cookie":
                self.cookie = value.split(";")[0]
        return text

    def save(self, interview: int, revision: int, text: str) -> None:
        """Send what was typed at a question, as the page does."""
        name = f"{interview:08x}{revision:08x}"
        fields = {"revision": revision, "save_key": name, "value": text, "note": f"Note {text}"}
        address = f"/interviews/{interview}/items/reason"
        self.asked("POST", address, urlencode(fields), {"X-CSRFToken": self.token})


@dataclass
class Times:
    """How long answers took, in seconds."""

    saves: list[float] = field(default_factory=list)
    looks: list[float] = field(default_factory=list)
    refused: int = 0


def workspace(home: Path) -> list[int]:
    """A workspace with so many interviews of Anna's; their ids."""
    application = create_app(settings_for(home, f"sqlite:///{home / 'parallax.db'}"))
    upgrade_schema(application)
    with application.app_context():
        ids = add_interviews(db.session)
        db.session.commit()
        db.engine.dispose()
    return ids


def add_interviews(session: Session) -> list[int]:
    """Give Anna so many people to talk to."""
    world = add_world(session)
    study, account = session.get_one(Study, world.study), session.scalars(sa.select(Account)).first()
    assert account is not None
    people = [add_person(session, study, f"Person {number}", account=account) for number in range(AT_ONCE + 1)]
    held = [Interview(respondent_id=person.id, interviewer_id=world.people[ANNA]) for person in people]
    session.add_all(held)
    session.flush()
    return [interview.id for interview in held]


def hold(browser: Browser, interview: int, until: float, times: Times) -> None:
    """Hold one interview: save after each pause in the typing, and look what the other one wrote."""
    dice = random.Random(interview)  # noqa: S311  (pauses, not secrets)
    save_at = time.monotonic() + dice.random() * BETWEEN_SAVES
    look_at = time.monotonic() + dice.random() * BETWEEN_LOOKS
    revision, since = 0, ""
    while (due := min(save_at, look_at)) < until:
        time.sleep(max(0.0, due - time.monotonic()))
        started = time.monotonic()
        if due == save_at:
            try:
                browser.save(interview, revision, f"Said {revision}")
                revision += 1
            except AssertionError:
                times.refused += 1
            times.saves.append(time.monotonic() - started)
            save_at += BETWEEN_SAVES
        else:
            told = browser.asked("GET", f"/interviews/{interview}/changes.json?{urlencode({'since': since})}")
            times.looks.append(time.monotonic() - started)
            since, look_at = json.loads(told)["since"] if told else since, look_at + BETWEEN_LOOKS


def at_once(browser: Browser, interviews: list[int]) -> Times:
    """Hold all interviews at the same time."""
    times, until = Times(), time.monotonic() + SECONDS
    held = [threading.Thread(target=hold, args=(browser, each, until, times)) for each in interviews]
    for thread in held:
        thread.start()
    for thread in held:
        thread.join()
    return times


def cpu_seconds(pid: int) -> float:
    """Return the processor time of a web server and its workers so far."""
    ticks = 0
    for each in (pid, *children_of(pid)):
        fields = Path(f"/proc/{each}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def cpu_each(pid: int, act: Callable[[int], object]) -> float:
    """Return the milliseconds of processor time of the server for each of many requests, one after another."""
    for number in range(50):
        act(number)
    before = cpu_seconds(pid)
    for number in range(50, 50 + SAVES):
        act(number)
    return (cpu_seconds(pid) - before) / SAVES * 1000


def percentile(seconds: list[float], share: float) -> float:
    """Return a percentile in milliseconds."""
    return statistics.quantiles(seconds, n=100)[round(share * 100) - 1] * 1000


def until_stored(home: Path) -> list[float]:
    """Type in a real browser, and return the seconds from the last key to the row in the database, each time."""
    url = f"sqlite:///{home / 'parallax.db'}"
    interview = workspace(home)[0]
    with serving(home, url) as address, chromium() as browser, closing(sqlite3.connect(home / "parallax.db")) as stored:
        page = browser.new_page()
        sign_in_page(page, address, ANNA)
        page.goto(f"{address}/interviews/{interview}?q=reason")
        page.locator(".iv-page[data-settled]").wait_for()
        note = page.locator("form:not([hidden]) [name=note]")
        note.focus()
        return [seconds_to_row(page, stored, f"They said it {number} times.") for number in range(PAUSES)]


def seconds_to_row(page: Page, stored: sqlite3.Connection, words: str) -> float:
    """Type some words at the speed of a hand, and wait for the row that ends with them."""
    page.keyboard.type(f" {words}", delay=KEY_MS)
    ended = time.monotonic()
    while not stored.execute("select 1 from remark where note like ?", (f"%{words}",)).fetchone():
        assert time.monotonic() - ended < 60, f"Never stored: {words}"
        time.sleep(0.005)
    return time.monotonic() - ended


def print_until_stored() -> None:
    """Print how long it takes from the end of typing until what was typed is on the server."""
    with TemporaryDirectory() as folder:
        took = until_stored(Path(folder))
    sys.stdout.write(
        f"from the last key to the row, {len(took)} times in a browser: median {statistics.median(took):.2f} s, "
        f"p95 {percentile(took, 0.95) / 1000:.2f} s, max {max(took):.2f} s (at most 2)\n"
    )


def main() -> None:
    """Print the processor time of a save beside that of a bare one, and how long 200 interviews at once wait."""
    print_until_stored()
    if not (TOOLS / "limit_app.py").is_file():
        sys.stdout.write("left out: ../shared/tools with the bare application is not on this machine\n")
        return
    with TemporaryDirectory() as folder:
        home = Path(folder)
        *interviews, alone = workspace(home)
        ours = environment(home, f"sqlite:///{home / 'parallax.db'}", free_port())
        with served("wsgi:app", ours, "/healthz") as (_, pid):
            browser = Browser(int(ours["PORT"]))
            browser.sign_in()
            mine = cpu_each(pid, lambda number: browser.save(alone, number, f"Said {number}"))
            look = cpu_each(pid, lambda _: browser.asked("GET", f"/interviews/{interviews[0]}/changes.json?since="))
            times = at_once(browser, interviews)
        prepare_bare(home / "limit.db")
        kept = {key: value for key, value in os.environ.items() if not key.startswith("PARALLAX_")}
        bare = kept | {
            "PYTHONPATH": f"{TOOLS}{os.pathsep}{ROOT}",
            "LIMIT_DB": str(home / "limit.db"),
            "PORT": str(free_port()),
        }
        with served("limit_app:app", bare, "/hello") as (_, pid):
            other = Browser(int(bare["PORT"]))
            theirs = cpu_each(pid, lambda number: other.asked("POST", "/", urlencode({"value": f"Said {number}"})))
    ratio, saves, looks = mine / theirs, times.saves, times.looks
    sys.stdout.write(
        f"a save: {mine:.1f} ms of CPU (at most 5), a look for what the other wrote {look:.1f} ms; "
        f"bare: {theirs:.1f} ms, ratio {ratio:.1f}\n"
        f"{AT_ONCE} interviews at once for {SECONDS} s: {len(saves):,} saves, "
        f"{times.refused} refused, p50 {percentile(saves, 0.5):.0f} ms, "
        f"p95 {percentile(saves, 0.95):.0f} ms (at most 300); {len(looks):,} looks, "
        f"p95 {percentile(looks, 0.95):.0f} ms\n"
    )


if __name__ == "__main__":
    main()
