"""Somebody with an open link, a phone and a browser: answers, changes what they said, and stays unknown."""

import pytest
import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import Browser, expect
from sqlalchemy.orm import Session

from app.responses.models import AnonymousAnswer
from tests.conftest import InBrowser
from tests.serving import axe_findings, serving
from tests.surveys.anonymous import add_anonymous, open_addresses, rows_of
from tests.surveys.test_journeys import PHONE, choose, is_within
from tests.users.people import LEADER, add_people


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("script", [True, False], ids=["with-script", "without-script"])
def test_somebody_answers_and_changes_their_mind(
    application: Flask, session: Session, in_browser: InBrowser, database_url: str, script: bool
) -> None:
    path = open_addresses(session, add_anonymous(session, owner=add_people(session)[LEADER]))["Large"]
    session.commit()
    session.close()

    def journey(browser: Browser) -> None:
        context = browser.new_context(viewport=PHONE, java_script_enabled=script)
        page = context.new_page()
        page.goto(f"{address}{path}?score=9")
        expect(page.locator('input[name="recommend"][value="9"]')).to_be_checked()
        if script:
            assert is_within(page)
            assert axe_findings(page) == []
        choose(page, satisfaction=4)
        page.locator('textarea[name="reason"]').fill("Clear.\n“Quick”.")
        page.locator("form button:visible").first.click()
        expect(page.locator("h1")).to_contain_text("Thank you")
        if script:
            assert axe_findings(page) == []
        page.get_by_role("button", name="change your answers").click()
        expect(page.locator('textarea[name="reason"]')).to_have_value("Clear.\n“Quick”.")
        choose(page, satisfaction=2)
        page.locator("form button:visible").first.click()
        expect(page.locator("h1")).to_contain_text("Thank you")
        assert context.cookies() == []

    with serving(application.config["SETTINGS"].home, database_url) as address:
        in_browser(journey)
    assert rows_of(session, "anonymous_response", "anonymous_answer") == {
        "anonymous_response": 1, "anonymous_answer": 3,
    }  # fmt: skip
    assert set(session.scalars(sa.select(AnonymousAnswer.value_number))) == {9.0, 2.0, None}
