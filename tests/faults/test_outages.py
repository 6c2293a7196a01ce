"""Network, tab, server and sign-in go away while an interviewer types: nothing lost, nothing doubled, all in order."""

import pytest
from flask import Flask
from playwright.sync_api import Browser
from sqlalchemy.orm import Session

from tests.conftest import Fill, InBrowser
from tests.faults.outages import Desk, Ordeal, a_place, losses, suffer
from tests.interviews.talks import add_world

ORDEAL = Ordeal(events=25)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_no_typed_answer_is_lost_and_none_is_doubled(
    application: Flask, fill: Fill, session: Session, database_url: str, in_browser: InBrowser
) -> None:
    world = fill(add_world)

    def journey(browser: Browser) -> Desk:
        with a_place(application.config["SETTINGS"].home, database_url, world) as place:
            return suffer(browser, place, ORDEAL)

    desk = in_browser(journey)
    assert sum(desk.happened[event] for event in ("reload", "tab killed", "offline", "server killed")) > 0
    assert desk.typed
    assert losses(session, desk) == []
