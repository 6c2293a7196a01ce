"""From a report to a forwarded link in a real browser: publish, share, open signed out, comment and sign."""

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from tests.conftest import Fill, InBrowser
from tests.reports.studies import add_alices_study
from tests.serving import axe_findings, serving_here, sign_in_page
from tests.users.people import CSM, LEADER

WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 375, "height": 760}


@pytest.fixture
def scored(application: Flask, fill: Fill) -> Flask:
    """A workspace with everyone, and Alice's study, scored; two of its accounts are Carl's."""
    fill(add_alices_study)
    return application


def fits(page: Page) -> bool:
    wide = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    return bool(page.evaluate(wide))


def signed_in(browser: Browser, address: str, email: str, viewport: dict[str, int]) -> Page:
    page = browser.new_context(viewport=viewport).new_page()  # type: ignore[arg-type]  # A plain dictionary will do.
    sign_in_page(page, address, email)
    return page


def test_a_report_is_published_forwarded_discussed_and_signed(scored: Flask, in_browser: InBrowser) -> None:
    def journey(browser: Browser) -> None:
        alice = signed_in(browser, address, LEADER, WIDE)
        alice.goto(f"{address}/studies/q1/gaps")
        alice.get_by_role("link", name="Editions").click()
        alice.get_by_role("button", name="Publish the first edition").click()
        expect(alice.get_by_text("Edition 1 is published")).to_be_visible()
        alice.get_by_label("For whom").fill("The board")
        alice.get_by_role("button", name="Make a link").click()
        link = alice.get_by_role("textbox", name="Link for The board").input_value()
        assert link.startswith("http://localhost/r/")
        forwarded = browser.new_context(viewport=PHONE).new_page()  # type: ignore[arg-type]  # As above.
        forwarded.goto(address + link.removeprefix("http://localhost"))
        expect(forwarded.get_by_role("heading", level=1)).to_contain_text("look healthy but are not happy")
        expect(forwarded.get_by_label("Your comment")).to_have_count(0)
        assert forwarded.context.cookies() == []

        alice.goto(f"{address}/studies/q1/gaps/editions/1")
        alice.get_by_label("Your comment").fill("We knew of the two.\nNobody had asked why.")
        alice.get_by_label("About").select_option("The finding and the calls")
        alice.get_by_label("For everyone who may open this edition").check()
        alice.get_by_role("button", name="Comment", exact=True).dblclick()
        expect(alice.get_by_role("heading", name="One comment from colleagues")).to_be_visible()
        alice.get_by_label("A note, if you like").fill("Checked twice")
        alice.get_by_role("button", name="I have read this and stand behind it").click()
        expect(alice.get_by_role("heading", name="One person stands behind this edition")).to_be_visible()
        assert axe_findings(alice) == []

        carl = signed_in(browser, address, CSM, PHONE)
        carl.goto(f"{address}/studies/q1/gaps/editions/1")
        expect(carl.get_by_text("Nobody had asked why.")).to_be_visible()
        expect(carl.get_by_text("Checked twice")).to_have_count(0)
        assert fits(carl)
        forwarded.reload()
        expect(forwarded.get_by_text("Nobody had asked why.")).to_have_count(0)
        expect(forwarded.get_by_text("Alice Owner")).to_have_count(0)

    with serving_here(scored) as address:
        in_browser(journey)


def test_a_report_is_sent_by_keyboard_and_stopped(scored: Flask, in_browser: InBrowser) -> None:
    def journey(browser: Browser) -> None:
        carl = signed_in(browser, address, CSM, PHONE)
        carl.goto(f"{address}/studies/q1/gaps")
        carl.get_by_role("link", name="By mail").click()
        carl.get_by_role("radio", name="Every week on").focus()
        carl.keyboard.press("ArrowDown")
        carl.get_by_label("Day of the month").select_option("31, or the last")
        carl.get_by_role("button", name="Send it").focus()
        carl.keyboard.press("Enter")
        expect(carl.get_by_role("heading", level=1)).to_have_text("You get this report on the last day of each month")
        assert fits(carl)
        assert axe_findings(carl) == []
        carl.get_by_role("button", name="Stop sending it to me").click()
        expect(carl.get_by_role("heading", level=1)).to_have_text("This report can come to you by mail")

    with serving_here(scored) as address:
        in_browser(journey)
