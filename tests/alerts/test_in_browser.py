"""From the wish to the mail in a real browser: ask, let health move, read which measure moved it, and stop."""

from flask import Flask
from playwright.sync_api import Browser, Page, ViewportSize, expect

from app.alerts.tasks import alerts
from tests.alerts.world import add_world, computed
from tests.conftest import Fill, InBrowser
from tests.post_office import open_post_office, parts_of
from tests.serving import axe_findings, serving_here, sign_in_page
from tests.surveys.mailed import with_settings
from tests.users.people import CSM, changing

PHONE: ViewportSize = {"width": 375, "height": 760}
WIDE: ViewportSize = {"width": 1280, "height": 900}


def fits(page: Page) -> bool:
    wide = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    return bool(page.evaluate(wide))


def signed_in(browser: Browser, address: str, viewport: ViewportSize) -> Page:
    page = browser.new_context(viewport=viewport).new_page()
    sign_in_page(page, address, CSM)
    return page


def looks_right(page: Page) -> bool:
    return fits(page) and axe_findings(page) == []


def test_who_asks_is_told_which_measure_moved_and_stops(application: Flask, fill: Fill, in_browser: InBrowser) -> None:
    fill(add_world)

    def ask(browser: Browser) -> None:
        page = signed_in(browser, address, PHONE)
        page.goto(f"{address}/accounts/A")
        page.get_by_role("link", name="How its health moved").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Health of Haskelby is 80, on its first day")
        assert looks_right(page)
        page.get_by_role("link", name="Tell me by mail").click()
        page.get_by_role("checkbox", name="falls within a week by").check()
        page.get_by_label("Points", exact=True).fill("0")
        page.get_by_role("button", name="Tell me by mail").click()
        expect(page.get_by_role("alert")).to_have_text("Enter by how many points, a whole number from 1 to 100.")
        assert looks_right(page)
        page.get_by_label("Points", exact=True).fill("5")
        page.get_by_role("button", name="Tell me by mail").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("One health alert comes to you by mail")
        assert looks_right(page)

    def read_on(browser: Browser) -> None:
        page = signed_in(browser, address, WIDE)
        page.goto(link)
        expect(page.get_by_role("heading", level=1)).to_contain_text("fell to 63")
        page.get_by_text("Every part of it").click()
        row = page.get_by_role("row", name="Usage")
        expect(row).to_contain_text("−15.0")
        expect(page.get_by_role("row", name="All together")).to_contain_text("−17.0")
        assert looks_right(page)
        page.goto(f"{address}/health/changes")
        page.get_by_role("link", name="For the worse 1").click()
        expect(page.get_by_role("row", name="Haskelby")).to_contain_text("Usage gave 15 less (80 → 60)")
        assert looks_right(page)
        page.context.clear_cookies()
        page.goto(way_out)
        page.get_by_role("button", name="Stop them").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("No health alert is sent to you any more")
        assert looks_right(page)

    with open_post_office() as office, serving_here(application) as address:
        with_settings(application, base_url=address, mail_url=office.url)
        in_browser(ask)
        with changing(application) as session:
            computed(session, 1, A=(60, 72), B=(60, 60), C=(90, 90))
        with application.app_context():
            assert alerts() == 1
        mail = office.mails[0]
        text = parts_of(mail)["text/plain"]
        assert mail["Subject"] == "Haskelby changed colour: 80 → 63 (green → amber)"
        assert "Usage gave 15 less (80 → 60)" in text
        link = f"{address}/accounts/A/health"
        assert link in text
        way_out = mail["List-Unsubscribe"].strip("<>")
        in_browser(read_on)
