"""An interviewer who types while network, tab, server and sign-in go away at random, and what arrives in the end."""

import os
import random
import signal
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import sqlalchemy as sa
from playwright.sync_api import Browser, BrowserContext, Error, Page
from sqlalchemy.orm import Session

from app.core.clock import now
from app.questionnaires.models import Question
from app.responses.models import Answer, Remark
from app.users.models import SignIn
from tests.faults.kills import kill_everything
from tests.interviews.talks import ANNA, World
from tests.serving import environment, free_port, sign_in_page, start_web

PATIENCE_MS = 60_000
SETTLED = ".iv-page[data-settled]"
LAST = "form[data-question]:last-of-type:not([hidden])"


WEIGHTS = (3, 3, 3, 3, 1, 2, 1, 2)
"""How often each kind of event comes, in the order of `suffer`; a server takes longer to come back than a network."""


@dataclass(frozen=True)
class Ordeal:
    """How many events happen, thrown with which dice."""

    events: int
    seed: int = 5


@dataclass
class Place:
    """A served workspace whose server can be killed and started again."""

    settings: dict[str, str]
    world: World
    process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        """Where the server answers."""
        return f"http://127.0.0.1:{self.settings['PORT']}"

    def start(self) -> None:
        """Start the server unless it runs."""
        if self.process is None:
            self.process = start_web(self.settings)

    def kill(self) -> None:
        """Kill the server, workers and all, as a power cut does."""
        if self.process is not None:
            kill_everything(self.process)
            self.process = None

    def end_sign_ins(self) -> None:
        """End every sign-in, as after hours without use."""
        engine = sa.create_engine(self.settings["PARALLAX_DATABASE_URL"], connect_args={"timeout": 30})
        with engine.begin() as connection:
            connection.execute(sa.update(SignIn).where(SignIn.ended_at.is_(None)).values(ended_at=now()))
        engine.dispose()


@contextmanager
def a_place(home: Path, database_url: str, world: World) -> Iterator[Place]:
    """Serve a workspace that is filled already."""
    place = Place(environment(home, database_url, free_port()), world)
    place.start()
    try:
        yield place
    finally:
        if place.process is not None:
            place.process.terminate()
            place.process.wait(timeout=60)


@dataclass
class Desk:
    """Anna at her interview: the page, and what she typed at each question, in order."""

    context: BrowserContext
    place: Place
    dice: random.Random
    page: Page = field(init=False)
    typed: dict[str, str] = field(default_factory=dict)
    chosen: dict[str, str] = field(default_factory=dict)
    happened: Counter[str] = field(default_factory=Counter)
    is_offline: bool = False

    def __post_init__(self) -> None:
        self.page = self.new_page()
        self.recover()
        self.page.locator(".iv-page[data-copied]").wait_for(timeout=PATIENCE_MS)

    def new_page(self) -> Page:
        """Open a tab that never asks before it is closed."""
        page = self.context.new_page()
        page.on("dialog", lambda dialog: dialog.accept())
        return page

    def type(self, number: int) -> None:
        """Go to a question or stay, write something nobody wrote before, and choose an answer now and then."""
        if self.dice.random() < 0.5:
            links = self.page.locator("a[data-section]")
            links.nth(self.dice.randrange(links.count())).click()
        elif self.dice.random() < 0.5 and not self.page.locator(LAST).count():
            self.page.keyboard.press("Control+Enter")
        form = self.page.locator("form[data-question]:not([hidden])")
        question = form.get_attribute("data-question") or ""
        scale = form.locator(".scale label")
        if scale.count() and self.dice.random() < 0.5:
            choice = scale.nth(self.dice.randrange(scale.count()))
            self.chosen[question] = choice.locator("input").input_value()
            choice.click()
        form.locator("textarea[name=note]").fill(f"Said {number}")
        self.typed[question] = f"Said {number}"

    def offline(self) -> None:
        """Take the network away."""
        self.is_offline = True
        self.context.set_offline(True)

    def online(self) -> None:
        """Give the network back."""
        self.is_offline = False
        self.context.set_offline(False)

    def reload(self) -> None:
        """Load the page again, with or without network."""
        with suppress(Error):
            self.page.reload()
        self.wait_or_recover()

    def kill_tab(self) -> None:
        """Let the tab crash in the midst of whatever it does, and open another."""
        kill_tabs(self.context)
        with suppress(Error):
            self.page.close()
        self.page = self.new_page()
        with suppress(Error):
            self.page.goto(self.guide)
        self.wait_or_recover()

    def kill_server(self) -> None:
        """Kill the server; it comes back a little later."""
        self.place.kill()

    def start_server(self) -> None:
        """Start the server again."""
        self.place.start()

    def expire(self) -> None:
        """End the sign-in."""
        self.place.end_sign_ins()

    def sign_in(self) -> None:
        """Sign in again in another tab, where there is a server to do so, and come back."""
        if self.is_offline or self.place.process is None:
            return
        other = self.new_page()
        sign_in_elsewhere(other, self.place.address)
        other.close()
        self.page.bring_to_front()
        again = self.page.locator("[data-try-again]")
        if again.is_visible():
            again.click()

    @property
    def guide(self) -> str:
        """The address of the interview."""
        return f"{self.place.address}/interviews/{self.place.world.interviews['nora']}"

    def wait_or_recover(self) -> None:
        """Wait for the page; where it cannot open, do what people do: wait for the network and sign in."""
        try:
            self.page.locator(SETTLED).wait_for(timeout=8_000)
        except Error:
            self.happened["could not open"] += 1
            self.recover()

    def recover(self) -> None:
        """Have network and server, sign in where that is asked for, and open the interview."""
        self.online()
        self.place.start()
        self.page.goto(self.guide)
        if "/sign-in" in self.page.url:
            sign_in_page(self.page, self.place.address, ANNA)
            self.page.goto(self.guide)
        self.page.locator(SETTLED).wait_for(timeout=PATIENCE_MS)

    def finish(self) -> None:
        """Bring everything back and wait until all of it is sent."""
        self.online()
        self.place.start()
        self.sign_in()
        self.reload()
        try:
            self.page.locator("[data-save][data-is=saved]").wait_for(timeout=PATIENCE_MS)
        except Error as error:
            raise AssertionError(f"Not sent in the end: {self.page.locator('body').inner_text()}") from error


def sign_in_elsewhere(page: Page, address: str) -> None:
    """Sign in unless the sign-in still holds."""
    page.goto(f"{address}/sign-in")
    if "/sign-in" in page.url:
        sign_in_page(page, address, ANNA)


def kill_tabs(context: BrowserContext) -> None:
    """Kill the process of every tab, as the system does where memory runs out."""
    browser = context.browser
    assert browser is not None
    session = browser.new_browser_cdp_session()
    for process in session.send("SystemInfo.getProcessInfo")["processInfo"]:
        if process["type"] == "renderer":
            with suppress(ProcessLookupError):
                os.kill(process["id"], signal.SIGKILL)
    session.detach()


def suffer(browser: Browser, place: Place, ordeal: Ordeal) -> Desk:
    """Let Anna type while one thing after another happens, and end with everything sent."""
    dice = random.Random(ordeal.seed)  # noqa: S311  (events, not secrets)
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    desk = Desk(context, place, dice)
    events: dict[str, Callable[[], None]] = {
        "offline": desk.offline, "online": desk.online, "reload": desk.reload, "tab killed": desk.kill_tab,
        "server killed": desk.kill_server, "server started": desk.start_server, "session expired": desk.expire,
        "signed in": desk.sign_in,
    }  # fmt: skip
    for number in range(ordeal.events):
        desk.type(number)
        desk.page.wait_for_timeout(dice.choice((0, 0, 0, 300, 1_500)))
        event = dice.choices(list(events), WEIGHTS)[0]
        desk.happened[event] += 1
        events[event]()
    desk.finish()
    context.close()
    return desk


def losses(session: Session, desk: Desk) -> list[str]:
    """Return what differs between what was typed last and what is stored, what is there twice, or out of order."""
    keys: dict[int, str] = {row.id: row.key for row in session.execute(sa.select(Question.id, Question.key))}
    remarks = list(session.scalars(sa.select(Remark).order_by(Remark.recorded_at, Remark.id)))
    notes = {keys[each.question_id]: each.note for each in remarks if each.superseded_at is None}
    answers = {
        keys[each.question_id]: f"{each.value_number:g}"
        for each in session.scalars(sa.select(Answer).where(Answer.superseded_at.is_(None)))
        if each.value_number is not None
    }
    lost = [f"{question}: typed {text}, stored {notes.get(question)}" for question, text in desk.typed.items()]
    lost = [line for line, (question, text) in zip(lost, desk.typed.items(), strict=True) if notes[question] != text]
    lost += [f"{question}: chose {value}" for question, value in desk.chosen.items() if answers.get(question) != value]
    names = Counter(each.save_key for each in remarks)
    lost += [f"{name} is stored {times} times" for name, times in names.items() if times > 1]
    return lost + misplaced([int(each.note.removeprefix("Said ")) for each in remarks if each.note])


def misplaced(said: list[int]) -> list[str]:
    """Return what arrived for the first time after something that was typed later.

    A note arrives again with every answer that is chosen beside it before the note itself is changed.
    """
    return [f"{one} came after {other}" for other, one in pairwise(dict.fromkeys(said)) if one < other]
