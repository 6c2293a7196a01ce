"""An interview through outages, with somebody else at the same device, and with two people, in a real browser."""

from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, expect

from app.core.clock import today
from app.interviews.models import NoteTaker
from app.studies.models import Study
from tests.conftest import InBrowser
from tests.faults.outages import kill_tabs
from tests.interviews.talks import ANNA, BEN
from tests.interviews.test_journeys import ENTRIES, Place, opened, place, saved, shown, signed_in
from tests.serving import axe_findings, sign_in_page
from tests.users.people import changing

__all__ = ["place"]

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
NO_DATABASE = "Object.defineProperty(window, 'indexedDB', { value: undefined })"
LOST_ANSWERS = """() => {
    const sent = window.fetch;
    window.fetch = async (...asked) => {
        await sent(...asked);
        throw new TypeError("The answer was lost");
    };
}"""
NO_WORKER = """navigator.serviceWorker.getRegistrations()
    .then((workers) => Promise.all(workers.map((worker) => worker.unregister())))"""
COPIES = "caches.keys().then((names) => names.filter((name) => name.startsWith('parallax-interview')).length)"


def copied(context: BrowserContext, place: Place, question: str) -> Page:
    """Open the interview and wait until this device keeps its page."""
    page = opened(context, place, question)
    page.locator(".iv-page[data-copied]").wait_for()
    return page


def says(page: Page, words: str) -> None:
    expect(page.locator("[data-save-words]")).to_contain_text(words)


def let_ben_take_notes(application: Flask, place: Place) -> None:
    with changing(application) as session:
        interview, ben = place.world.interviews["nora"], place.world.people[BEN]
        session.add(NoteTaker(interview_id=interview, user_id=ben))


def test_an_outage_in_the_middle_with_a_reload_and_a_closed_tab(place: Place, in_browser: InBrowser) -> None:
    def journey(browser: Browser) -> list[str]:
        context = signed_in(browser, place)
        page = copied(context, place, "reason")
        shown(page, "note").fill("Before the outage")
        shown(page, "quote").focus()
        saved(page)
        context.set_offline(True)
        shown(page, "quote").fill("They just work")
        says(page, "Saved on this device, not yet sent (1): no network")
        page.reload()
        page.locator(".iv-page[data-kept-copy][data-settled]").wait_for()
        expect(shown(page, "note")).to_have_value("Before the outage")
        expect(shown(page, "quote")).to_have_value("They just work")
        page.keyboard.press("Control+Enter")
        page.keyboard.press("4")
        says(page, "not yet sent (2)")
        findings = axe_findings(page)
        page.get_by_role("link", name="Pause").click()
        expect(page.locator("[data-away]")).to_contain_text("you may close this page")
        page.close()
        context.set_offline(False)
        again = opened(context, place, "reason")
        saved(again)
        assert again.evaluate(ENTRIES) == 0
        context.close()
        return findings

    assert in_browser(journey) == []
    items = place.items()
    assert (items["reason"].revision, items["reason"].content.note) == (2, "Before the outage")
    assert items["reason"].content.quote == "They just work"
    assert items["satisfaction"].revision == 1


def test_what_is_typed_right_after_a_crash_comes_after_what_was_typed_before(
    place: Place, in_browser: InBrowser
) -> None:
    def journey(browser: Browser) -> None:
        context = signed_in(browser, place)
        page = copied(context, place, "reason")
        shown(page, "note").fill("Before the crash")
        page.evaluate(ENTRIES)
        kill_tabs(context)
        page.close()
        again = context.new_page()
        again.goto(f"{place.guide}?q=reason", wait_until="commit")
        shown(again, "quote").fill("After the crash")
        saved(again)
        expect(shown(again, "note")).to_have_value("Before the crash")
        expect(again.locator("form:not([hidden]) [data-conflict]")).to_be_hidden()
        assert again.evaluate(ENTRIES) == 0
        context.close()

    in_browser(journey)
    content = place.items()["reason"].content
    assert (content.note, content.quote) == ("Before the crash", "After the crash")


def test_nobody_is_in_conflict_with_what_another_window_of_this_device_sent(
    place: Place, in_browser: InBrowser
) -> None:
    """A window that dies keeps its name for a moment, so that what it sent last is not taken over yet."""

    def journey(browser: Browser) -> None:
        context = signed_in(browser, place)
        page = opened(context, place, "reason")
        page.locator(".iv-page[data-settled]").wait_for()
        other = opened(context, place, "reason")
        other.evaluate(LOST_ANSWERS)
        shown(other, "note").fill("Said before")
        says(other, "Saved on this device")
        shown(page, "note").fill("Said after")
        saved(page)
        expect(page.locator("form:not([hidden]) [data-conflict]")).to_be_hidden()
        context.close()

    in_browser(journey)
    item = place.items()["reason"]
    assert (item.revision, item.content.note) == (2, "Said after")


def test_a_page_that_was_served_amid_a_save_knows_what_was_confirmed(place: Place, in_browser: InBrowser) -> None:
    def journey(browser: Browser) -> None:
        context = signed_in(browser, place)
        page = copied(context, place, "reason")
        served = page.evaluate("fetch(location.href).then((reply) => reply.text())")
        shown(page, "note").fill("Said before")
        saved(page)
        page.evaluate(NO_WORKER)
        page.route("**/interviews/*", lambda route: route.fulfill(body=served, content_type="text/html"))
        page.reload()
        page.locator(".iv-page[data-settled]").wait_for()
        expect(shown(page, "note")).to_have_value("Said before")
        shown(page, "note").fill("Said after")
        saved(page)
        context.close()

    in_browser(journey)
    item = place.items()["reason"]
    assert (item.revision, item.content.note) == (2, "Said after")


def test_somebody_else_at_this_device_sees_and_sends_nothing(place: Place, in_browser: InBrowser) -> None:
    def journey(browser: Browser) -> None:
        context = signed_in(browser, place)
        page = copied(context, place, "reason")
        context.set_offline(True)
        shown(page, "note").fill("Anna's own words")
        says(page, "Saved on this device")
        place.end_sign_ins()
        context.set_offline(False)
        says(page, "you are signed out")
        ben = context.new_page()
        sign_in_page(ben, place.address, BEN)
        assert ben.evaluate(COPIES) == 0
        ben.goto(f"{place.address}/interviews")
        expect(ben.locator("[data-kept]")).to_be_hidden()
        page.get_by_role("button", name="Try again").click()
        says(page, "Saved on this device, not yet sent (1): somebody else is signed in")
        page.close()
        context.set_offline(True)
        with pytest.raises(Exception, match="ERR_"):
            ben.goto(place.guide)
        context.set_offline(False)
        place.end_sign_ins()
        sign_in_page(ben, place.address, ANNA)
        ben.goto(f"{place.address}/interviews")
        expect(ben.locator("[data-kept]")).to_contain_text("1 answer on this device")
        ben.locator("[data-kept] summary").click()
        expect(ben.locator("[data-kept-list]")).to_contain_text("Anna's own words")
        ben.get_by_role("link", name="Open the interview to send it").click()
        saved(ben)
        context.close()

    in_browser(journey)
    assert place.items()["reason"].content.note == "Anna's own words"


def test_a_browser_that_keeps_nothing_says_so(place: Place, in_browser: InBrowser) -> None:
    def journey(browser: Browser) -> None:
        context = signed_in(browser, place)
        context.add_init_script(NO_DATABASE)
        page = opened(context, place, "reason")
        context.set_offline(True)
        shown(page, "note").fill("In memory alone")
        says(page, "Not saved: no network. Leave this page open")
        context.set_offline(False)
        saved(page)
        context.close()

    in_browser(journey)
    assert place.items()["reason"].content.note == "In memory alone"


def test_what_a_finished_study_refuses_can_be_read_and_taken_along(
    application: Flask, place: Place, in_browser: InBrowser, tmp_path: Path
) -> None:
    def journey(browser: Browser) -> list[str]:
        context = signed_in(browser, place)
        page = opened(context, place, "reason")
        with changing(application) as session:
            session.execute(sa.update(Study).values(closes_on=today().replace(year=2020)))
        shown(page, "note").fill("Heard too late")
        says(page, "Not saved: ")
        kept = page.locator("[data-kept]")
        expect(kept).to_contain_text("1 answer on this device that the server does not have")
        kept.locator("summary").click()
        expect(kept.locator("li")).to_contain_text("Heard too late")
        findings = axe_findings(page)
        with page.expect_download() as download:
            kept.get_by_role("link", name="Download as text").click()
        download.value.save_as(tmp_path / "interview.txt")
        assert page.evaluate(ENTRIES) == 1
        context.close()
        return findings

    assert in_browser(journey) == []
    text = (tmp_path / "interview.txt").read_text(encoding="utf-8")
    assert "Nora" in text
    assert "Note: Heard too late" in text


def test_two_people_see_each_other_and_decide_where_both_wrote(
    application: Flask, place: Place, in_browser: InBrowser
) -> None:
    let_ben_take_notes(application, place)

    def journey(browser: Browser) -> None:
        first, second = signed_in(browser, place), signed_in(browser, place, BEN)
        anna, ben = opened(first, place, "reason"), opened(second, place, "reason")
        shown(ben, "note").fill("Ben heard this")
        expect(shown(anna, "note")).to_have_value("Ben heard this")
        expect(anna.locator("form:not([hidden]) [data-by]")).to_contain_text("Ben Bystander wrote here at")
        for each in (first, second):
            each.set_offline(True)
        shown(anna, "note").fill("Anna says one thing")
        shown(ben, "note").fill("Ben says another")
        for page in (anna, ben):
            says(page, "Saved on this device")
        first.set_offline(False)
        saved(anna)
        second.set_offline(False)
        panel = ben.locator("form:not([hidden]) [data-conflict]")
        expect(panel).to_contain_text("Anna says one thing")
        expect(panel).to_contain_text("Ben says another")
        ben.get_by_role("button", name="Put both texts together").click()
        ben.get_by_role("button", name="Keep mine").click()
        saved(ben)
        expect(shown(anna, "note")).to_have_value("Anna says one thing\nBen says another")
        first.close()
        second.close()

    in_browser(journey)
    assert place.items()["reason"].revision == 3
