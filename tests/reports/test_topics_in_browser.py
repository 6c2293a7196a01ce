"""The pages behind a gap report in a real browser, every part unfolded; and what a process that serves them loads."""

import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.clock import now, today
from app.health.queries import newest_scorecard
from app.reports.rules.topics.registry import TOPICS
from app.sample.services import load_sample
from app.scoring.services import score_study
from app.scoring.services.distressing import computed_distress, store_distress
from app.scoring.services.reading import draw_to_read
from app.scoring.services.validating import ask_validation, store_validation, validation_of
from app.studies.models import Study
from app.studies.services import create_study, draw_study
from app.users.models import User
from tests.conftest import InBrowser
from tests.serving import ROOT, axe_findings, environment, serving, sign_in_page
from tests.users.people import PASSWORD, changing

LEADER = "leader@sample.parallax.test"
PAGES = [*TOPICS, "words/names", "words/reading", "silence/draw"]
HEARD = [
    *(f"/studies/sample/gaps/{page}" for page in PAGES),
    "/scorecards/default/validity",
    "/scorecards/default/dimensions",
    "/health/distress",
]
UNHEARD = [f"/studies/unheard/gaps/{page}" for page in PAGES]
LOOKS = [(375, "dark", HEARD), (1440, "light", UNHEARD[:4])]
SERVE = """
import sys
from app import create_app
from app.core.config import read_settings
from tests.serving import HEAVY
from tests.users.people import sign_in
browser = sign_in(create_app(read_settings()), sys.argv[1])
print([browser.get(address).status_code for address in sys.argv[2:]], sorted(set(sys.modules) & HEAVY))
"""


def fill_workspace(session: Session) -> None:
    """Load the sample, test its scorecard, compute its distress, and add a study that nobody has answered."""
    load_sample(session, password=PASSWORD, report=lambda _: None)
    version = newest_scorecard(session, "default")
    test = ask_validation(session, version=version, as_of=today())
    store_validation(session, validation=test, figures=validation_of(session, version=version, as_of=today()))
    store_distress(session, computed_distress(session, as_of=today()))
    sample = session.scalars(select(Study).where(Study.key == "sample")).one()
    reader = session.scalars(select(User).where(User.email == LEADER)).one()
    draw_to_read(session, study=sample, at=now(), by=reader.id)
    dates = {"opens_on": today().isoformat(), "closes_on": (today() + timedelta(days=21)).isoformat()}
    plan = {**sample.plan, **dates, "key": "unheard", "name": "Nobody has answered", "owner": LEADER}
    unheard = create_study(session, document=plan | {"questionnaire": "interview-360", "mode": "both"})
    draw_study(session, study=unheard)
    score_study(session, study=unheard)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_pages_of_topics_are_accessible_fit_and_load_no_statistics(
    application: Flask, database_url: str, tmp_path: Path, in_browser: InBrowser
) -> None:
    with changing(application) as session:
        fill_workspace(session)
    home = tmp_path / "home"
    assert loaded_by(home, database_url) == f"{[200] * len(HEARD + UNHEARD)} []"
    with serving(home, database_url) as address:
        found = in_browser(lambda browser: [look_at(browser, address, *look) for look in LOOKS])
    assert found == [{path: (200, True, []) for path in paths} for _, _, paths in LOOKS]


def loaded_by(home: Path, database_url: str) -> str:
    """Serve every page in a process of its own; returns the replies and what it loaded of the methods' libraries."""
    command = [sys.executable, "-c", SERVE, LEADER, *HEARD, *UNHEARD]
    settings = environment(home, database_url, 0)
    return subprocess.run(command, cwd=ROOT, env=settings, capture_output=True, text=True, check=True).stdout.strip()


def look_at(
    browser: Browser, address: str, width: int, scheme: Any, paths: list[str]
) -> dict[str, tuple[int, bool, list[str]]]:
    """Return, per page with all its parts unfolded: its status, whether it fits the width, and what axe finds."""
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page = context.new_page()
    sign_in_page(page, address, LEADER)
    found = {}
    for path in paths:
        reply = page.goto(address + path)
        page.evaluate("document.querySelectorAll('main details').forEach(part => part.open = true)")
        fits = page.evaluate("document.documentElement.scrollWidth") <= width
        found[path] = (reply.status if reply else 0, fits, axe_findings(page))
    context.close()
    return found
