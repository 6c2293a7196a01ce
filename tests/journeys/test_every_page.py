"""Every page that a role can open, in a real browser at the width of a phone: nothing for axe, no sideways scrolling.

A new page is walked as soon as it has an address; one whose address needs more than stands in `Shown` says so here.
"""

import itertools
import re
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import timedelta
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.actions.models import Action
from app.authoring.services import create_draft
from app.core.clock import now, today
from app.customers.models import Account, Promise, Relationship
from app.health.queries import newest_scorecard
from app.health.rules.editing import sheet_of
from app.health.services.drafts import create_draft as begin_scorecard
from app.interviews.models import Coding, Interview
from app.ledger.rules.typed import TypedEntry
from app.ledger.services import Writer as LedgerWriter
from app.ledger.services import add_entry
from app.plans.queries.one import open_plan
from app.plans.services import Writer, add_blocker, add_outcome, begin_plan, close_plan
from app.pulse.services.rounds import begin_round
from app.questionnaires.queries import newest_version
from app.reports.publishing import publish_edition, share_edition
from app.reports.rules.topics.registry import TOPICS
from app.responses.models import Response
from app.sample.services import load_sample
from app.studies.models import Respondent, Study
from app.studies.services import create_study
from app.transfer.services import Options
from app.transfer.services.uploads import FOLDER, try_upload
from app.users.models import User
from tests.conftest import InBrowser
from tests.pictures import STUDY, open_study
from tests.plans.world import blocker_wish, outcome_wish, plan_wish
from tests.serving import axe_findings, serving, sign_in_page
from tests.users.people import PASSWORD, changing, sign_in

ROLES = ("admin", "leader", "csm", "viewer")
PHONE = 375
NO_PAGES = {"static", "health_check.healthz", "interviews.worker", "surveys.mail_preview", "customer360.find"}
"""What is no page of ours: a mail as it is sent runs no script, not even one that looks at it; parts of pages."""
ONLY_ELSEWHERE = {
    "users.sign_in": "who is signed in is led on",
    "users.sign_in_code": "only between password and code",
    "users.first_admin": "only in an empty workspace",
    "surveys.anonymous": "walked with its answers in tests/surveys",
    "surveys.unsubscribe": "walked from a mail in tests/surveys",
    "interviews.next_call": "leads on",
    "health.scorecards_of_health": "leads on",
    "stakeholders.promises": "leads on",
    "relationships.another": "leads on",
    "reports.leave": "walked from a mail in tests/reports",
    "alerts.leave": "walked from a mail in tests/alerts",
    "subscriptions.leave": "walked from a mail in tests/subscriptions",
}
"""Pages that none of the roles can open in this workspace, and why."""

ASKED = {"actions.new": {"account": "account_id"}}
"""What pages need behind the question mark, and what of `Shown` stands there."""


@dataclass
class Shown:
    """What stands for the parts of addresses: of the whole site, and of the features whose keys are others."""

    values: dict[str, list[Any]]
    keys: dict[str, list[str]] = field(default_factory=dict)

    def of(self, endpoint: str, name: str) -> list[Any]:
        """Return what is shown for a part of an address."""
        if name == "key":
            return next((keys for start, keys in self.keys.items() if endpoint.startswith(start)), self.values["key"])
        assert name in self.values, f"Say in this test what stands for “{name}” of {endpoint}."
        return self.values[name]


def add_everything(session: Session, secret: str, folder: Path) -> Shown:
    """Fill a workspace with the sample, studies in each state, and something on each list."""
    load_sample(session, password=PASSWORD, report=lambda _: None, on=today() - timedelta(days=6))
    survey, open_interview = open_study(session, secret)
    sample = session.scalars(select(Study).where(Study.key == "sample")).one()
    plan = session.scalars(select(Study).where(Study.key == STUDY)).one().plan
    quiet = {"questionnaire": "relationship", "mode": "survey", "anonymous": True}
    period = {"opens_on": today().isoformat(), "closes_on": (today() + timedelta(days=9)).isoformat()}
    for key, more in (("undrawn", {}), ("quiet", quiet)):
        document = {**plan, **period, "key": key, "name": "Another look", "questionnaire": "interview-360", **more}
        create_study(session, document=document)
    people = {user.email.split("@")[0]: user.id for user in session.scalars(select(User))}
    edition = publish_edition(session, study=sample, at=now(), by=people["leader"])
    token = share_edition(
        session, study=sample, edition=edition, made_for="The board", days=7, at=now(), by=people["leader"]
    )
    mine = select(Account).where(Account.csm_email == "csm@sample.parallax.test").order_by(Account.id)
    account = session.scalars(mine.join(Promise, Promise.account_id == Account.id)).first()
    assert account
    action = Action(
        account_id=account.id,
        owner_id=people["csm"],
        title="Send the plan that we spoke of",
        due_on=today() - timedelta(days=1),
        is_promised=True,
        created_by=people["csm"],
    )
    done = session.scalars(
        select(Interview.id)
        .join(Respondent, Respondent.id == Interview.respondent_id)
        .join(Response, Response.respondent_id == Respondent.id)
        .where(Respondent.study_id == sample.id, Interview.interviewer_id == people["csm"])
    ).first()
    coding = Coding(interview_id=done, coder_id=people["csm"], asked_at=now())
    session.add_all([action, coding])
    round_ = begin_round(session, name="Blind", raters=[account.csm_email], at=now(), by=people["leader"])
    definition = newest_version(session, "relationship").definition
    create_draft(session, definition=definition, by=people["leader"])
    upload = try_upload(
        session, folder=folder, content=BytesIO(b"account_id,name\nA-1012,Another name\n"), filename="accounts.csv",
        kind="accounts", options=Options(), user_id=people["admin"],
    )  # fmt: skip
    card = newest_scorecard(session, "default")
    begin_scorecard(session, sheet=sheet_of(card.definition), based_on=None, form_key="walk", by=people["leader"])
    outcome_id, blocker_id = add_plan_to(session, account, people["csm"])
    session.flush()
    said = select(Response.external_id).join(Respondent, Respondent.id == Response.respondent_id)
    theirs = said.join(Account, Account.id == Respondent.account_id).where(
        Respondent.study_id == sample.id, Account.csm_email == account.csm_email
    )
    promise = session.scalars(select(Promise.id).where(Promise.account_id == account.id)).first()
    assert promise
    related = session.scalars(select(Relationship.crm_id).where(Relationship.account_id == account.id)).first()
    entry = add_entry(
        session,
        account=account,
        promise_id=promise,
        typed=TypedEntry("articulated", "sales", today().isoformat(), evidence="https://files.example/review"),
        form_key="walk",
        writer=LedgerWriter(people["csm"], now()),
    )
    return Shown(
        {
            "key": ["sample", STUDY, "pulse", "undrawn", "quiet"],
            "account_id": [account.crm_id],
            "relationship_id": [related],
            "type_": ["product"],
            "external_id": [session.scalars(theirs).first()],
            "interview_id": [open_interview, done],
            "coding_id": [coding.id],
            "action_id": [action.id],
            "playbook_id": [1, 2],
            "upload_id": [upload.id],
            "promise_id": [promise],
            "entry_id": [entry.id],
            "outcome_id": [outcome_id],
            "blocker_id": [blocker_id],
            "mail_id": [1],
            "round_id": [round_.id],
            "subscription_id": [1],
            "number": [1],
            "topic": list(TOPICS),
            "kind": ["invitation"],
            "language": ["de"],
            "extent": ["role"],
            "name": ["csm"],
            "token": [survey.rsplit("/", 1)[-1], token],
        },
        {
            "authoring.": ["relationship"],
            "customer360.section": ["health", "timeline"],
            "health.": ["default"],
            "overlays.": ["freight-shortage"],
            "reports.topic": ["sample"],
            "reports.validity": ["default"],
            "reports.matching": ["default"],
        },
    )


def add_plan_to(session: Session, account: Account, user_id: int) -> tuple[int, int]:
    """Give an account a plan with an outcome and a critical blocker, in place of one that it has."""
    writer = Writer(user_id, now())
    if open_plan(session, account):
        close_plan(session, account=account, writer=writer)
    begin_plan(session, account=account, wish=plan_wish(), agreed_with="", form_key="walk", writer=writer)
    outcome = add_outcome(session, account=account, wish=outcome_wish(), form_key="walk", writer=writer)
    critical = blocker_wish(is_critical=True)
    blocker = add_blocker(session, account=account, wish=critical, form_key="walk", writer=writer)
    return outcome.id, blocker.id


def addresses(application: Flask, shown: Shown) -> dict[str, list[str]]:
    """Return the addresses of every page by its endpoint; files and figures for programs are no pages."""
    found: dict[str, list[str]] = defaultdict(list)
    adapter = application.url_map.bind("localhost")
    for rule in application.url_map.iter_rules():
        is_file = re.search(r"\.[a-z<(]+(>|$)|\.<any\(", rule.rule)
        if "GET" not in (rule.methods or ()) or rule.endpoint in NO_PAGES or is_file:
            continue
        names = sorted(rule.arguments)
        for values in itertools.product(*(shown.of(rule.endpoint, name) for name in names)):
            asked = {name: shown.values[part][0] for name, part in ASKED.get(rule.endpoint, {}).items()}
            found[rule.endpoint].append(adapter.build(rule.endpoint, dict(zip(names, values, strict=True)) | asked))
    return found


class Kinds(HTMLParser):
    """Collects of which kinds the elements of a page are: tag, class, role and what else names them."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        kept = [f"{name}={value}" if name in {"class", "role", "type"} else name for name, value in attrs]
        self.found.add(" ".join([tag, *sorted(kept)]))


def kinds_of(page: str) -> set[str]:
    reader = Kinds()
    reader.feed(page)
    return reader.found


def opened(browser: FlaskClient, places: dict[str, list[str]]) -> dict[str, tuple[str, str]]:
    """Return, by address, the endpoint and the text of every page that opens."""
    pages = {}
    for endpoint, theirs in places.items():
        for address in theirs:
            reply = browser.get(address, buffered=True)
            assert reply.status_code < 500, address
            if reply.status_code == 200 and reply.mimetype == "text/html":
                pages[address] = (endpoint, reply.text)
    return pages


def new_ones(pages: dict[str, tuple[str, str]], seen: dict[str, set[str]]) -> list[str]:
    """Return the addresses of pages with a kind of element that was not looked at before under the same endpoint."""
    chosen = []
    for address, (endpoint, text) in pages.items():
        kinds = kinds_of(text)
        if not kinds <= seen[endpoint]:
            seen[endpoint] |= kinds
            chosen.append(address)
    return chosen


def look_at(page: Page, address: str) -> list[str]:
    """Return what is wrong with a page."""
    page.goto(address)
    found = axe_findings(page)
    width = page.evaluate("document.documentElement.scrollWidth")
    return [*found, *([f"{width} pixels wide"] if width > PHONE else [])]


def walk(browser: Browser, root: str, role: str, places: list[str]) -> dict[str, list[str]]:
    """Return what is wrong with the pages that somebody looks at, by address."""
    context = browser.new_context(viewport={"width": PHONE, "height": 800})
    page = context.new_page()
    sign_in_page(page, root, f"{role}@sample.parallax.test")
    wrong = {f"{role} {place}": look_at(page, root + place) for place in places}
    context.close()
    return {place: found for place, found in wrong.items() if found}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_every_page_fits_a_phone_and_axe_finds_nothing(
    application: Flask, database_url: str, tmp_path: Path, in_browser: InBrowser
) -> None:
    settings = application.config["SETTINGS"]
    with changing(application) as session:
        shown = add_everything(session, settings.secret_key, settings.home / FOLDER)
    places, seen = addresses(application, shown), defaultdict[str, set[str]](set)
    chosen = {
        role: new_ones(opened(sign_in(application, f"{role}@sample.parallax.test"), places), seen) for role in ROLES
    }
    assert {endpoint for endpoint in places if not seen[endpoint]} == set(ONLY_ELSEWHERE)
    with serving(tmp_path / "home", database_url) as root:
        wrong = in_browser(
            lambda browser: {k: v for role in ROLES for k, v in walk(browser, root, role, chosen[role]).items()}
        )
    assert wrong == {}
