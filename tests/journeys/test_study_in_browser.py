"""A study in a real browser: planned, seen, drawn, followed, proved and closed, at the desk and on a phone."""

from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page

from tests.conftest import InBrowser
from tests.serving import axe_findings, serving, sign_in_page
from tests.studies.portfolio import add_portfolio
from tests.users.people import LEADER, add_people, changing


def look(page: Page) -> list[str]:
    """Return what is wrong with a page: axe's findings, and scrolling sideways."""
    found = [f"{page.url}: {finding}" for finding in axe_findings(page)]
    overflow = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    return [*found, f"{page.url}: {overflow} px too wide"] if overflow > 0 else found


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_study_lives_in_the_browser(
    application: Flask, database_url: str, tmp_path: Path, in_browser: InBrowser
) -> None:
    with changing(application) as session:
        add_people(session)
        add_portfolio(session, accounts=30)
    with serving(tmp_path / "served", database_url) as address:
        for width in (1440, 375):
            titles, wrong = in_browser(lambda browser, width=width: journey(browser, address, width))
            assert wrong == []
            assert titles == [
                "Four questions make a study",
                "Four questions make a study",
                "10 of 30 accounts would enter",
                "20 of 30 accounts would enter",
                "None of 10 accounts has answered yet",
                "The draw recomputes exactly",
                f"Close At {width} with 0 of 10 accounts heard?",
                "None of 10 accounts answered",
            ]


def journey(browser: Browser, address: str, width: int) -> tuple[list[str], list[str]]:
    """Plan, see, draw, follow, prove and close; return the titles on the way and what is wrong with the pages."""
    context = browser.new_context(viewport={"width": width, "height": 900})
    page = context.new_page()
    titles: list[str] = []
    wrong: list[str] = []

    def stop() -> None:
        page.wait_for_load_state()
        titles.append(page.locator("h1").inner_text().replace("\n", " "))
        wrong.extend(look(page))

    sign_in_page(page, address, LEADER)
    page.goto(f"{address}/studies")
    page.get_by_role("link", name="New study").click()
    stop()
    page.get_by_label("Name", exact=True).fill(f"At {width}")
    page.get_by_label("Both").check()
    page.get_by_label("segment").check()
    page.get_by_label("Size", exact=True).fill("ten")
    page.get_by_role("button", name="See what it gives").click()
    page.get_by_text("Size must be a number").wait_for()
    stop()
    page.get_by_label("Size", exact=True).fill("10")
    page.get_by_role("button", name="See what it gives").click()
    page.get_by_role("button", name="Draw these 10 accounts").wait_for()
    stop()
    page.get_by_label("Accounts to draw").fill("20")
    page.get_by_role("button", name="Try").click()
    page.get_by_text("on trial").wait_for()
    stop()
    page.get_by_role("link", name="Back to the plan").click()
    page.get_by_role("button", name="Draw these 10 accounts").click()
    page.get_by_text("The silent, largest first").wait_for()
    stop()
    page.get_by_role("link", name="See the record of the draw").click()
    page.get_by_role("button", name="Recompute the draw").click()
    page.get_by_text("agree.").wait_for()
    stop()
    page.go_back()
    page.go_back()
    page.get_by_role("link", name="Close the study").click()
    stop()
    page.get_by_role("button", name="Close for good").click()
    page.get_by_text("Closed since").wait_for()
    stop()
    context.close()
    return titles, wrong
