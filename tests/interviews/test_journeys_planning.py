"""Planning in a real browser, by the keyboard: two calls in vain, a call-back, an appointment in a doubled hour."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from app.core.clock import today
from app.studies.models import Study
from tests.conftest import Fill, InBrowser
from tests.interviews.planned import add_reachable
from tests.interviews.talks import ANNA, World
from tests.serving import axe_findings, serving_here, sign_in_page
from tests.users.people import changing

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def served(application: Flask, fill: Fill) -> Iterator[tuple[str, World]]:
    """The product, served, with people who can be reached."""
    world = fill(add_reachable)
    with changing(application) as session:
        session.execute(sa.update(Study).values(closes_on=today() + timedelta(days=900)))
        session.commit()
    with serving_here(application) as address:
        yield address, world


def enter_call(page: Page, outcome: str, note: str = "") -> None:
    """Enter a call by the keyboard: a radio by the space bar, the button by Enter."""
    page.get_by_label(outcome).focus()
    page.keyboard.press("Space")
    page.get_by_label("Note", exact=True).focus()
    page.keyboard.type(note)
    page.get_by_role("button", name="Enter it").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_a_person_is_called_and_met(served: tuple[str, World], in_browser: InBrowser) -> None:
    address, world = served
    here = f"{address}/interviews/{world.interviews['nora']}"

    def journey(browser: Browser) -> list[str]:
        page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
        sign_in_page(page, address, ANNA)
        found = []
        page.goto(f"{address}/interviews/day")
        found += axe_findings(page)
        page.get_by_role("link", name="Nora").click()
        found += axe_findings(page)
        enter_call(page, "No answer")
        expect(page.get_by_text("Entered: No answer.")).to_be_visible()
        enter_call(page, "Voicemail, message left")
        enter_call(page, "Asked to be called back", "after lunch")
        expect(page.get_by_role("heading", name="3 calls so far")).to_be_visible()
        enter_call(page, "Appointment agreed")
        page.wait_for_url(f"{here}/appointment")
        found += axe_findings(page)
        page.get_by_label("Day", exact=True).fill("2027-10-31")
        page.get_by_label("Time, by their clock").fill("02:30")
        page.get_by_role("button", name="Agree on it").press("Enter")
        expect(page.get_by_text("show 02:30 twice")).to_be_visible()
        found += axe_findings(page)
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="You meet Nora by phone")).to_be_visible()
        expect(page.get_by_text("UTC+01:00").first).to_be_visible()
        found += axe_findings(page)
        page.set_viewport_size({"width": 375, "height": 760})
        for path in (f"{here}/appointment", f"{here}/call", f"{address}/interviews/day?on=2027-10-31"):
            page.goto(path)
            assert page.evaluate("document.documentElement.scrollWidth") <= 375, path
        return found

    assert in_browser(journey) == []
