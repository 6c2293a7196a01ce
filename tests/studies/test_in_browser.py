"""The page of a study in a real browser: it says when newer figures are there, however late an answer comes."""

import pytest
from flask import Flask
from playwright.sync_api import Browser, Route, expect

from tests.conftest import Fill, InBrowser
from tests.serving import serving_here, sign_in_page
from tests.studies.test_views_fieldwork import add_fieldwork
from tests.users.people import LEADER

ROUND_MS = 3_100
"""A little more than from one question of the page to the next."""


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_answer_that_comes_late_takes_no_offer_away(application: Flask, fill: Fill, in_browser: InBrowser) -> None:
    fill(add_fieldwork)

    def journey(browser: Browser) -> None:
        context = browser.new_context()
        page = context.new_page()
        page.clock.install()
        sign_in_page(page, address, LEADER)
        page.goto(f"{address}/studies/alices")
        stamp = page.locator("[data-fresh]").get_attribute("data-stamp")
        late: list[Route] = []

        def answer(route: Route) -> None:
            if late:
                route.fulfill(json={"stamp": "newer"})
            else:
                late.append(route)

        page.route("**/fieldwork.json", answer)
        page.clock.run_for(ROUND_MS)
        page.clock.run_for(ROUND_MS)
        page.wait_for_timeout(200)
        with page.expect_response("**/fieldwork.json"):
            late[0].fulfill(json={"stamp": stamp})
        page.clock.run_for(ROUND_MS)
        expect(page.get_by_role("link", name="New figures are ready")).to_be_visible()
        context.close()

    with serving_here(application) as address:
        in_browser(journey)
