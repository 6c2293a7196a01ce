"""From an account to its page in the mail, by a real browser and mail server: subscribe, read, end by the link."""

from flask import Flask
from playwright.sync_api import Browser, Page, ViewportSize, expect

from app.subscriptions.tasks import pages
from tests.conftest import Fill, InBrowser
from tests.customer360.workspace import add_workspace
from tests.post_office import open_post_office
from tests.reports.delivered import parts_of, pdf_text
from tests.serving import axe_findings, serving_here, sign_in_page
from tests.subscriptions.delivered import another_week, day_comes, sent
from tests.surveys.mailed import with_settings
from tests.users.people import CSM, changing

PHONE: ViewportSize = {"width": 375, "height": 760}
WIDE: ViewportSize = {"width": 1280, "height": 900}


def looks_right(page: Page) -> bool:
    wide = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    return bool(page.evaluate(wide)) and axe_findings(page) == []


def test_a_page_is_subscribed_to_arrives_and_is_ended_by_its_link(
    application: Flask, fill: Fill, in_browser: InBrowser
) -> None:
    fill(add_workspace)

    def subscribe(browser: Browser) -> None:
        page = browser.new_context(viewport=PHONE).new_page()
        sign_in_page(page, address, CSM)
        page.goto(f"{address}/accounts/A4")
        page.get_by_role("link", name="Subscribe").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Account 4 can come to you by mail")
        assert looks_right(page)
        page.get_by_label("Day of the week").select_option(label="Tuesday")
        page.get_by_role("button", name="Send it").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("The page of Account 4 comes to you every Tuesday")
        expect(page.get_by_text("Next on")).to_be_visible()
        assert looks_right(page)

    def leave(browser: Browser) -> None:
        page = browser.new_context(viewport=WIDE).new_page()
        page.goto(way_out)
        expect(page.get_by_role("heading", level=1)).to_have_text("End the mails with the page of Account 4?")
        assert looks_right(page)
        page.get_by_role("button", name="End it").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("The page of Account 4 is not sent to you any more")
        sign_in_page(page, address, CSM)
        page.goto(f"{address}/subscriptions")
        expect(page.get_by_role("heading", level=1)).to_have_text("Nothing comes to you by mail yet")
        expect(page.get_by_role("heading", name="The last pages")).to_be_visible()
        assert looks_right(page)

    with open_post_office() as office, serving_here(application) as address:
        with_settings(application, mail_url=office.url, base_url=address)
        in_browser(subscribe)
        with application.app_context():
            assert pages() == 0, "its day has not come"
        with changing(application) as session:
            day_comes(session)
        assert sent(application) == 1
        _, mail = office.took[0]
        text = pdf_text(mail)
        assert "Account 4" in text
        assert "Voice" in text
        assert mail["Subject"].removeprefix("Account 4: health stands at ") in text, "its figure is that of the page"
        assert f"{address}/accounts/A4" in parts_of(mail)["text/plain"]
        way_out = mail["List-Unsubscribe"].strip("<>")
        in_browser(leave)
        with changing(application) as session:
            another_week(session)
        assert sent(application) == 0
    assert len(office.mails) == 1
