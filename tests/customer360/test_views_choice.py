"""Pages of accounts where a choice says which scorecard scores whom."""

from flask import Flask
from sqlalchemy import select

from app.core.clock import today
from app.customers.models import Account
from app.health.models import ScorecardVersion, Telemetry
from app.health.services import compute_health, load_scorecard
from app.health.services.choosing import publish_choice
from tests.customer360.test_views_accounts import names
from tests.users.people import ADMIN, add_people, changing, sign_in


def measured_by(key: str, *points: list[float]) -> dict[str, object]:
    return {"key": key, "measures": [{"key": "m", "metric": "m", "points": list(points), "weight": 1}]}


def test_accounts_are_sorted_and_shown_by_the_health_of_their_own_scorecard(application: Flask) -> None:
    with changing(application) as session:
        add_people(session)
        for crm_id, segment, value in (("A", "Large", 10), ("B", "Small", 20), ("C", "Large", 30), ("D", None, None)):
            account = Account(crm_id=crm_id, name=f"Account {crm_id}", segment=segment)
            session.add(account)
            session.flush()
            if value is not None:
                session.add(Telemetry(account_id=account.id, metric="m", period_end=today(), value=value))
        load_scorecard(session, document=measured_by("default", [0, 0], [100, 100]))
        load_scorecard(session, document=measured_by("large", [0, 100], [100, 0]))
        for version in session.scalars(select(ScorecardVersion)).all():
            compute_health(session, version=version, as_of=today())
        publish_choice(
            session,
            document={"rules": [{"field": "segment", "values": ["large"], "scorecard": "large"}], "default": "default"},
        )
    browser = sign_in(application, ADMIN)
    page = browser.get("/accounts?sort=health&order=desc").text
    assert names(page) == ["Account A", "Account C", "Account B", "Account D"]
    assert names(browser.get("/accounts?sort=health&order=asc&segment=Large").text) == ["Account C", "Account A"]
    assert "90" in browser.get("/accounts/A").text
    assert "large" in browser.get("/accounts/A").text
    assert browser.get("/accounts/D").status_code == 200
    # What stands beside the score is of the same scorecard, whichever was computed last.
    for address in ("health", "pulse"):
        assert "90" in browser.get(f"/accounts/A/{address}").text, address
        assert "20" in browser.get(f"/accounts/B/{address}").text, address
    assert "Health of Account A is 90" in browser.get("/accounts/A/health").text.replace("\u00a0", " ")
    assert "Health of Account B is 20" in browser.get("/accounts/B/health").text.replace("\u00a0", " ")
