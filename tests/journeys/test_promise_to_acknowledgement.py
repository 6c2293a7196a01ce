"""A promise from its delivery to the customer's own word: the ledger, an interview about other things, the ledger."""

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from tests.conftest import Fill, InBrowser
from tests.interviews.talks import ANNA, World
from tests.ledger.world import PAGE, add_ledger
from tests.serving import axe_findings, serving_here, sign_in_page
from tests.users.people import CSM

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
PHONE, DESK = {"width": 375, "height": 812}, {"width": 1440, "height": 900}


def fits(page: Page) -> list[str]:
    """Return what axe finds on a page, and whether it leaves a phone sideways."""
    page.set_viewport_size(PHONE)
    found = axe_findings(page)
    if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
        found.append(f"{page.url} leaves the phone")
    page.set_viewport_size(DESK)
    return found


def deliver(page: Page, root: str) -> list[str]:
    page.goto(f"{root}{PAGE}")
    row = page.get_by_role("listitem").filter(has=page.get_by_role("heading", name="Less typing"))
    row.get_by_role("link", name="Add what happened").click()
    found = fits(page)
    page.get_by_label("What happened").select_option("delivered")
    page.get_by_label("Who says so").select_option("product")
    page.get_by_label("Or a count").fill("300")
    page.get_by_label("What shows it").fill("The report of October")
    page.get_by_label("With this, all of it is delivered").check()
    page.get_by_role("button", name="Put it on record").click()
    # The unit is missing: the form says so, and keeps the rest.
    expect(page.get_by_text("Say what is counted, such as hours or users.")).to_be_visible()
    expect(page.get_by_label("What shows it")).to_have_value("The report of October")
    page.get_by_label("Of what").fill("hours")
    page.get_by_role("button", name="Put it on record").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("two of four promises delivered, none acknowledged")
    expect(row).to_contain_text("not asked yet")
    return [*found, *fits(page)]


def ask(page: Page, root: str, talks: World) -> list[str]:
    page.goto(f"{root}/interviews/{talks.interviews['nora']}?q=recommend")
    page.locator(".iv-page[data-settled]").wait_for()
    asked = page.get_by_role("group", name="Less typing")
    asked.get_by_label("No", exact=True).check()
    expect(page.get_by_text("Kept: No", exact=True)).to_be_visible()
    asked.get_by_label("Yes").check()
    expect(page.get_by_text("Kept: Yes", exact=True)).to_be_visible()
    found = fits(page)
    page.locator("form.iv-q:not([hidden])").get_by_label("9", exact=True).check()
    expect(page.locator("[data-save]")).to_have_attribute("data-is", "saved")
    page.get_by_role("link", name="Review and submit").click()
    page.get_by_role("button", name="Submit the interview").click()
    expect(page.get_by_role("heading", name="Of promises they said")).to_be_visible()
    page.goto(f"{root}/interviews/{talks.interviews['nora']}/brief")
    expect(page.get_by_text("Has it reached them: yes")).to_be_visible()
    return found


def test_a_promise_is_delivered_asked_about_and_acknowledged(
    application: Flask, fill: Fill, in_browser: InBrowser
) -> None:
    talks: World = fill(add_ledger)

    def journey(browser: Browser) -> list[str]:
        carl, anna = (browser.new_context(viewport=DESK).new_page() for _ in range(2))
        sign_in_page(carl, root, CSM)
        found = deliver(carl, root)
        sign_in_page(anna, root, ANNA)
        found += ask(anna, root, talks)
        carl.goto(f"{root}{PAGE}")
        expect(carl.get_by_role("heading", level=1)).to_contain_text("one acknowledged by the customer")
        for address in ("/accounts/Haskelby/timeline", "/ledger?state=all"):
            carl.goto(f"{root}{address}")
            found += fits(carl)
        carl.goto(f"{root}/accounts/Haskelby/timeline?kind=promise")
        carl.get_by_role("link", name="Nora says that it has reached them").click()
        expect(carl).to_have_url(f"{root}/studies/talks/responses/{carl.url.rsplit('/', 1)[-1]}")
        expect(carl.get_by_text("Yes, it has reached us")).to_be_visible()
        return found

    with serving_here(application) as root:
        assert in_browser(journey) == []
