"""A customer with a phone: the survey in a real browser, with script and without."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from sqlalchemy.orm import Session

from tests.conftest import InBrowser
from tests.serving import axe_findings, serving
from tests.surveys.asked import add_survey, stored, tokens_of
from tests.users.people import LEADER, add_people

PHONE = {"width": 375, "height": 812}
SENT = {
    "recommend": 9.0, "reason": "Clear reports.\nSlow support.", "satisfaction": 4.0, "effort": 6.0,
    "value_promised": 4.0, "value_delivered": 2.0, "renewal_intent": 5.0, "contact_again": "yes",
}  # fmt: skip


@pytest.fixture
def asked(application: Flask, session: Session, database_url: str) -> Iterator[tuple[str, str]]:
    """A served survey: its address for two customers."""
    home = application.config["SETTINGS"].home
    study = add_survey(session, people=2, owner=add_people(session)[LEADER])
    tokens = tokens_of(session, study)
    session.commit()
    session.close()
    with serving(home, database_url) as address:
        yield f"{address}/s/{tokens[0]}", f"{address}/s/{tokens[1]}"


def choose(page: Page, **answers: Any) -> None:
    """Click the answers as a person does: on their labels."""
    for name, value in answers.items():
        page.locator(f'label:has(input[name="{name}"][value="{value}"])').click()


def is_within(page: Page) -> bool:
    """Whether nothing needs sideways scrolling, once the page is there."""
    page.wait_for_load_state()
    within: bool = page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    return within


@pytest.mark.parametrize("script", [True, False], ids=["with-script", "without-script"])
def test_a_survey_is_taken_corrected_and_edited(
    in_browser: InBrowser, asked: tuple[str, str], session: Session, script: bool
) -> None:
    def journey(browser: Browser) -> None:
        context = browser.new_context(viewport=PHONE, java_script_enabled=script)
        page = context.new_page()
        problems: list[str] = []
        page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
        requests: list[str] = []
        page.on("request", lambda request: requests.append(request.url))
        page.goto(f"{asked[0]}?score=9")
        assert requests == [f"{asked[0]}?score=9"]
        expect(page.locator('input[name="recommend"][value="9"]')).to_be_checked()
        page.locator("textarea").evaluate("field => field.removeAttribute('maxlength')") if script else None
        page.goto(asked[0])
        page.get_by_role("button", name="Send my answers").click()
        expect(page).to_have_title(re.compile("^Error: "))
        expect(page.get_by_role("alert")).to_be_visible()
        page.locator("textarea").fill("Clear reports.\nSlow support.")
        choose(page, recommend=9, satisfaction=4, effort=6, value_promised=4, value_delivered=3)
        choose(page, renewal_intent=5, contact_again="yes")
        page.get_by_role("button", name="Send my answers").click()
        expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("^Thank you, Dalia Ferro\\."))
        page.get_by_role("link", name="change your answers").click()
        expect(page.locator('input[name="value_delivered"][value="3"]')).to_be_checked()
        expect(page.locator("textarea")).to_have_value("Clear reports.\nSlow support.")
        choose(page, value_delivered=2)
        page.get_by_role("button", name="Send my changes").click()
        expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("^Thank you"))
        assert problems == [] or all("400" in problem for problem in problems)
        assert context.cookies() == []
        context.close()

    in_browser(journey)
    assert stored(session) == SENT


def test_the_keyboard_alone_is_enough(in_browser: InBrowser, asked: tuple[str, str], session: Session) -> None:
    def journey(browser: Browser) -> None:
        page = browser.new_page(viewport=PHONE)
        page.goto(asked[1])
        page.locator('input[name="recommend"][value="0"]').focus()
        for _ in range(7):
            page.keyboard.press("ArrowRight")
        page.keyboard.press("Tab")
        page.keyboard.type("By keyboard")
        for _ in range(7):
            page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.wait_for_selector("h1.big")
        page.close()

    in_browser(journey)
    assert stored(session) == {"recommend": 7.0, "reason": "By keyboard"}


def test_going_back_after_a_text_that_was_too_long_keeps_it(in_browser: InBrowser, asked: tuple[str, str]) -> None:
    def journey(browser: Browser) -> str:
        page = browser.new_page(viewport=PHONE)
        page.goto(asked[1])
        page.locator("textarea").evaluate("field => field.removeAttribute('maxlength')")
        page.locator("textarea").fill("x" * 1_100_000)
        page.get_by_role("button", name="Send my answers").click()
        page.wait_for_selector("text=Your text is too long to be sent")
        page.go_back()
        kept = page.locator("textarea").input_value()
        page.close()
        return kept

    assert len(in_browser(journey)) == 1_100_000


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_are_readable_for_everybody(
    in_browser: InBrowser, asked: tuple[str, str], tmp_path: Path, scheme: Any
) -> None:
    def journey(browser: Browser) -> dict[str, list[str]]:
        findings = {}
        for width in (320, 375, 1280):
            context = browser.new_context(
                viewport={"width": width, "height": 812}, color_scheme=scheme, bypass_csp=True
            )
            page = context.new_page()
            page.goto(asked[0])
            assert is_within(page)
            findings[f"form at {width}"] = axe_findings(page)
            page.screenshot(path=tmp_path / f"form-{width}-{scheme}.png", full_page=True)
            page.get_by_role("button", name="Send my answers").click()
            findings[f"error at {width}"] = axe_findings(page)
            assert is_within(page)
            page.goto(asked[0].rsplit("/", 1)[0] + "/unknown")
            findings[f"unknown at {width}"] = axe_findings(page)
            assert is_within(page)
            context.close()
        return findings

    found = in_browser(journey)
    assert {place: finding for place, finding in found.items() if finding} == {}
