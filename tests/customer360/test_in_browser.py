"""The pages of accounts in a real browser: nothing for axe to find, no sideways scrolling, light and dark."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser

from app.sample.services import load_sample
from tests.conftest import Fill, InBrowser
from tests.customer360.again import add_again
from tests.serving import axe_findings, serving, sign_in_page
from tests.users.people import LEADER, PASSWORD, changing

ADDRESSES = ("/accounts", "/accounts?show=silent&q=a", "/accounts/A-1012", "/studies/sample/responses/R-1004-1")
LOOKS = [(1440, "light"), (375, "light"), (1440, "dark"), (375, "dark")]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_pages_are_accessible_and_fit(
    application: Flask, database_url: str, tmp_path: Path, in_browser: InBrowser
) -> None:
    with changing(application) as session:
        load_sample(session, password=PASSWORD, report=lambda _: None, on=date(2026, 11, 22))
    with serving(tmp_path / "home", database_url) as address:
        found = in_browser(lambda browser: [look_at(browser, address, *look) for look in LOOKS])
    assert found == [{path: (200, True, []) for path in ADDRESSES}] * len(LOOKS)


AGAIN = ("/gaps/changes", "/accounts/A2/gap")


@pytest.mark.usefixtures("application")
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_moved_is_accessible_and_fits(
    database_url: str, tmp_path: Path, in_browser: InBrowser, fill: Fill
) -> None:
    fill(add_again)
    with serving(tmp_path / "home", database_url) as address:
        found = in_browser(lambda browser: look_at(browser, address, 375, "light", email=LEADER, paths=AGAIN))
    assert found == {path: (200, True, []) for path in AGAIN}


def look_at(
    browser: Browser,
    address: str,
    width: int,
    scheme: Any,
    *,
    email: str = "leader@sample.parallax.test",
    paths: Sequence[str] = ADDRESSES,
) -> dict[str, tuple[int, bool, list[str]]]:
    """Return, per page: its status, whether it fits the width, and what axe finds."""
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page = context.new_page()
    sign_in_page(page, address, email)
    found = {}
    for path in paths:
        reply = page.goto(address + path)
        fits = page.evaluate("document.documentElement.scrollWidth") <= width
        found[path] = (reply.status if reply else 0, fits, axe_findings(page))
    context.close()
    return found
