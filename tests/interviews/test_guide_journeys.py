"""The guided interview in a real browser: by keyboard alone, through every kind, branch and loop, and beside it."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from sqlalchemy.orm import Session

from app.interviews.models import Interview
from app.interviews.queries.times import time_spent
from app.responses.models import Response
from app.responses.queries import standing_items
from app.responses.rules import ItemContent
from tests.conftest import Fill, InBrowser
from tests.interviews.kinds import add_kinds_world
from tests.interviews.talks import World, add_world
from tests.interviews.test_journeys import Place, opened, place, saved, served, shown, signed_in
from tests.serving import axe_findings
from tests.users.people import changing

__all__ = ["place"]
VIEW = "form.iv-q:not([hidden])"
ONLY_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def add_long_world(session: Session) -> World:
    """Add Anna's interview by the long built-in questionnaire."""
    return add_world(session, questionnaire="interview-360")


@pytest.fixture
def long(application: Flask, database_url: str, fill: Fill) -> Iterator[Place]:
    """The product, served, with an interview by `interview-360`."""
    yield from served(application, database_url, fill(add_long_world))


@pytest.fixture
def kinds(application: Flask, database_url: str, fill: Fill) -> Iterator[Place]:
    """The product, served, with an interview of every kind of question about two products."""
    yield from served(application, database_url, fill(add_kinds_world))


def contents(place: Place) -> dict[tuple[str, str], ItemContent]:
    """Return what is stored, by question key and relationship."""
    names = {ident: key for key, ident in place.world.questions.items()}
    with changing(place.application) as session:
        items = standing_items(session, session.scalars(sa.select(Response.id)).one())
    return {(names[at.question_id], at.item): item.content for at, item in items.items()}


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


@ONLY_SQLITE
def test_the_keyboard_alone_finishes_the_long_interview(long: Place, in_browser: InBrowser) -> None:
    def journey(browser: Browser) -> tuple[int, list[str]]:
        context = signed_in(browser, long)
        page = opened(context, long, "quote_permission")
        press(page, "?")
        expect(page.get_by_role("heading", name="All keys of this page")).to_be_visible()
        told = page.locator("[data-panel=keys] kbd").all_text_contents()
        taken = {each.get_attribute("data-key") or "" for each in page.locator("[data-key]").all()}
        untold = sorted(key for key in taken if key.upper() not in told)
        findings = [*axe_findings(page), *(f"the page does not say {key}" for key in untold)]
        press(page, "Escape", "2", "Control+Enter")
        total = page.locator("form[data-question]").count()
        for _ in range(total - 1):
            shape = page.locator(VIEW).get_attribute("data-shape")
            if shape == "text":
                press(page, "a")
                page.keyboard.type("In their words")
            elif shape == "ranking":
                press(page, "a")
                for place, each in enumerate(page.locator(f"{VIEW} select[name^='place/']").all(), start=1):
                    expect(each).to_be_focused()
                    page.keyboard.type(str(place))
                    expect(each).to_have_value(str(place))
                    press(page, "Tab")
            else:
                press(page, "3")
            press(page, "Control+Enter")
        page.wait_for_url("**/review")
        expect(page.get_by_role("heading", level=1)).to_have_text(f"{total} of {total} questions answered")
        while page.evaluate("document.activeElement.textContent") != "Submit the interview":
            press(page, "Tab")
        press(page, "Enter")
        expect(page.locator(".toast")).to_contain_text("is submitted")
        findings += axe_findings(page)
        context.close()
        return total, findings

    total, findings = in_browser(journey)
    assert findings == []
    assert sum(content.answer is not None for content in contents(long).values()) == total


def answer_the_rest(page: Page, findings: list[str]) -> None:
    """Answer from the ranking on: a condition, later, a day, a table, a skip, words of before, the finder, the loop."""
    press(page, "Escape", "Control+Enter", "a")
    page.keyboard.type("501")
    press(page, "Escape")
    expect(page.locator("#q-seats-value-error")).to_contain_text("At most 500, please.")
    shown(page, "value").fill("12")
    press(page, "Control+Enter", "Escape", "l")
    expect(page.locator(VIEW)).to_have_attribute("data-question", "since")
    expect(page.locator("[data-later]").first).to_have_text("1 to come back to")
    shown(page, "value").fill("2024-02-29")
    press(page, "Escape", "Control+Enter")
    expect(page.locator(f"{VIEW} [data-lead]").first).to_contain_text("Nearly there")
    press(page, "4", "Control+Enter", "i")
    page.keyboard.type("No time left")
    press(page, "Control+Enter")
    expect(page.locator(f"{VIEW} [data-said]")).to_contain_text("You said 2. Why?")
    press(page, "/")
    page.keyboard.type("product 2")
    findings.extend(axe_findings(page))
    press(page, "Enter")
    expect(page.locator(VIEW)).to_have_attribute("data-question", "use@P%2F2")
    press(page, "5")
    with page.expect_response("**/times"):
        press(page, "o")
    expect(page.locator(VIEW)).to_have_attribute("data-question", "recommend")


AT_ONCE = """() => {
  document.querySelector("[data-open=finder]").click();
  const field = document.querySelector("#finder-words");
  field.value = "product 2";
  field.dispatchEvent(new Event("input"));
}"""


@ONLY_SQLITE
def test_words_typed_as_the_finder_opens_are_kept(kinds: Place, in_browser: InBrowser) -> None:
    """A dialog says late that it has opened; by then somebody in a hurry has typed."""

    def journey(browser: Browser) -> None:
        page = opened(signed_in(browser, kinds), kinds, "care")
        page.evaluate(AT_ONCE)
        page.wait_for_timeout(300)
        expect(page.locator("#finder-words")).to_have_value("product 2")
        expect(page.locator("#finder-words")).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.locator(VIEW)).to_have_attribute("data-question", "use@P%2F2")

    in_browser(journey)


BUSY = """async () => {
  const keys = ["1", "0"].map((key) => new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
  document.activeElement.dispatchEvent(keys[0]);
  await new Promise((wake) => setTimeout(wake, 1000));
  document.activeElement.dispatchEvent(keys[1]);
}"""
"""Two digits pressed at once, of which a busy page gets to the second one a second later."""


@ONLY_SQLITE
def test_a_ten_typed_into_a_busy_page_is_a_ten(long: Place, in_browser: InBrowser) -> None:
    def journey(browser: Browser) -> None:
        page = opened(signed_in(browser, long), long, "recommend")
        page.evaluate(BUSY)
        expect(page.locator(f"{VIEW} [name=value]:checked")).to_have_value("10")

    in_browser(journey)


SLOW_SAVES = """
  const sent = window.fetch;
  window.fetch = async (...asked) => {
    if (String(asked[0]).includes("/items/")) await new Promise((wake) => setTimeout(wake, 5000));
    return sent(...asked);
  };
"""


@ONLY_SQLITE
def test_nobody_comes_to_the_review_before_their_answers(place: Place, in_browser: InBrowser) -> None:
    """Each save takes longer than anybody likes to wait; the page stays until the last one has arrived."""

    def journey(browser: Browser) -> None:
        page = signed_in(browser, place).new_page()
        page.add_init_script(SLOW_SAVES)
        page.goto(f"{place.guide}?q=satisfaction")
        page.locator(".iv-page[data-settled]").wait_for()
        for digit in ("4", "6"):
            press(page, digit, "Control+Enter")
        for _ in range(4):
            press(page, "Control+Enter")
        page.wait_for_url("**/review")
        expect(page.get_by_role("heading", level=1)).to_contain_text("2 of 8 questions answered")

    in_browser(journey)


def review_and_submit(page: Page, kinds: Place) -> list[str]:
    """Read all of it again, submit it, and read what stands there then."""
    findings: list[str] = []
    saved(page)
    page.reload()
    page.locator(".iv-page[data-settled]").wait_for()
    expect(page.locator("[data-count]")).to_have_text("12 of 16 questions")
    page.goto(f"{kinds.guide}/review")
    expect(page.get_by_role("heading", name="To come back to")).to_be_visible()
    expect(page.locator("#main")).to_contain_text("Skipped: No time left")
    findings += axe_findings(page)
    page.get_by_role("button", name="Submit the interview").click()
    expect(page.get_by_role("heading", name="Where the time went")).to_be_visible()
    expect(page.locator("#main")).to_contain_text("1. People, 2. Price, 3. Speed")
    findings += axe_findings(page)
    page.get_by_role("link", name="Every version").click()
    findings += axe_findings(page)
    return findings


@ONLY_SQLITE
def test_every_kind_branch_and_loop(kinds: Place, in_browser: InBrowser) -> None:
    def journey(browser: Browser) -> list[str]:
        context = signed_in(browser, kinds)
        page = opened(context, kinds, "care")
        findings: list[str] = []
        press(page, "2", "Control+Enter")
        saved(page)
        expect(page.locator("[data-count]")).to_have_text("1 of 15 questions")
        press(page, "3", "Control+Enter")
        expect(page.locator("[data-count]")).to_have_text("2 of 16 questions")
        page.go_back()
        press(page, "Control+Enter")
        expect(page.locator(VIEW)).to_have_attribute("data-question", "missing")
        press(page, "a")
        page.keyboard.type("Exports")
        press(page, "Escape", "s", "Control+Enter", "1", "Control+Enter", "2", "Control+Enter", "1", "3")
        findings += axe_findings(page)
        press(page, "Control+Enter")
        for option, number in (("speed", "2"), ("price", "2"), ("people", "1")):
            shown(page, f"'place/{option}'").select_option(number)
        expect(page.locator("#q-order-value-error")).to_contain_text("different place")
        shown(page, "'place/speed'").select_option("3")
        expect(page.locator("#q-order-value-error")).to_be_hidden()
        answer_the_rest(page, findings)
        findings += review_and_submit(page, kinds)
        context.close()
        return findings

    assert in_browser(journey) == []
    said = contents(kinds)
    texts = {key: content.answer.value_text for key, content in said.items() if content.answer}
    assert texts[("order", "")] == "people price speed"
    assert texts[("liked", "")] == "speed people"
    assert (texts[("since", "")], texts[("missing", "")]) == ("2024-02-29", "Exports")
    assert said[("missing", "")].is_starred
    assert said[("spend", "")].is_later
    assert said[("help", "")].reason == "No time left"
    assert said[("use", "P/2")].answer is not None
    with changing(kinds.application) as session:
        spent = time_spent(session, kinds.world.interviews["nora"])
    assert spent["use@P%2F2"].jumps == 1
    assert spent["seats"].edits == 1


@ONLY_SQLITE
def test_the_score_is_hidden_until_somebody_looks_and_notes_are_marked(kinds: Place, in_browser: InBrowser) -> None:
    def journey(browser: Browser) -> list[str]:
        context = signed_in(browser, kinds)
        page = opened(context, kinds, "why")
        shown(page, "note").fill("Typed just before")
        press(page, "Escape", "h", "Enter")
        expect(page.get_by_text("Looked at during the interview")).to_be_visible()
        page.locator(".iv-page[data-settled]").wait_for()
        expect(shown(page, "note")).to_have_value("Typed just before")
        findings = axe_findings(page)
        press(page, "e")
        expect(page.locator("[data-earlier-body]")).to_contain_text("Nobody at this account")
        page.get_by_text("Entering a finished interview from notes?").click()
        day = page.get_by_label("It was held on").get_attribute("min") or ""
        page.get_by_label("It was held on").fill(day)
        page.get_by_role("button", name="Mark it so").click()
        expect(page.locator("header")).to_contain_text("entered from notes")
        expect(page.locator("[data-clock]")).to_have_count(0)
        findings += axe_findings(page)
        for width, height in ((1280, 800), (375, 812)):
            page.set_viewport_size({"width": width, "height": height})
            assert page.evaluate("document.documentElement.scrollWidth") <= width
        context.close()
        return findings

    assert in_browser(journey) == []
    with changing(kinds.application) as session:
        held = session.get_one(Interview, kinds.world.interviews["nora"])
        assert held.peeked_at is not None
        assert held.held_on is not None
        assert time_spent(session, held.id) == {}
