"""A leader arranges the page of an account by keyboard, mouse and finger; a CSM reads it: six fields, no seventh."""

from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, CDPSession, Locator, Page, expect

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


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_rows_are_dragged_by_mouse_and_by_finger(
    fill: Fill, database_url: str, tmp_path: Path, in_browser: InBrowser
) -> None:
    fill(add_workspace)
    with serving(tmp_path / "home", database_url) as address:
        orders = in_browser(lambda browser: [drag_by_mouse(browser, address), drag_by_finger(browser, address)])
    by_mouse, by_finger = orders
    assert by_mouse == ["ARR", "Status", "Original contract date", "Renewal date", "Lifetime", "Industry"]
    assert by_finger == ["ARR", "Original contract date", "Renewal date", "Status", "Lifetime", "Industry"]


def drag_by_mouse(browser: Browser, address: str) -> list[str]:
    """Drag two fields and a widget by mouse, let a third go, and return the fields as they are kept."""
    page = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
    sign_in_page(page, address, LEADER)
    page.goto(f"{address}/layouts/role/csm")
    hold(page, "ARR", "Status", part=0.1)
    page.mouse.up()
    expect(page.locator("[data-said]")).to_have_text("ARR is now number 1 of 6.")
    hold(page, "Industry", "Lifetime", part=0.9)
    page.mouse.up()
    hold(page, "Renewal date", "ARR", part=0.1)
    page.keyboard.press("Escape")
    page.mouse.up()
    gap = page.get_by_label("Gap", exact=True)
    gap.scroll_into_view_if_needed()
    hold(page, "Gap", "Health, with its trend", part=0.1, by="label")
    page.mouse.up()
    expect(gap).to_be_checked()
    assert widgets(page)[:2] == ["gap", "health"]
    page.get_by_label("ARR, called").fill("What they pay")
    expect(page.get_by_label("ARR, called")).to_have_value("What they pay")
    return saved(page)


def drag_by_finger(browser: Browser, address: str) -> list[str]:
    """Drag a field by finger on a phone, scroll with the finger elsewhere, and return the fields as they are kept."""
    context = browser.new_context(viewport={"width": 375, "height": 800}, has_touch=True, is_mobile=True)
    page = context.new_page()
    sign_in_page(page, address, LEADER)
    page.goto(f"{address}/layouts/role/csm")
    finger = context.new_cdp_session(page)
    row(page, "Status").scroll_into_view_if_needed()
    start, end = middle(row(page, "Status").locator(".grip")), middle(row(page, "Renewal date"), part=0.9)
    swipe(finger, start, end)
    expect(page.locator("[data-said]")).to_have_text("Status is now number 4 of 6.")
    before, order = page.evaluate("scrollY"), names(page)
    start = middle(row(page, "Lifetime").locator("label").first)
    swipe(finger, start, (start[0], start[1] - 300))
    page.wait_for_function("before => scrollY > before", arg=before)
    assert names(page) == order
    return saved(page)


def row(page: Page, name: str) -> Locator:
    """Return the row of a field or widget."""
    return page.locator(f'[data-arranged] > li[data-name="{name}"]')


def names(page: Page) -> list[str]:
    """Return the fields of the summary in their order."""
    return [
        str(each.get_attribute("data-name")) for each in page.locator("[data-arranged]").first.locator("> li").all()
    ]


def widgets(page: Page) -> list[str]:
    """Return the widgets in their order."""
    return [each.input_value() for each in page.locator('input[name="widget"]').all()]


def middle(place: Locator, part: float = 0.5) -> tuple[float, float]:
    """Return a point in the middle of a place, that part of its height down."""
    box = place.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] * part


def hold(page: Page, name: str, target: str, *, part: float, by: str = ".grip") -> None:
    """Take a row with the mouse and bring it over another one."""
    page.mouse.move(*middle(row(page, name).locator(by).first))
    page.mouse.down()
    page.mouse.move(*middle(row(page, target), part), steps=8)


def swipe(finger: CDPSession, start: tuple[float, float], end: tuple[float, float]) -> None:
    """Put a finger down, move it, and lift it."""
    steps = 8
    points = [
        (start[0] + (end[0] - start[0]) * n / steps, start[1] + (end[1] - start[1]) * n / steps)
        for n in range(steps + 1)
    ]
    for n, (x, y) in enumerate(points):
        kind = "touchMove" if n else "touchStart"
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def saved(page: Page) -> list[str]:
    """Save the arrangement, and return its fields as the page then shows them."""
    page.get_by_role("button", name="Save this arrangement").click()
    expect(page.get_by_text("holds from now on.")).to_be_visible()
    found = names(page)
    page.context.close()
    return found


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
