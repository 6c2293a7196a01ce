"""Choosing a part of a report in a real browser: by keyboard alone, on a phone, and without anything that axe finds."""

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect

from tests.conftest import Fill, InBrowser
from tests.reports.studies import add_alices_study
from tests.serving import axe_findings, serving_here, sign_in_page
from tests.users.people import LEADER

PHONE = 375


@pytest.mark.parametrize("has_script", [True, False], ids=["script", "no-script"])
def test_a_segment_is_chosen_by_keyboard_and_cleared(
    application: Flask, fill: Fill, in_browser: InBrowser, *, has_script: bool
) -> None:
    fill(add_alices_study)
    with serving_here(application) as address:
        in_browser(lambda browser: walk(browser, address, has_script=has_script))


def walk(browser: Browser, address: str, *, has_script: bool) -> None:
    context = browser.new_context(viewport={"width": PHONE, "height": 800}, java_script_enabled=has_script)
    page = context.new_page()
    sign_in_page(page, address, LEADER)
    page.goto(f"{address}/studies/q1/gaps")
    page.get_by_label("Segment").focus()
    page.keyboard.press("ArrowDown")
    page.get_by_role("button", name="Show").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**segment=Large**")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Among the four accounts chosen")
    assert page.get_by_label("Segment").input_value() == "Large"
    if has_script:
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE
        assert axe_findings(page) == []
    page.get_by_role("link", name="Take away: Large").press("Enter")
    expect(page.get_by_role("heading", level=1)).not_to_contain_text("chosen")
    page.goto(f"{address}/studies/q1/gaps?segment=Large&renewal=overdue")
    expect(page.get_by_role("heading", level=1)).to_have_text("Nobody is left by these filters")
    if has_script:
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE
        assert axe_findings(page) == []
    page.get_by_role("link", name="Clear").click()
    # A bar of a chart filters by a click; the edition that is frozen has none that do.
    page.locator('figure a[aria-label="Large: show this part"] text').click()
    page.wait_for_url("**gaps?segment=Large")
    page.get_by_role("link", name="Take away: Large").click()
    expect(page.get_by_role("heading", level=1)).not_to_contain_text("chosen")
    context.close()
