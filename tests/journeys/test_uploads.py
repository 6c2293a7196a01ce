"""Importing a file in a real browser, on a desk and on a phone: chosen, previewed, confirmed."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from app.core.database import db
from app.customers.models import Account
from tests.serving import axe_findings, serving, sign_in_page
from tests.users.people import LEADER, add_people, changing

FILE = "account_id,name,arr\nA-1,Customer One,100.50\nA-8,Eight,7\n"


@pytest.mark.parametrize("width", [1440, 375])
def test_a_file_is_chosen_previewed_and_confirmed(
    application: Flask, database_url: str, tmp_path: Path, in_browser: Callable[..., Any], width: int
) -> None:
    with changing(application) as session:
        add_people(session)
        session.add(Account(crm_id="A-1", name="Customer 1"))
    path = tmp_path / "accounts.csv"
    path.write_text(FILE, encoding="utf-8")
    too_large = tmp_path / "large.csv"
    too_large.write_bytes(b"account_id,name\n" + b"x" * 16_100_000)

    def journey(browser: Browser) -> dict[str, list[str]]:
        with serving(tmp_path / "home", database_url) as address:
            page = browser.new_page(viewport={"width": width, "height": 900})
            sign_in_page(page, address, LEADER)
            wrong = {}
            page.goto(f"{address}/imports")
            wrong["form"] = faults_of(page)
            send(page, too_large)
            expect(page.get_by_role("heading", level=1)).to_have_text("This is too large")
            page.goto(f"{address}/imports")
            send(page, path)
            expect(page.get_by_role("heading", level=1)).to_contain_text("1 new and 1 changed")
            wrong["preview"] = faults_of(page)
            page.get_by_role("button", name="Import 2 rows").click()
            page.wait_for_selector("text=are imported")
            wrong["result"] = faults_of(page)
            page.go_back()
            page.reload()
            expect(page.get_by_role("heading", level=1)).to_contain_text("are imported")
            page.close()
            return wrong

    assert in_browser(journey) == {"form": [], "preview": [], "result": []}
    with application.app_context():
        assert set(db.session.scalars(sa.select(Account.name))) == {"Customer One", "Eight"}


def send(page: Page, path: Path) -> None:
    """Choose a file and send it."""
    page.get_by_label("File", exact=True).set_input_files(path)
    page.get_by_role("button", name="Show what would change").click()


def faults_of(page: Page) -> list[str]:
    """What axe finds, and whether the page scrolls sideways."""
    found = axe_findings(page)
    is_wide = page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
    return [*found, *(["scrolls sideways"] if is_wide else [])]
