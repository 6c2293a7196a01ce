"""One interview from its plan to its brief, in a real browser: every act after the other, on one workspace."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from io import BytesIO
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from flask import Flask
from icalendar import Calendar
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pypdf import PdfReader
from sqlalchemy.orm import Session

from app.actions.models import Action
from app.interviews.models import Interview
from app.interviews.tasks import appointments
from app.questionnaires.models import Question
from app.responses.models import Answer, Remark, Response
from app.studies.models import CallAttempt
from tests.conftest import Fill, InBrowser
from tests.faults.outages import misplaced
from tests.interviews.planned import ZONE, contact_of, soon
from tests.interviews.talks import BEN, World, add_world
from tests.interviews.test_journeys import ENTRIES, Place, opened, saved, served, shown, signed_in
from tests.interviews.test_offline import copied, says
from tests.post_office import PostOffice, open_post_office, parts_of
from tests.serving import axe_findings
from tests.surveys.mailed import with_settings
from tests.users.people import LEADER, changing

VIEW = "form.iv-q:not([hidden])"
PHONE = {"width": 390, "height": 844}
FIRST, SECOND = soon(3, 10), soon(4, 14)
PROMISED = "Send the list of prices"
QUOTED = "The close takes three days now"
SAID = (QUOTED, PROMISED, "The close is faster.", "Written on the phone.", "by link", "9 of 10")
"""What the brief holds: notes are the interviewer's own."""
ANNAS, BENS = "They want the audit file", "The audit file, by March"


def add_planned(session: Session) -> World:
    """Add Alice's study by `interview-360`; Nora can be reached, and nobody was chosen to interview her."""
    world = add_world(session, questionnaire="interview-360")
    session.delete(session.get_one(Interview, world.interviews.pop("nora")))
    nora = contact_of(session, world.respondents["nora"])
    nora.email, nora.phone, nora.timezone = "nora@acme.test", "+49 30 1234", ZONE
    session.flush()
    return world


@dataclass
class Story:
    """What the acts hand on: the workspace, who is signed in where, and what is wrong with the pages they passed."""

    application: Flask
    place: Place
    office: PostOffice
    findings: list[str] = field(default_factory=list)
    anna: BrowserContext = field(init=False, repr=False)
    rest: str = ""

    def look(self, page: Page) -> None:
        """Note what axe finds on a page."""
        self.findings += [f"{page.url}: {each}" for each in axe_findings(page)]


@pytest.fixture
def story(application: Flask, database_url: str, fill: Fill) -> Iterator[Story]:
    """The product, served, with a mail server beside it."""
    with open_post_office() as office:
        serving = served(application, database_url, fill(add_planned))
        place = next(serving)
        with_settings(application, mail_url=office.url, base_url=place.address)
        yield Story(application, place, office)
        next(serving, None)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_from_the_plan_to_the_brief(story: Story, in_browser: InBrowser) -> None:
    in_browser(lambda browser: assign(browser, story))
    assigned(story)
    in_browser(lambda _browser: agree(story))
    send_mails(story)
    in_browser(lambda _browser: move(story))
    send_mails(story)
    invited_and_moved(story.office.mails)
    in_browser(lambda _browser: call(story))
    called(story)
    in_browser(lambda _browser: ask_through_an_outage(story))
    arrived_once_and_in_order(story)
    in_browser(lambda browser: write_together(browser, story))
    in_browser(lambda _browser: hand_over(story))
    in_browser(lambda browser: answer_on_a_phone(browser, story))
    each_answer_keeps_its_mode(story)
    paper = in_browser(lambda _browser: read_the_brief(story))
    holds_what_was_said(paper)
    assert story.findings == []


def assign(browser: Browser, story: Story) -> None:
    """Alice gives Nora to Anna, and Anna signs in."""
    alice = signed_in(browser, story.place, LEADER)
    page = alice.new_page()
    page.goto(f"{story.place.address}/studies/talks/interviews")
    page.get_by_label("Interviewer of Nora").select_option("Anna Asker")
    page.get_by_role("button", name="Assign as chosen").click()
    expect(page.locator(".toast")).to_contain_text("1 assigned")
    alice.close()
    story.anna = signed_in(browser, story.place)


def assigned(story: Story) -> None:
    """From here on the interview has an address."""
    world = story.place.world
    with changing(story.application) as session:
        of_nora = sa.select(Interview.id).where(Interview.respondent_id == world.respondents["nora"])
        world.interviews["nora"] = session.scalars(of_nora).one()


def agree(story: Story) -> None:
    """Anna agrees on a time by Nora's clock."""
    page = story.anna.new_page()
    page.goto(f"{story.place.address}/interviews")
    page.get_by_role("link", name="Nora").click()
    page.get_by_role("link", name="Appointment").click()
    expect(page.get_by_label("Their time zone")).to_have_value(ZONE)
    set_time(page, FIRST)
    page.get_by_role("button", name="Agree on it and send the invitation").click()
    expect(page.get_by_role("heading", name="You meet Nora by phone")).to_be_visible()
    page.close()


def move(story: Story) -> None:
    """Anna moves the appointment by a day."""
    page = story.anna.new_page()
    page.goto(f"{story.place.guide}/appointment")
    expect(page.locator("#main")).to_contain_text("Invitation")
    set_time(page, SECOND)
    page.get_by_role("button", name="Change it and send the change").click()
    expect(page.locator("#main")).to_contain_text("Changed")
    page.close()


def set_time(page: Page, at: datetime) -> None:
    """Fill in a day and a time, as the clock on Nora's wall shows it."""
    local = at.astimezone(ZoneInfo(ZONE))
    page.get_by_label("Day", exact=True).fill(f"{local:%Y-%m-%d}")
    page.get_by_label("Time, by their clock").fill(f"{local:%H:%M}")


def send_mails(story: Story) -> None:
    """Let the worker do what is due."""
    with story.application.app_context():
        assert appointments() == 1


def invited_and_moved(mails: list[EmailMessage]) -> None:
    """The calendar hears of one appointment that has moved, and who has no calendar reads the same."""
    first, second = (text_entry(mail) for mail in mails)
    events = [Calendar.from_ical(entry).walk("VEVENT")[0] for entry in (first, second)]
    assert [event["DTSTART"].dt for event in events] == [FIRST, SECOND]
    assert len({str(event["UID"]) for event in events}) == 1
    assert [int(event["SEQUENCE"]) for event in events] == [0, 1]
    for entry, number, at in ((first, 0, FIRST), (second, 1, SECOND)):
        lines = unfolded(entry)
        assert {"METHOD:REQUEST", f"UID:{events[0]['UID']}", f"SEQUENCE:{number}"} <= set(lines)
        assert f"DTSTART:{at:%Y%m%dT%H%M%SZ}" in lines
    local = SECOND.astimezone(ZoneInfo(ZONE))
    text = parts_of(mails[1])["text/plain"]
    assert f"{local:%A}, {local.day} {local:%B %Y}, {local:%H:%M}" in text
    assert "Before, no longer valid" in text


def text_entry(mail: EmailMessage) -> str:
    """Return the calendar's part of a mail as it came, which keeps to the form that old calendars insist on."""
    part = next(part for part in mail.walk() if part.get_content_type() == "text/calendar")
    raw = part.get_payload(decode=True)
    assert isinstance(raw, bytes)
    assert raw.count(b"\n") == raw.count(b"\r\n") == raw.count(b"\r")
    assert max(map(len, raw.split(b"\r\n"))) <= 75
    assert part.get_param("method") == "REQUEST"
    return raw.decode()


def unfolded(entry: str) -> list[str]:
    """Return the lines of a calendar's entry, each whole."""
    return entry.replace("\r\n ", "").split("\r\n")


def call(story: Story) -> None:
    """Anna calls in vain, leaves a message, and is asked to call back."""
    page = story.anna.new_page()
    page.goto(f"{story.place.guide}/call")
    expect(page.get_by_role("heading", name="An appointment stands")).to_be_visible()
    for outcome, note in (("No answer", ""), ("Voicemail, message left", ""), ("Asked to be called back", "at noon")):
        page.get_by_label(outcome).check()
        page.get_by_label("Note", exact=True).fill(note)
        page.get_by_role("button", name="Enter it").click()
        expect(page.locator(".toast")).to_contain_text(f"Entered: {outcome}.")
    told = page.locator("#main")
    expect(told.get_by_role("heading", name="3 calls so far")).to_be_visible()
    for words in ("No answer AAPOR", "Voicemail, message left AAPOR", "Asked to be called back AAPOR", "at noon"):
        expect(told).to_contain_text(words)
    page.get_by_role("link", name="They have time now: open the guide").click()
    page.locator(".iv-page[data-settled]").wait_for()
    page.close()


def called(story: Story) -> None:
    """The attempts are on record, oldest first."""
    with changing(story.application) as session:
        outcomes = session.scalars(sa.select(CallAttempt.outcome).order_by(CallAttempt.id)).all()
    assert outcomes == ["no_answer", "voicemail_left", "call_back"]


def ask_through_an_outage(story: Story) -> None:
    """Anna asks the first four sections; in the second the network goes away, in the third it comes back."""
    page = copied(story.anna, story.place, "quote_permission")
    ask(page, "quote_permission", "3", "Said 0")
    ask(page, "recommend", "9", "Said 1")
    saved(page)
    story.anna.set_offline(True)
    ask(page, "reason", "The close is faster.", "Said 2")
    says(page, "Saved on this device, not yet sent")
    ask(page, "satisfaction", "4", "Said 3")
    shown(page, "quote").fill(QUOTED)
    page.locator(f"{VIEW} .seg label").filter(has_text="Named").click()
    ask(page, "satisfaction_story", "The migration went well.", "Said 4")
    ask(page, "goals", "Fewer spreadsheets.", "Said 5")
    says(page, "not yet sent (4)")
    story.anna.set_offline(False)
    saved(page)
    number = 6
    while page.locator(VIEW).get_attribute("data-section") != "product":
        name = page.locator(VIEW).get_attribute("data-question") or ""
        is_text = page.locator(VIEW).get_attribute("data-shape") == "text"
        ask(page, name, "Every month end." if is_text else "4", f"Said {number}")
        number += 1
    promise(page)
    saved(page)
    assert page.evaluate(ENTRIES) == 0
    page.close()


def ask(page: Page, question: str, answer: str, note: str) -> None:
    """Ask what is in view: a digit chooses, words are typed; then go on."""
    expect(page.locator(VIEW)).to_have_attribute("data-question", question)
    if page.locator(VIEW).get_attribute("data-shape") == "text":
        shown(page, "value").fill(answer)
    else:
        page.keyboard.press(answer)
    shown(page, "note").fill(note)
    page.keyboard.press("Control+Enter")


def promise(page: Page) -> None:
    """Anna promises something."""
    page.get_by_text("Add a follow-up").click()
    page.get_by_label("What is to be done?").fill(PROMISED)
    page.get_by_label("Until when?").fill(f"{SECOND:%Y-%m-%d}")
    page.get_by_label("Promised to the customer").check()
    page.get_by_role("button", name="Add it").click()
    expect(page.get_by_text(f"Added: {PROMISED}")).to_be_visible()


def arrived_once_and_in_order(story: Story) -> None:
    """Nothing of what was typed is missing, there twice, or before what was typed earlier."""
    with changing(story.application) as session:
        rows = session.scalars(sa.select(Remark).order_by(Remark.recorded_at, Remark.id)).all()
        said = [int(row.note.removeprefix("Said ")) for row in rows if row.note]
        names = Counter(row.save_key for row in rows)
        standing = [row.note for row in rows if row.superseded_at is None]
    assert misplaced(said) == []
    assert sorted(set(said)) == list(range(20))
    assert sorted(standing, key=str) == sorted({f"Said {each}" for each in said})
    assert set(names.values()) == {1}


def write_together(browser: Browser, story: Story) -> None:
    """Ben takes notes: what he writes elsewhere is merged, and where both wrote, one of them decides."""
    let_ben_take_notes(story)
    bens = signed_in(browser, story.place, BEN)
    anna, ben = opened(story.anna, story.place, "product_sentiment"), opened(bens, story.place, "product_quality")
    anna.keyboard.press("5")
    shown(ben, "note").fill("Ben heard of a fault")
    for page in (anna, ben):
        saved(page)
    anna.keyboard.press("Control+Enter")
    expect(shown(anna, "note")).to_have_value("Ben heard of a fault")
    for context in (story.anna, bens):
        context.set_offline(True)
    shown(anna, "note").fill(ANNAS)
    shown(ben, "note").fill(BENS)
    for page in (anna, ben):
        says(page, "Saved on this device")
    story.anna.set_offline(False)
    saved(anna)
    bens.set_offline(False)
    panel = ben.locator(f"{VIEW} [data-conflict]")
    for words in (ANNAS, BENS):
        expect(panel).to_contain_text(words)
    ben.get_by_role("button", name="Put both texts together").click()
    ben.get_by_role("button", name="Keep mine").click()
    saved(ben)
    expect(shown(anna, "note")).to_have_value(f"{ANNAS}\n{BENS}")
    bens.close()
    anna.close()


def let_ben_take_notes(story: Story) -> None:
    """Anna asks Ben to take notes."""
    page = story.anna.new_page()
    page.goto(f"{story.place.guide}/note-taker")
    page.get_by_label("Who takes notes?").select_option("Ben Bystander")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".toast")).to_be_visible()
    page.close()


def hand_over(story: Story) -> None:
    """Time is up: Anna hands the rest over as a link."""
    page = opened(story.anna, story.place, "effort")
    page.get_by_role("link", name="Hand the rest over as a link").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("open questions alone")
    page.get_by_role("button", name="Only make the link").click()
    story.rest = page.get_by_label("The link, for Nora alone").input_value()
    page.close()


def answer_on_a_phone(browser: Browser, story: Story) -> None:
    """Nora answers the rest on her phone and sends it, which submits the interview."""
    phone = browser.new_context(viewport=PHONE, has_touch=True, is_mobile=True)
    page = phone.new_page()
    page.goto(story.rest)
    expect(page.get_by_text("The rest of our talk")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    story.look(page)
    while page.get_by_role("button", name="Continue").count():
        for each in page.locator("fieldset").all():
            each.locator("label").first.click()
        for each in page.locator("textarea").all():
            each.fill("Written on the phone.")
        page.get_by_role("button", name="Continue").click()
        page.wait_for_load_state()
    page.get_by_role("button", name="Send my answers").click()
    expect(page.get_by_text("Your answers have arrived")).to_be_visible()
    phone.close()


def each_answer_keeps_its_mode(story: Story) -> None:
    """One response, submitted: what was said in person, and what was written on the phone."""
    with changing(story.application) as session:
        response = session.scalars(sa.select(Response)).one()
        assert response.submitted_at is not None
        modes = {
            row.key: row.mode
            for row in session.execute(
                sa.select(Question.key, Answer.mode)
                .join(Question, Question.id == Answer.question_id)
                .where(Answer.superseded_at.is_(None))
            )
        }
        assert session.scalars(sa.select(Action.title)).all() == [PROMISED]
    assert {modes[key] for key in ("recommend", "reason", "satisfaction", "value_story")} == {"interview"}
    assert {modes[key] for key in ("effort", "support_story", "renewal_intent", "one_change")} == {"survey"}


def read_the_brief(story: Story) -> bytes:
    """Anna reads the brief, and takes it along as PDF."""
    page = story.anna.new_page()
    page.goto(f"{story.place.guide}/brief")
    brief = page.locator("#main")
    for words in SAID:
        expect(brief).to_contain_text(words)
    story.look(page)
    paper: bytes = story.anna.request.get(f"{story.place.guide}/brief.pdf").body()
    story.anna.close()
    return paper


def holds_what_was_said(paper: bytes) -> None:
    """The same stands on paper."""
    pages = [" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(paper)).pages]
    for words in SAID:
        assert any(words in page for page in pages), words
