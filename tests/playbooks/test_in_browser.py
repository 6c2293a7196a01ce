"""From hidden risk to hearing whether it helped: a playbook raises it, its owner closes it and plans to ask again."""

from datetime import timedelta

from flask import Flask
from playwright.sync_api import Browser, Page, ViewportSize, expect

from app.core.clock import today
from app.playbooks.tasks import playbooks
from tests.conftest import Fill, InBrowser
from tests.playbooks.world import add_world
from tests.serving import axe_findings, serving_here, sign_in_page
from tests.users.people import CSM, LEADER

PHONE: ViewportSize = {"width": 375, "height": 760}
WIDE: ViewportSize = {"width": 1280, "height": 900}


def looks_right(page: Page) -> bool:
    fits = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    return bool(page.evaluate(fits)) and axe_findings(page) == []


def signed_in(browser: Browser, address: str, email: str, viewport: ViewportSize) -> Page:
    page = browser.new_context(viewport=viewport).new_page()
    sign_in_page(page, address, email)
    return page


def test_a_hidden_risk_is_raised_closed_and_asked_about(application: Flask, fill: Fill, in_browser: InBrowser) -> None:
    fill(add_world)
    on = (today() + timedelta(days=30)).isoformat()

    def write(browser: Browser) -> None:
        page = signed_in(browser, address, LEADER, WIDE)
        page.goto(f"{address}/playbooks")
        assert looks_right(page)
        page.get_by_role("link", name="Write a playbook").click()
        page.get_by_label("Name", exact=True).fill("Before the renewal")
        page.get_by_role("checkbox", name="Hidden risk").check()
        page.get_by_role("checkbox", name="The renewal comes within").check()
        assert looks_right(page)
        page.get_by_label("What is it about?").fill("Hear what is wrong")
        page.get_by_role("button", name="Keep it, and show what it would catch").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("It catches two accounts today")
        assert looks_right(page)
        page.get_by_role("button", name="Switch it on").click()
        expect(page.get_by_text("It is on.")).to_be_visible()

    def close(browser: Browser) -> None:
        page = signed_in(browser, address, CSM, PHONE)
        page.goto(f"{address}/actions")
        assert looks_right(page)
        page.get_by_role("link", name="Hear what is wrong").click()
        expect(page.get_by_text("Raised by the playbook “Before the renewal”")).to_be_visible()
        expect(page.get_by_text("−41 points, confirmed")).to_be_visible()
        assert looks_right(page)
        page.get_by_role("button", name="Close it").click()
        expect(page.get_by_text("Choose what came of it.")).to_be_visible()
        page.get_by_role("radio", name="Avoided").check()
        page.get_by_label("In words").fill("The export works since Monday")
        page.get_by_role("button", name="Close it").click()
        expect(page.get_by_role("heading", name="Avoided: Carl Colleague")).to_be_visible()
        page.get_by_label("Whom?").select_option(label="of Alder")
        page.get_by_label("Until when?").fill(on)
        page.get_by_role("button", name="Plan it").click()
        expect(page.get_by_role("heading", name="Not asked again yet")).to_be_visible()
        assert looks_right(page)
        page.goto(f"{address}/interviews/day")
        expect(page.get_by_role("link", name="of Alder, Alder")).to_be_visible()
        assert looks_right(page)
        for address_of in ("/actions/board?by=owner", "/actions/upsell", "/actions/reminders"):
            page.goto(address + address_of)
            assert looks_right(page)

    with serving_here(application) as address:
        in_browser(write)
        with application.app_context():
            playbooks()
        in_browser(close)
