"""A whole interview in a real browser: with script, without, in two windows, and through an ended sign-in."""

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, expect

from app.core.clock import now
from app.responses.models import Response
from app.responses.queries import standing_items
from app.responses.rules import Item
from app.users.models import SignIn
from tests.conftest import Fill, InBrowser
from tests.interviews.talks import ANNA, World, add_world
from tests.serving import axe_findings, fill_in_sign_in, serving_here, sign_in_page
from tests.users.people import LEADER, changing

WIDE = {"width": 1440, "height": 900}
SIGNED_OUT = "You are signed out. What you typed is kept on this device. Sign in in another tab"
ENTRIES = """new Promise((tell) => {
  const asked = indexedDB.open("parallax-interviews");
  asked.onsuccess = () => {
    const counted = asked.result.transaction("unsent").objectStore("unsent").count();
    counted.onsuccess = () => { asked.result.close(); tell(counted.result); };
  };
})"""
"""How many answers a browser keeps that the server did not confirm."""
NO_WORKER = {"service_workers": "block"}
"""A service worker would carry requests past those who listen to them here."""
UNLOCKED = sa.update(SignIn).where(SignIn.ended_at.is_(None))


class Place:
    """A served workspace with Anna's interview."""

    def __init__(self, application: Flask, address: str, database_url: str, world: World) -> None:
        self.application, self.address, self.world = application, address, world
        self.database_url = database_url

    @property
    def guide(self) -> str:
        """The address of Nora's interview."""
        return f"{self.address}/interviews/{self.world.interviews['nora']}"

    def items(self) -> dict[str, Item]:
        """Return what is stored, by question key."""
        with changing(self.application) as session:
            response_id = session.scalars(sa.select(Response.id)).one()
            items = standing_items(session, response_id)
        names = {ident: key for key, ident in self.world.questions.items()}
        return {names[at.question_id]: item for at, item in items.items() if not at.item}

    def end_sign_ins(self) -> None:
        """End every sign-in on the server, as after hours without use."""
        engine = sa.create_engine(self.database_url)
        with engine.begin() as connection:
            connection.execute(UNLOCKED.values(ended_at=now()))
        engine.dispose()


@pytest.fixture
def place(application: Flask, database_url: str, fill: Fill) -> Iterator[Place]:
    """The product, served, with Alice's study."""
    yield from served(application, database_url, fill(add_world))


def served(application: Flask, database_url: str, world: World) -> Iterator[Place]:
    """Serve the product for as long as it is needed."""
    with serving_here(application) as address:
        yield Place(application, address, database_url, world)


def signed_in(browser: Browser, place: Place, email: str = ANNA, **options: Any) -> BrowserContext:
    context = browser.new_context(viewport=WIDE, **options)
    page = context.new_page()
    sign_in_page(page, place.address, email)
    page.close()
    return context


def opened(context: BrowserContext, place: Place, question: str) -> Page:
    page = context.new_page()
    page.goto(f"{place.guide}?q={question}")
    page.locator(".iv-page[data-settled]").wait_for()
    return page


def shown(page: Page, field: str) -> Any:
    return page.locator(f"form:not([hidden]) [name={field}]")


def saved(page: Page) -> None:
    expect(page.locator("[data-save]")).to_have_attribute("data-is", "saved")
    expect(page.locator("[data-save-words]")).to_contain_text("Saved ")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_whole_interview_by_keyboard(place: Place, in_browser: InBrowser) -> None:
    def journey(browser: Browser) -> list[str]:
        context = signed_in(browser, place)
        page = context.new_page()
        page.goto(f"{place.address}/interviews")
        page.get_by_role("link", name="Nora").click()
        page.locator(".iv-page[data-settled]").wait_for()
        findings: list[str] = []
        for width, height in ((1440, 900), (1280, 800), (375, 812)):
            page.set_viewport_size({"width": width, "height": height})
            findings += axe_findings(page)
            assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.set_viewport_size({"width": 1440, "height": 900})
        page.keyboard.press("1")
        page.keyboard.press("0")
        page.keyboard.press("Control+Enter")
        shown(page, "value").fill("They keep their word.")
        page.keyboard.press("Control+Enter")
        for digit in ("4", "0", "5", "2", "4", "1"):
            page.keyboard.press(digit)
            page.keyboard.press("Control+Enter")
        page.wait_for_url("**/review")
        findings += axe_findings(page)
        expect(page.get_by_role("heading", level=1)).to_have_text("7 of 8 questions answered")
        page.get_by_role("button", name="Submit the interview").click()
        expect(page.locator(".toast")).to_contain_text("is submitted")
        findings += axe_findings(page)
        page.get_by_role("link", name="Every version").click()
        findings += axe_findings(page)
        context.close()
        leader = signed_in(browser, place, LEADER)
        page = leader.new_page()
        page.goto(place.guide)
        page.get_by_label("Why is it reopened?").fill("A wrong figure")
        page.get_by_role("button", name="Reopen…").click()
        expect(page.locator(".toast")).to_contain_text("open again")
        page.goto(f"{place.address}/studies/talks/interviews")
        findings += axe_findings(page)
        leader.close()
        return findings

    assert in_browser(journey) == []
    said = {key: item.content for key, item in place.items().items()}
    values = {key: content.answer.value_number for key, content in said.items() if content.answer}
    assert values == {
        "recommend": 10.0, "reason": None, "satisfaction": 4.0, "value_promised": 5.0, "value_delivered": 2.0,
        "renewal_intent": 4.0, "contact_again": 1.0,
    }  # fmt: skip
    assert str(said["effort"].absence) == "not_applicable"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_interview_without_script(place: Place, in_browser: InBrowser) -> None:
    def journey(browser: Browser) -> None:
        context = signed_in(browser, place, java_script_enabled=False)
        page = context.new_page()
        page.goto(place.guide)
        page.locator("form:not([hidden]) .scale label").nth(7).click()
        page.get_by_role("button", name="Next question").click()
        shown(page, "value").fill("They listen.")
        shown(page, "note").fill("Said twice.")
        page.get_by_role("button", name="Back", exact=True).click()
        expect(page.locator("form:not([hidden]) [name=value]:checked")).to_have_value("7")
        other = context.new_page()
        other.goto(f"{place.guide}?q=reason")
        page.goto(f"{place.guide}?q=reason")
        shown(other, "note").fill("Said three times.")
        other.get_by_role("button", name="Save", exact=True).click()
        shown(page, "note").fill("Said often.")
        page.get_by_role("button", name="Next question").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("saved elsewhere")
        assert axe_findings_without_script(browser, page) == []
        expect(page.locator("#main")).to_contain_text("Said three times.")
        page.get_by_role("button", name="Keep mine").click()
        expect(shown(page, "note")).to_have_value("Said often.")
        context.close()

    in_browser(journey)
    item = place.items()["reason"]
    assert (item.revision, item.content.note) == (3, "Said often.")


def axe_findings_without_script(browser: Browser, page: Page) -> list[str]:
    """Look at the same markup in a page that may run axe."""
    looking = browser.new_page()
    looking.set_content(page.content())
    found = axe_findings(looking)
    looking.close()
    return found


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_two_windows_see_both_texts_and_decide(place: Place, in_browser: InBrowser) -> None:
    def journey(browser: Browser) -> None:
        context = signed_in(browser, place)
        one, two = opened(context, place, "reason"), opened(context, place, "reason")
        shown(one, "note").fill("From the first window")
        shown(two, "note").fill("From the second window")
        one.locator("form:not([hidden]) [name=quote]").focus()
        saved(one)
        two.locator("form:not([hidden]) [name=quote]").focus()
        panel = two.locator("form:not([hidden]) [data-conflict]")
        expect(panel).to_be_visible()
        expect(panel).to_contain_text("From the first window")
        expect(panel).to_contain_text("From the second window")
        expect(panel).to_contain_text("Saved by Anna Asker")
        expect(two.locator("[data-save]")).to_contain_text("Not saved: a question was saved elsewhere")
        assert axe_findings(two) == []
        two.get_by_role("button", name="Put both texts together").click()
        expect(shown(two, "note")).to_have_value("From the first window\nFrom the second window")
        two.get_by_role("button", name="Keep mine").click()
        saved(two)
        expect(panel).to_be_hidden()
        shown(one, "note").fill("First again")
        one.locator("form:not([hidden]) [name=quote]").focus()
        one.get_by_role("button", name="Take theirs").click()
        expect(shown(one, "note")).to_have_value("From the first window\nFrom the second window")
        saved(one)
        assert one.evaluate(ENTRIES) == 0
        context.close()

    in_browser(journey)
    item = place.items()["reason"]
    assert (item.revision, item.content.note) == (2, "From the first window\nFrom the second window")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_ended_sign_in_discards_nothing(place: Place, in_browser: InBrowser) -> None:
    def journey(browser: Browser) -> None:
        context = signed_in(browser, place)
        page = opened(context, place, "reason")
        shown(page, "note").fill("Before")
        shown(page, "quote").focus()
        saved(page)
        place.end_sign_ins()
        shown(page, "note").fill("Typed after the session had ended")
        expect(page.get_by_text(SIGNED_OUT)).to_be_visible()
        expect(page.locator("[data-save]")).to_contain_text(
            "Saved on this device, not yet sent (1): you are signed out"
        )
        page.keyboard.press("Control+Enter")
        page.keyboard.press("5")
        page.get_by_role("button", name="Try again").click()
        expect(page.get_by_text(SIGNED_OUT)).to_be_visible()
        with context.expect_page() as other:
            page.get_by_role("link", name="Sign in in another tab").click()
        fill_in_sign_in(other.value, ANNA)
        page.get_by_role("button", name="Try again").click()
        saved(page)
        expect(page.get_by_text(SIGNED_OUT)).to_be_hidden()
        assert page.evaluate(ENTRIES) == 0
        context.close()

    in_browser(journey)
    items = place.items()
    assert items["reason"].content.note == "Typed after the session had ended"
    assert items["satisfaction"].content.answer is not None


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_was_not_sent_survives_a_reload_and_a_closed_window(place: Place, in_browser: InBrowser) -> None:
    def journey(browser: Browser) -> None:
        context = signed_in(browser, place, **NO_WORKER)
        page = opened(context, place, "reason")
        page.on("dialog", lambda dialog: dialog.accept())
        page.route("**/items/*", lambda route: route.abort())
        shown(page, "value").fill("Typed without a connection")
        shown(page, "note").focus()
        expect(page.locator("[data-save]")).to_contain_text(
            "Saved on this device, not yet sent (1): the server does not answer"
        )
        page.unroute("**/items/*")
        page.reload()
        expect(shown(page, "value")).to_have_value("Typed without a connection")
        saved(page)
        page.route("**/items/*", lambda route: route.abort())
        shown(page, "note").fill("Typed before the window was closed")
        shown(page, "quote").focus()
        expect(page.locator("[data-save]")).to_contain_text("Saved on this device")
        page.close()
        review = context.new_page()
        review.goto(f"{place.guide}/review")
        expect(review.get_by_role("alert")).to_contain_text("not saved yet")
        again = opened(context, place, "recommend")
        saved(again)
        context.close()

    in_browser(journey)
    item = place.items()["reason"]
    assert item.content.note == "Typed before the window was closed"
    assert item.content.answer is not None
    assert item.content.answer.value_text == "Typed without a connection"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_answer_that_was_lost_on_the_way_is_no_conflict(place: Place, in_browser: InBrowser) -> None:
    def journey(browser: Browser) -> None:
        context = signed_in(browser, place, **NO_WORKER)
        page = opened(context, place, "reason")
        lost: list[int] = []

        def lose(route: Any) -> None:
            lost.append(route.fetch().status)
            route.abort()

        page.route("**/items/*", lose, times=1)
        shown(page, "note").fill("Stored, but nobody heard of it")
        shown(page, "quote").focus()
        expect(page.locator("[data-save]")).to_contain_text("Saved on this device")
        shown(page, "note").fill("Stored, and typed on")
        saved(page)
        assert lost == [200]
        expect(page.locator("form:not([hidden]) [data-conflict]")).to_be_hidden()
        context.close()

    in_browser(journey)
    item = place.items()["reason"]
    assert (item.revision, item.content.note) == (2, "Stored, and typed on")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_is_refused_says_so_at_its_field_and_is_kept(place: Place, in_browser: InBrowser) -> None:
    def journey(browser: Browser) -> None:
        context = signed_in(browser, place)
        page = opened(context, place, "reason")
        shown(page, "note").fill("x" * 10_001)
        shown(page, "quote").focus()
        expect(page.locator("#q-reason-note-error")).to_contain_text("Shorten the text to 10,000 characters")
        expect(page.locator("[data-save]")).to_contain_text("Not saved: Shorten")
        page.keyboard.press("Control+Enter")
        expect(page.locator("[data-elsewhere]")).to_contain_text("What is the main reason")
        page.locator("[data-elsewhere] a").click()
        expect(shown(page, "note")).to_have_value("x" * 10_001)
        shown(page, "note").fill("short")
        saved(page)
        expect(page.locator("#q-reason-note-error")).to_be_hidden()
        context.close()

    in_browser(journey)
    assert place.items()["reason"].content.note == "short"
