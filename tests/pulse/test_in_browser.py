"""Judgement in a real browser, on a desk and on a phone: an override to its end, and a blind round to its report."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from app.core.clock import today
from app.core.database import db
from app.pulse.models import PulseOverride
from tests.pulse.world import add_place
from tests.serving import axe_findings, serving, sign_in_page
from tests.users.people import CSM, LEADER, changing

PAGE = "/accounts/Ash/pulse"


@pytest.mark.parametrize("width", [1440, 375])
def test_an_override_ends_on_its_day_and_a_blind_round_in_its_report(
    application: Flask, database_url: str, tmp_path: Path, in_browser: Callable[..., Any], width: int
) -> None:
    with changing(application) as session:
        add_place(session)

    def walk(browser: Browser, address: str, email: str, journey: Callable[[Page, str], list[str]]) -> list[str]:
        context = browser.new_context(viewport={"width": width, "height": 900})
        page = context.new_page()
        sign_in_page(page, address, email)
        found = journey(page, address)
        context.close()
        return found

    with serving(tmp_path / "home", database_url) as address:
        assert in_browser(lambda browser: walk(browser, address, CSM, set_override)) == []
        with application.app_context():
            db.session.scalars(select(PulseOverride)).one().expires_on = today() - timedelta(days=1)
            db.session.commit()
        assert in_browser(lambda browser: walk(browser, address, CSM, see_it_ended)) == []
        assert in_browser(lambda browser: walk(browser, address, LEADER, open_round)) == []
        assert in_browser(lambda browser: walk(browser, address, CSM, rate_all)) == []
        assert in_browser(lambda browser: walk(browser, address, LEADER, close_round)) == []


def set_override(page: Page, address: str) -> list[str]:
    page.goto(f"{address}{PAGE}")
    form = page.locator("form", has=page.get_by_role("button", name="Set the override"))
    form.get_by_label("Green").check()
    form.get_by_label("Reason").fill("They renewed by hand")
    form.get_by_label("Until").fill((today() + timedelta(days=20)).isoformat())
    form.get_by_role("button").click()
    expect(page.locator("main")).to_contain_text("Health 20 red by telemetry; set to green by Carl Colleague until")
    return faults_of(page)


def see_it_ended(page: Page, address: str) -> list[str]:
    page.goto(f"{address}{PAGE}")
    expect(page.locator("main")).not_to_contain_text("set to green by")
    expect(page.locator("main")).to_contain_text("ran out on")
    page.goto(f"{address}{PAGE}/matrix")
    return faults_of(page)


def open_round(page: Page, address: str) -> list[str]:
    page.goto(f"{address}/health/pulse")
    found = faults_of(page)
    page.get_by_label("Name", exact=True).fill("December")
    page.get_by_role("button", name="Open the round").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("0 of 4 accounts rated")
    found += faults_of(page)
    page.goto(f"{address}/settings/pulse")
    return [*found, *faults_of(page)]


def rate_all(page: Page, address: str) -> list[str]:
    page.goto(f"{address}/health/pulse/rate")
    found = faults_of(page)
    for name, step in (("Ash", "Very worried"), ("Birch", "Confident"), ("Cedar", "Confident")):
        expect(page.get_by_role("heading", level=1)).to_have_text(name)
        page.get_by_role("radio", name=f"{step} ").and_(page.locator(f"[value='{STEPS[step]}']")).check()
        page.get_by_label("Why").fill("The last call")
        page.get_by_role("button", name="Store and go on").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Nothing waits for your sentiment")
    return [*found, *faults_of(page)]


STEPS = {"Very worried": 0, "Confident": 75}


def close_round(page: Page, address: str) -> list[str]:
    page.goto(f"{address}/health/pulse")
    page.get_by_role("link", name="December").click()
    page.get_by_role("button", name="Close the round…").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("1 of 3 differs")
    expect(page.locator("main")).to_contain_text("calculated 60 amber, Carl Colleague said Confident (75), green")
    return faults_of(page)


def faults_of(page: Page) -> list[str]:
    """What axe finds, and whether the page scrolls sideways."""
    found = axe_findings(page)
    is_wide = page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
    return [*found, *([f"{page.url} scrolls sideways"] if is_wide else [])]
