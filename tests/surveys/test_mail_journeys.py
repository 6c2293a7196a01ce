"""From the mail to the thank-you: what scanners do on the way, and a person with a phone, with script and without."""

import re
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect
from sqlalchemy.orm import Session

from app.surveys.services.invitations import queue_invitations
from tests.conftest import InBrowser
from tests.post_office import open_post_office, parts_of
from tests.serving import axe_findings, serving
from tests.surveys.asked import BASE, add_survey, responses, stored
from tests.surveys.mailed import PLACE, send_due, with_settings
from tests.surveys.test_journeys import PHONE, choose, is_within
from tests.users.people import LEADER, add_people

WORDS = {
    "en": ("Hello Dalia Ferro.", "Send my answers", "Thank you, Dalia Ferro."),
    "ar": ("Dalia Ferro", "إرسال إجاباتي", "شكر"),
}


@dataclass(frozen=True)
class Arrived:
    """A mail as it arrived, its links leading to the server that runs."""

    language: str
    html: str

    @property
    def links(self) -> list[str]:
        """Every link in it."""
        return sorted({link.replace("&amp;", "&") for link in re.findall(r'href="(http[^"]+)"', self.html)})


@pytest.fixture(params=["en", "ar"])
def mail(request: pytest.FixtureRequest, application: Flask, session: Session, database_url: str) -> Iterator[Arrived]:
    """The invitation of somebody who speaks English or Arabic, taken from a real mail server."""
    study = add_survey(session, owner=add_people(session)[LEADER], language=request.param)
    queue_invitations(session, study=study, at=datetime.now(UTC), place=PLACE)
    session.commit()
    session.close()
    with open_post_office() as office:
        with_settings(application, mail_url=office.url)
        assert send_due(application) == ["sent"]
    with serving(application.config["SETTINGS"].home, database_url) as address:
        yield Arrived(request.param, parts_of(office.took[0][1])["text/html"].replace(BASE, address))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("script", [True, False], ids=["with-script", "without-script"])
def test_from_the_mail_to_the_thanks(in_browser: InBrowser, mail: Arrived, session: Session, script: bool) -> None:
    hello, send, thanks = WORDS[mail.language]

    def journey(browser: Browser) -> None:
        page = browser.new_context(viewport=PHONE, java_script_enabled=script).new_page()
        page.set_content(mail.html)
        page.locator('a[href$="?score=9"]').click()
        expect(page.locator("main")).to_contain_text(hello)
        expect(page.locator("html")).to_have_attribute("dir", "rtl" if mail.language == "ar" else "ltr")
        expect(page.locator('input[name="recommend"][value="9"]')).to_be_checked()
        if script:
            assert is_within(page)
            assert axe_findings(page) == []
        choose(page, satisfaction=4, effort=6, contact_again="yes")
        page.locator('textarea[name="reason"]').fill("شكرا\nClear.")
        button = page.locator("form button:visible").first
        expect(button).to_contain_text(send)
        button.click()
        expect(page.locator("h1")).to_contain_text(thanks)
        if script:
            assert axe_findings(page) == []

    in_browser(journey)
    assert stored(session) == {
        "recommend": 9.0, "satisfaction": 4.0, "effort": 6.0, "contact_again": "yes", "reason": "شكرا\nClear."
    }  # fmt: skip
    (response,) = responses(session)
    assert (response.language, response.submitted_at is not None) == (mail.language, True)


def test_scanners_answer_nothing_and_the_link_still_works(
    in_browser: InBrowser, mail: Arrived, session: Session
) -> None:
    assert len(mail.links) >= 12
    for link in mail.links:
        for method in ("HEAD", "GET"):
            with urllib.request.urlopen(urllib.request.Request(link, method=method), timeout=30) as reply:  # noqa: S310  (our own)
                assert reply.status == 200

    def visit(browser: Browser) -> None:
        page = browser.new_page()
        for link in mail.links:
            page.goto(link)
            page.wait_for_load_state("load")

    in_browser(visit)
    assert responses(session) == []
    session.rollback()

    def answer(browser: Browser) -> None:
        page = browser.new_page()
        page.goto(next(link for link in mail.links if "/s/" in link and "?" not in link))
        choose(page, recommend=3)
        page.locator("form button:visible").first.click()
        expect(page.locator("h1")).to_contain_text(WORDS[mail.language][2])

    in_browser(answer)
    assert stored(session) == {"recommend": 3.0}
