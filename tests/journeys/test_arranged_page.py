"""A leader arranges the page of an account by keyboard, and a CSM reads it: six fields and no seventh."""

from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Locator, Page, expect

from app.customers.models import Relationship
from tests.conftest import Fill, InBrowser
from tests.customer360.workspace import add_workspace
from tests.serving import axe_findings, serving, sign_in_page
from tests.users.people import CSM, LEADER, changing


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_page_is_arranged_by_keyboard_and_read_as_arranged(
    application: Flask, fill: Fill, database_url: str, tmp_path: Path, in_browser: InBrowser
) -> None:
    fill(add_workspace)
    with changing(application) as session:
        session.add(
            Relationship(crm_id="r", account_id=4, type="product", name="Beacon", searched="beacon\nr\nproduct")
        )
    with serving(tmp_path / "home", database_url) as address:
        wrong = in_browser(lambda browser: [*arrange(browser, address), *read(browser, address)])
    assert wrong == []


def arrange(browser: Browser, address: str) -> list[str]:
    """Move a field and a section by keyboard, be refused a seventh field, save; return what is wrong with the page."""
    page = browser.new_context(viewport={"width": 375, "height": 800}).new_page()
    sign_in_page(page, address, LEADER)
    page.goto(f"{address}/layouts/role/csm")
    wrong = look(page)
    press(page.get_by_role("button", name="Move ARR up", exact=True), "Enter", "Space")
    expect(page.locator("[data-said]")).to_have_text("ARR is now number 1 of 6.")
    expect(page.get_by_role("button", name="Move ARR down", exact=True)).to_be_focused()
    press(page.get_by_role("button", name="Move Who we heard up", exact=True), "Enter", "Enter")
    page.get_by_label("ARR, called").fill("What they pay")
    page.get_by_label("Another field").select_option(label="MRR")
    press(page.get_by_role("button", name="Add it"), "Enter")
    expect(page.get_by_role("alert")).to_contain_text("at most six fields. Take one out before you add “MRR”.")
    expect(page.get_by_label("ARR, called")).to_have_value("What they pay")
    wrong += look(page)
    press(page.get_by_role("button", name="Take Industry out"), "Enter")
    page.get_by_label("Another field").select_option(label="MRR")
    press(page.get_by_role("button", name="Add it"), "Enter")
    expect(page.get_by_label("MRR, called")).to_be_visible()
    press(page.get_by_role("button", name="Save this arrangement"), "Enter")
    expect(page.get_by_text("Arrangement 1 holds from now on.")).to_be_visible()
    page.context.close()
    return wrong


def read(browser: Browser, address: str) -> list[str]:
    """Read the page as it was arranged, jump to a section that comes later, and find another account while typing."""
    page = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
    sign_in_page(page, address, CSM)
    page.goto(f"{address}/accounts/A4")
    names = page.locator(".acct-summary dt").all_inner_texts()
    assert names == ["What they pay", "Status", "Original contract date", "Renewal date", "Lifetime", "MRR"]
    rail = page.get_by_role("navigation", name="Sections").get_by_role("link")
    assert rail.all_inner_texts()[:3] == ["Who we heard", "Topics", "Quotes"]
    page.get_by_role("navigation", name="Quick links").get_by_role("link", name="Contacts").click()
    expect(page.locator("#contacts")).to_contain_text("Person 4 champion")
    expect(page.locator("#contacts")).to_be_in_viewport()
    wrong = look(page)
    page.get_by_label("Search by").select_option("relationship")
    page.get_by_label("Search accounts").fill("beac")
    page.locator("[data-found]").get_by_role("link", name="Account 4").click()
    page.wait_for_url("**/accounts/A4/relationships/r")
    page.context.close()
    return wrong


def press(button: Locator, *keys: str) -> None:
    """Press keys on a button."""
    button.focus()
    for key in keys:
        button.page.keyboard.press(key)


def look(page: Page) -> list[str]:
    """Return what is wrong with a page: axe's findings, and scrolling sideways."""
    overflow = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    return [
        *(f"{page.url}: {finding}" for finding in axe_findings(page)),
        *([f"{overflow} px"] if overflow > 0 else []),
    ]
