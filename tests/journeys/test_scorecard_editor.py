"""A scorecard written in a real browser: template, curve and weight, preview, history, published, compared."""

import re
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from app.core.clock import today
from app.health.models import ScorecardDraft, ScorecardVersion
from app.health.services import compute_health, load_scorecard
from tests.conftest import InBrowser
from tests.health.test_views_editor import CARD, add_accounts
from tests.serving import axe_findings, serving, sign_in_page
from tests.users.people import LEADER, add_people, changing

SIZES = ({"width": 1440, "height": 900}, {"width": 375, "height": 812})


def look(page: Page) -> list[str]:
    """Return what is wrong with a page at a desk and on a phone: axe's findings, and scrolling sideways."""
    wrong = []
    for size in SIZES:
        page.set_viewport_size(size)  # type: ignore[arg-type]
        wrong += [f"{page.url} at {size['width']}: {finding}" for finding in axe_findings(page)]
        overflow = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        wrong += [f"{page.url} at {size['width']}: {overflow} px too wide"] if overflow > 0 else []
    page.set_viewport_size(SIZES[0])  # type: ignore[arg-type]
    return wrong


def press(page: Page, button: str | re.Pattern[str], *, is_editor: bool = True) -> None:
    """Press a button that sends the form, and wait for the page that follows."""
    with page.expect_navigation():
        page.get_by_role("button", name=button).first.click()
    if is_editor:
        page.locator("#part[data-ready]").wait_for()


def saved(page: Page) -> None:
    """Wait until the page says that what was typed is saved."""
    expect(page.locator("[data-save-words]")).to_have_text(re.compile(r"^Saved \d\d:\d\d:\d\d"))


def filled(application: Flask) -> None:
    """A workspace with people, accounts and one published scorecard."""
    with changing(application) as session:
        add_people(session)
        add_accounts(session)
        compute_health(session, version=load_scorecard(session, document=CARD), as_of=today())


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_scorecard_is_written_tried_published_and_compared(
    application: Flask, database_url: str, tmp_path: Path, in_browser: InBrowser
) -> None:
    filled(application)
    with serving(tmp_path / "served", database_url) as address:
        wrong = in_browser(lambda browser: write(browser, address))
    assert wrong == []
    with changing(application) as session:
        written = session.scalars(select(ScorecardVersion).order_by(ScorecardVersion.id)).all()
        assert [(version.key, version.version, version.note) for version in written] == [
            ("default", 1, None),
            ("for_the_few", 1, None),
            ("default", 2, "Few use it well"),
        ]
        assert written[2].definition["measures"][0]["points"] == [[0, 0], [70, 100]]


def write(browser: Browser, address: str) -> list[str]:
    """Begin from a template and publish it; then write, try and publish the next version of the other one."""
    page = browser.new_context(viewport=SIZES[0]).new_page()  # type: ignore[arg-type]
    sign_in_page(page, address, LEADER)
    page.get_by_role("link", name="Health", exact=True).click()
    wrong = look(page)
    page.get_by_role("link", name="Scorecards").click()
    wrong += look(page)
    wrong += from_a_template(page)
    page.goto(f"{address}/scorecards")
    press(page, "Write the next version of Default")
    return wrong + next_version(page)


def from_a_template(page: Page) -> list[str]:
    """Take the happy path, fill one slot and take the others out, publish."""
    page.get_by_role("link", name="New scorecard").click()
    page.get_by_label("Name").fill("For the few")
    page.get_by_label("Happy path: eight free slots").check()
    wrong = look(page)
    press(page, "Begin")
    wrong += look(page)
    press(page, re.compile("^Step 1"))
    page.get_by_label("Metric").fill("active_users")
    expect(page.locator("[data-metric-fact]")).to_contain_text("3 accounts, 20 to 90")
    saved(page)
    expect(page.locator("[data-fresh=preview]")).to_contain_text("Account")
    for step in range(2, 9):
        press(page, re.compile(f"^Step {step}"))
        press(page, "Take out")
    press(page, "Publish…", is_editor=False)
    wrong += look(page)
    page.get_by_role("button", name="Publish version 1").click()
    expect(page.get_by_role("status")).to_contain_text("version 1, is published")
    return wrong


def next_version(page: Page) -> list[str]:
    """Type a curve that goes back and mend it, a weight; look at the preview, the history; publish; compare."""
    press(page, "Use")
    value = page.get_by_label("Value, row 2")
    value.fill("-5")
    expect(page.locator('[data-error="points"]')).to_contain_text("Row 2: the curve goes back")
    assert page.locator("[data-line]").get_attribute("points") == ""
    value.fill("70")
    expect(page.locator('[data-error="points"]')).to_be_hidden()
    assert page.locator("[data-line]").get_attribute("points") != ""
    saved(page)
    expect(page.locator("[data-fresh=preview]")).to_contain_text("1 account changes colour")
    wrong = look(page)
    press(page, "Groups and weights")
    page.get_by_label("Weight of Use").fill("9")
    expect(page.locator('[data-measures] [data-share="measure.use"]')).to_have_text(re.compile("90"))
    saved(page)
    expect(page.locator('nav [data-share="measure.use"]')).to_have_text(re.compile("90"))
    press(page, "Exceptions")
    wrong += look(page)
    press(page, "Name, bands, stages")
    wrong += look(page)
    press(page, "Who changes colour", is_editor=False)
    expect(page.get_by_role("table").first).to_contain_text("Account B")
    wrong += look(page)
    page.get_by_role("link", name="Go on writing").click()
    press(page, "Try on history", is_editor=False)
    expect(page.locator("h1")).to_have_text("1 of 1 lost account was red 90 days before")
    wrong += look(page)
    page.get_by_role("link", name="Go on writing").click()
    press(page, "Publish…", is_editor=False)
    expect(page.locator("main")).to_contain_text("Use: weight 3 → 9")
    page.get_by_label("Why it changes").fill("Few use it well")
    wrong += look(page)
    page.get_by_role("button", name="Publish version 2").click()
    expect(page.locator("h1")).to_contain_text("1 account changes colour from version 1 to version 2")
    return wrong + look(page)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_the_server_did_not_get_is_still_there_after_a_reload(
    application: Flask, database_url: str, tmp_path: Path, in_browser: InBrowser
) -> None:
    filled(application)
    with serving(tmp_path / "served", database_url) as address:
        in_browser(lambda browser: lose_the_network(browser, address))
    with changing(application) as session:
        draft = session.scalars(select(ScorecardDraft)).one()
        assert draft.definition["name"] == "Typed on a train"


def lose_the_network(browser: Browser, address: str) -> None:
    """Type without a network, close the page without leave, come back."""
    context = browser.new_context()
    page = context.new_page()
    sign_in_page(page, address, LEADER)
    page.goto(f"{address}/scorecards")
    press(page, "Write the next version of Default")
    press(page, "Name, bands, stages")
    context.set_offline(True)
    page.get_by_label("Name", exact=True).fill("Typed on a train")
    expect(page.locator("[data-trouble]")).to_contain_text("the server does not answer")
    page.close()
    context.set_offline(False)
    again: Any = context.new_page()
    again.goto(f"{address}/scorecards/default/edit?at=about")
    expect(again.get_by_label("Name", exact=True)).to_have_value("Typed on a train")
    saved(again)
