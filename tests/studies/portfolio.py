"""A small portfolio that is ready for a study: a scorecard, accounts in two segments, and their contacts."""

from datetime import date
from decimal import Decimal

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.workspace import Workspace
from app.customers.models import Account, Contact
from app.health.queries import newest_scorecard
from app.health.services import compute_health, load_scorecard
from app.scoring.models import AccountScore, Scoring
from app.studies.models import Study
from tests.users.people import NOON, add_people, any_version, token_in

SCORECARD = {"key": "default", "measures": [{"key": "usage", "metric": "usage", "points": [[0, 0]], "weight": 1}]}
FORM = {
    "name": "Spring look", "key": "", "questionnaire": "relationship", "mode": "both", "scorecard": "default",
    "opens_on": "2026-05-01", "closes_on": "2026-05-28", "health_as_of": "", "method": "proportional", "size": "8",
    "minimum_per_stratum": "2", "top_arr": "1", "accounts": "", "seed": "360", "wave": "", "strata": ["segment"],
    "filter_field": ["", "", ""], "filter_values": ["", "", ""], "role": ["champion", "admin", "user"],
    "weight": ["0.6", "0.4", ""],
}  # fmt: skip


def add_portfolio(session: Session, accounts: int = 20) -> None:
    """Add accounts A00, A01, … of three contacts each; of A00 nobody may be asked, at A01 nobody has a role."""
    load_scorecard(session, document=SCORECARD)
    session.add(Workspace(currency="EUR"))
    for i in range(accounts):
        segment = "Large" if i < 5 else "Small"
        account = Account(crm_id=f"A{i:02d}", name=f"Account {i:02d}", segment=segment, arr=Decimal(1000 * (i + 1)))
        session.add(account)
        session.flush()
        session.add_all(
            Contact(
                crm_id=f"{account.crm_id}-{role}",
                account_id=account.id,
                name=f"{role.title()} of {i:02d}",
                role=None if i == 1 else role,
                consent="no" if i == 0 or role == "user" else "unknown",
            )
            for role in ("champion", "admin", "user")
        )
    session.flush()


def add_ready(session: Session) -> None:
    """Fill a workspace with people and the portfolio."""
    add_people(session)
    add_portfolio(session)


def send(browser: FlaskClient, address: str, data: dict[str, object] | None = None, form: str | None = None):  # type: ignore[no-untyped-def]  # noqa: ANN201
    """Send a form from the page on which it stands."""
    token = token_in(browser.get(form or address).text)
    return browser.post(address, data={"csrf_token": token} | (data or {}))


def plan(browser: FlaskClient, **changes: object) -> str:
    """Plan a study through the form and return its address."""
    reply = send(browser, "/studies/new", FORM | changes)
    assert reply.status_code == 302, reply.text
    return str(reply.location)


def add_last_wave(session: Session) -> None:
    """Add an earlier study that was scored: voices differ much among the small accounts, little among the large."""
    version = any_version(session)
    day = date(2026, 1, 31)
    study = Study(
        key="last", name="Last", version_id=version.id, scorecard_key="default", plan={"mode": "survey"},
        opens_on=day, closes_on=day, health_as_of=day, drawn_at=NOON,
    )  # fmt: skip
    session.add(study)
    session.flush()
    health = compute_health(session, version=newest_scorecard(session, "default"), as_of=day)
    scoring = Scoring(study_id=study.id, health_computation_id=health.id, figures={}, scored_at=NOON)
    session.add(scoring)
    session.flush()
    for i, account in enumerate(session.scalars(select(Account).order_by(Account.crm_id))):
        wide = 4 if account.segment == "Large" else 40
        session.add(
            AccountScore(
                scoring_id=scoring.id, account_id=account.id, respondents=1, voice=50.0 + i % 2 * wide, tier="none",
                quadrant="insufficient", dimensions={},
            )
        )  # fmt: skip
    session.flush()
