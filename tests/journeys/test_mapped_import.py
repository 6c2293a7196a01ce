"""A customer system's file in a real browser: its columns are mapped once, and its next file is read at once."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import Browser, expect

from app.core.database import db
from app.customers.models import Account
from tests.journeys.test_uploads import faults_of, send
from tests.serving import serving, sign_in_page
from tests.users.people import LEADER, add_people, changing

FILE = "Account ID;Account Name;Annual Revenue;Shoe\nA-1;Customer One;1.200,50;43\nA-8;Eight;7,25;44\n"


@pytest.mark.parametrize("width", [1440, 375])
def test_a_file_with_foreign_names_is_mapped_once(
    application: Flask, database_url: str, tmp_path: Path, in_browser: Callable[..., Any], width: int
) -> None:
    with changing(application) as session:
        add_people(session)
        session.add(Account(crm_id="A-1", name="Customer 1"))
    first, second = tmp_path / "first.csv", tmp_path / "second.csv"
    first.write_text(FILE, encoding="utf-8")
    second.write_text(FILE.replace("Eight", "Nine"), encoding="utf-8")

    def journey(browser: Browser) -> list[str]:
        with serving(tmp_path / "home", database_url) as address:
            page = browser.new_page(viewport={"width": width, "height": 900})
            sign_in_page(page, address, LEADER)
            page.goto(f"{address}/imports")
            send(page, first)
            expect(page.get_by_role("heading", level=1)).to_have_text("4 columns: say what each of them is")
            wrong = faults_of(page)
            page.get_by_label("What Shoe is").select_option("arr")
            page.get_by_label("Remember these columns as").fill("Salesforce accounts")
            page.get_by_role("button", name="Show what would change").click()
            expect(page.get_by_text("are both arr")).to_be_visible()
            expect(page.get_by_label("Remember these columns as")).to_have_value("Salesforce accounts")
            page.get_by_label("What Shoe is").select_option(label="Custom field")
            page.get_by_role("button", name="Show what would change").click()
            expect(page.get_by_role("heading", level=1)).to_contain_text("1 new and 1 changed")
            page.get_by_role("button", name="Import 2 rows").click()
            page.wait_for_selector("text=are imported")
            page.goto(f"{address}/imports")
            wrong += faults_of(page)
            send(page, second)
            expect(page.get_by_text("as last time")).to_be_visible()
            wrong += faults_of(page)
            page.get_by_role("button", name="Import 2 rows").click()
            page.wait_for_selector("text=are imported")
            page.close()
            return wrong

    assert in_browser(journey) == []
    with application.app_context():
        assert set(db.session.scalars(sa.select(Account.name))) == {"Customer One", "Nine"}
