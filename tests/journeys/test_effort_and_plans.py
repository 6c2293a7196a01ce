"""A CSM says what their week takes and finds it in the report; a plan changes colour with what stands in its way."""

from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from app.core.clock import today
from app.effort.models import Effort
from tests.conftest import Fill, InBrowser
from tests.effort.world import add_accounts
from tests.serving import axe_findings, serving, sign_in_page
from tests.users.people import CSM, LEADER, changing

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def share(page: Page, account: str) -> str:
    return page.get_by_label(f"Share of your week in percent, {account}").input_value()


def type_a_week(browser: Browser, root: str) -> None:
    page = browser.new_context().new_page()
    sign_in_page(page, root, CSM)
    page.goto(f"{root}/effort")
    page.get_by_role("link", name="Say what your week takes").click()
    expect(page.locator("[data-week][data-ready]")).to_be_visible()
    discard = page.get_by_role("button", name="Take back what is not stored")
    expect(discard).to_be_hidden()
    page.get_by_label("Share of your week in percent, Aldermoor").focus()
    # The keyboard alone: down the column, and stored from where one is.
    page.keyboard.type("90")
    page.keyboard.press("Enter")
    page.keyboard.type("12,5")
    page.keyboard.press("ArrowDown")
    page.keyboard.type("x")
    expect(page.locator("[data-sum]")).to_have_text(
        "Together 102.5 % of a week. That is 2.5 % more than a week has; it is stored as typed."
    )
    page.get_by_label("Complexity, Aldermoor").select_option("5")
    page.get_by_label("Complexity, Brack").select_option("1")
    page.get_by_label("Complexity, Dunes").select_option("na")
    assert axe_findings(page) == []
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("alert")).to_contain_text("Nothing was stored yet: one field")
    assert (share(page, "Aldermoor"), share(page, "Brack"), share(page, "Cobble")) == ("90", "12,5", "x")
    # What is typed and not stored is there again after the page was left.
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(f"{root}/effort/week")
    expect(page.locator("[data-state]")).to_have_text("6 not stored yet")
    assert (share(page, "Aldermoor"), share(page, "Cobble")) == ("90", "x")
    page.get_by_label("Share of your week in percent, Cobble").fill("")
    page.get_by_role("button", name="Store your week").first.click()
    expect(page.get_by_text("Stored for 3 of your accounts.")).to_be_visible()
    expect(page.locator("[data-state]")).to_have_text("")
    page.goto(f"{root}/effort")
    expect(page.get_by_role("heading", name="Demanding and hard: 1")).to_be_visible()
    expect(page.get_by_role("heading", name="Demanding, and nothing moves: 1")).to_be_visible()
    page.get_by_role("link", name="By complexity").click()
    row = page.get_by_role("row", name="N/A, outcomes not agreed")
    expect(row).to_contain_text("1 account")


def test_a_week_is_typed_by_keyboard_and_found_in_the_report(
    application: Flask, database_url: str, tmp_path: Path, fill: Fill, in_browser: InBrowser
) -> None:
    fill(add_accounts)
    with serving(tmp_path / "home", database_url) as root:
        in_browser(lambda browser: type_a_week(browser, root))
    with changing(application) as session:
        rows = session.execute(select(Effort.week_permille, Effort.complexity).order_by(Effort.account_id)).all()
    assert [tuple(row) for row in rows] == [(900, "5"), (125, "1"), (None, "na")]


def fill_form(page: Page, button: str, **fields: str) -> None:
    for label, words in fields.items():
        page.get_by_label(label.replace("_", " "), exact=True).fill(words)
    page.get_by_role("button", name=button).click()


def walk_a_plan(browser: Browser, root: str) -> list[str]:
    page = browser.new_context(viewport={"width": 375, "height": 800}).new_page()
    sign_in_page(page, root, LEADER)
    page.goto(f"{root}/accounts/Aldermoor")
    page.get_by_role("link", name="Agreed outcomes").click()
    page.get_by_role("link", name="Begin a plan").click()
    due = (today() + timedelta(days=60)).isoformat()
    fill_form(page, "Begin the plan", What_was_agreed="Go live", All_of_it_by=due)
    colour, seen = page.locator(".plan-standing"), []
    expect(colour).to_contain_text("no outcome stands in it yet")
    page.get_by_role("link", name="Add an outcome").click()
    fill_form(page, "Add it to the plan", What_the_customer_wants_to_have_reached="First invoices", By_when=due)
    expect(colour).to_contain_text("Green, On plan")
    page.get_by_role("link", name="Add a blocker").click()
    fill_form(page, "Add it to the plan", What_stands_in_the_way="No single sign-on")
    expect(colour).to_contain_text("Yellow, Blocked or late: the blocker “No single sign-on”")
    page.get_by_role("link", name="No single sign-on").click()
    page.get_by_label("Critical").check()
    page.get_by_role("button", name="Store the changes").click()
    expect(colour).to_contain_text("Red, Stuck: the critical blocker “No single sign-on”")
    seen += axe_findings(page)
    page.goto(f"{root}/plans?colour=red")
    expect(page.get_by_role("heading", level=1)).to_have_text("One of one plan is stuck")
    page.get_by_role("link", name="Aldermoor").click()
    page.get_by_role("button", name="Gone today").click()
    expect(colour).to_contain_text("Green, On plan")
    return seen


@pytest.mark.usefixtures("application")
def test_a_plan_turns_yellow_red_and_green_with_its_blocker(
    database_url: str, tmp_path: Path, fill: Fill, in_browser: InBrowser
) -> None:
    fill(add_accounts)
    with serving(tmp_path / "home", database_url) as root:
        assert in_browser(lambda browser: walk_a_plan(browser, root)) == []
