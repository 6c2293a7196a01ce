"""Relationships from their files to what they come to, in a real browser: types, rule, tree, and the page of one."""

from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from app.core.clock import today
from tests.conftest import Fill, InBrowser
from tests.customer360.workspace import add_workspace
from tests.serving import axe_findings, serving, sign_in_page
from tests.users.people import CSM, LEADER

RELATIONSHIPS = """relationship_id,account_id,type,name,arr,parent_id
P-1,A4,product,Suite,90000,
P-2,A4,product,Planning,10000,P-1
P-3,A4,product,Billing,,P-2
P-4,A4,service,Care,5000,
"""
TELEMETRY = """account_id,period_end,metric,value,relationship_id
A4,{day},use,80,P-1
A4,{day},use,30,P-2
A4,{day},use,60,P-3
"""
WIDTHS = (1440, 375)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_relationships_roll_up_by_the_rule_that_is_chosen(
    application: Flask, fill: Fill, database_url: str, tmp_path: Path, in_browser: InBrowser
) -> None:
    fill(add_workspace)
    run(application, "import", "relationships", written(tmp_path, "relationships.csv", RELATIONSHIPS))
    run(application, "import", "telemetry", written(tmp_path, "telemetry.csv", TELEMETRY.format(day=today())))

    def journey(browser: Browser) -> list[str]:
        with serving(tmp_path / "home", database_url) as address:
            page = browser.new_page(viewport={"width": WIDTHS[0], "height": 900})
            sign_in_page(page, address, LEADER)
            wrong = choose_scorecard(page, address)
            run(application, "health", "compute", "--as-of", today().isoformat())
            wrong += [*by_the_worst(page, address), *by_arr(page, address)]
            page.close()
            return [*wrong, *at_the_desk_of_carl(browser, address)]

    assert in_browser(journey) == []


def run(application: Flask, *command: str) -> None:
    """Run a command."""
    result = application.test_cli_runner().invoke(args=list(command))
    assert result.exit_code == 0, result.output


def written(folder: Path, name: str, content: str) -> str:
    """Write a file and return where it is."""
    (folder / name).write_text(content, encoding="utf-8")
    return str(folder / name)


def look(page: Page) -> list[str]:
    """Return what is wrong with a page at each width."""
    wrong = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        if page.evaluate("document.documentElement.scrollWidth") > width:
            wrong.append(f"{page.url} does not fit into {width}")
        wrong += axe_findings(page)
    page.set_viewport_size({"width": WIDTHS[0], "height": 900})
    return wrong


def choose_scorecard(page: Page, address: str) -> list[str]:
    """Say what the type brings: a scorecard and a field."""
    page.goto(f"{address}/relationships")
    page.get_by_role("link", name="Product", exact=True).click()
    page.get_by_label("Scorecard").select_option("default")
    page.get_by_label("Another field").fill("Live since")
    page.get_by_label("Another field").press("Tab")
    page.get_by_role("button", name="Add it").press("Enter")
    expect(page.get_by_label("Called")).to_have_value("Live since")
    wrong = look(page)
    page.get_by_role("button", name="Save this type").click()
    expect(page.get_by_text("It holds from now on.")).to_be_visible()
    return wrong


def by_the_worst(page: Page, address: str) -> list[str]:
    """The account shows the worst, its tile and its section alike."""
    page.goto(f"{address}/accounts/A4")
    tile = page.locator("[data-widget=relationships]")
    expect(tile.locator(".v")).to_have_text("30")
    expect(tile).to_contain_text("the worst of 3; 1 has no score")
    tile.get_by_role("link", name="Relationships").click()
    section = page.locator("#relationships")
    expect(section).to_contain_text("Four relationships with us")
    expect(section.get_by_role("link", name="Billing")).to_be_visible()
    wrong = look(page)
    section.get_by_role("link", name="Choose the rule").click()
    return wrong


def by_arr(page: Page, address: str) -> list[str]:
    """Another rule gives another value, and the page says which."""
    expect(page.get_by_role("heading", level=1)).to_contain_text("rolled up by the rule “Worst”")
    wrong = look(page)
    page.get_by_role("radio", name="Weighted by ARR").check()
    page.get_by_role("button", name="Roll up by this rule").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Weighted by ARR")
    page.goto(f"{address}/accounts/A4")
    tile = page.locator("[data-widget=relationships]")
    expect(tile.locator(".v")).to_have_text("75")
    expect(tile).to_contain_text("the mean of 2, weighted by ARR; 1 has no score; 1 has no ARR")
    return wrong


def at_the_desk_of_carl(browser: Browser, address: str) -> list[str]:
    """The CSM opens a relationship from the tree, types in its field, and begins an action about it."""
    page = browser.new_page(viewport={"width": WIDTHS[1], "height": 900})
    sign_in_page(page, address, CSM)
    page.goto(f"{address}/accounts/A4#relationships")
    page.locator("#relationships").get_by_role("link", name="Suite").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Suite has health 80; nobody has said how it does")
    page.get_by_label("Live since").fill("May 2024")
    page.get_by_role("button", name="Store the fields").click()
    expect(page.locator(".acct-summary")).to_contain_text("May 2024")
    wrong = look(page)
    page.get_by_role("link", name="Add an action about it").first.click()
    expect(page.get_by_label("Which relationship is it about?")).to_have_value("P-1")
    wrong += look(page)
    page.close()
    return wrong
