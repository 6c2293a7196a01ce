"""`make screenshots`: the README's pictures of pages, from the sample portfolio served as people reach it."""

import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import create_app
from app.core.clock import now, today
from app.core.config import read_settings
from app.core.database import db
from app.interviews.models import Interview
from app.interviews.services import share_interviews
from app.studies.models import Respondent
from app.studies.services import create_study, draw_study
from app.studies.services.links import issue_links
from app.users.models import User
from tests.serving import chromium, serving, sign_in_page

DOCS = Path(__file__).resolve().parents[1] / "docs"
STUDY = "autumn"


def open_study(session: Session, secret: str) -> tuple[str, int]:
    """Add a study that is in the field; returns the token of a survey and the id of an interview."""
    day = today()
    plan: dict[str, Any] = {
        "key": STUDY, "name": "Autumn look", "questionnaire": "interview-360", "mode": "both", "strata": ["segment"],
        "size": 30, "method": "proportional", "certainty": {"top_arr": 4}, "seed": 7,
        "owner": "leader@sample.parallax.test",
        "roles": {"decision_maker": 0.35, "champion": 0.25, "admin": 0.15, "power_user": 0.25},
        "opens_on": day.isoformat(), "closes_on": (day + timedelta(days=21)).isoformat(),
    }  # fmt: skip
    talks = create_study(session, document=plan)
    draw_study(session, study=talks)
    csm = session.scalars(select(User).where(User.email == "csm@sample.parallax.test")).one()
    share_interviews(session, study=talks, interviewer_ids=[csm.id], at=now(), by=csm.id)
    survey = create_study(session, document=plan | {"key": "pulse", "questionnaire": "relationship", "mode": "survey"})
    draw_study(session, study=survey)
    url = issue_links(session, study=survey, secret=secret, base_url="").links[0].url
    of_study = select(Interview.id).join(Respondent, Respondent.id == Interview.respondent_id)
    first = of_study.where(Respondent.study_id == talks.id).order_by(Interview.id)
    return url, session.scalars(first).first() or 0


def take(browser: Browser, address: str, survey: str, interview: int, password: str) -> None:
    """Take the pictures."""
    phone = browser.new_context(viewport={"width": 375, "height": 760}, device_scale_factor=1).new_page()
    phone.goto(f"{address}{survey}?score=4")
    phone.screenshot(path=DOCS / "survey-phone.png")
    for email, path, name in (
        ("leader", "/accounts", "accounts"),
        ("leader", "/studies/sample", "study"),
        ("csm", f"/interviews/{interview}?q=satisfaction", "interview"),
        ("csm", "/accounts/A-1026/pulse/matrix", "judgement"),
        ("csm", "/accounts/A-1053/health", "moved"),
    ):
        page = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
        sign_in_page(page, address, f"{email}@sample.parallax.test", password)
        page.goto(f"{address}{path}")
        page.wait_for_load_state("networkidle")
        page.screenshot(path=DOCS / f"{name}.png")


def main() -> None:
    """Prepare what is shown, serve it, and take the pictures."""
    settings = read_settings()
    application = create_app(settings)
    with application.app_context():
        survey, interview = open_study(db.session, settings.secret_key)
        db.session.commit()
        db.engine.dispose()
    with serving(settings.home, settings.database_url) as address, chromium() as browser:
        take(browser, address, survey, interview, (settings.home / "sample-password").read_text(encoding="ascii"))
    sys.stdout.write(f"Pictures written to {DOCS.name}/\n")


if __name__ == "__main__":
    main()
