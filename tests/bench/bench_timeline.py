"""Timelines and the ledger at 100,000 accounts, in a signed-in browser: the newest page, older ones, one kind alone."""

import random
import statistics
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app import create_app
from app.core.database import db
from app.core.migrations import upgrade_schema
from app.customers.models import Interaction, Promise
from app.health.models import HealthComputation, HealthScore, SupportCase
from app.responses.models import Response
from app.studies.models import Invitation, Respondent, Study
from tests.bench.bench_accounts import analyse
from tests.bench.databases import on_each_database
from tests.bench.portfolio_100k import ACCOUNTS, NOON, band, build, put
from tests.conftest import settings_for
from tests.users.people import ADMIN, add_people, sign_in

LOOKED_AT = 50
"""Accounts that are opened; they alone have a year of daily health, the others one day of it."""
DAYS = 365
TALKS, CASES, PROMISES = 24, 3, 2
TARGET_MS = 200


def main() -> None:
    """Print p50 and p95 for SQLite, and for PostgreSQL where the test server answers."""
    on_each_database(measure)


def measure(name: str, home: Path, url: str) -> None:
    """Build the workspace there, open the pages, print the times."""
    application = create_app(settings_for(home / "home", url))
    upgrade_schema(application)
    with application.app_context():
        add_people(db.session)
        build(db.session)
        add_events(db.session)
        db.session.commit()
        if url.startswith("postgresql"):
            analyse()
    browser = sign_in(application, ADMIN)
    accounts = [f"001{i * 1_997:07d}" for i in range(1, LOOKED_AT + 1)]
    for what, addresses in {
        "timeline": [f"/accounts/{each}/timeline" for each in accounts * 4],
        "timeline, older": [f"/accounts/{each}/timeline?before=20260601000000000000-5-1" for each in accounts * 2],
        "timeline, one kind": [f"/accounts/{each}/timeline?kind=health" for each in accounts * 2],
        "ledger of an account": [f"/accounts/{each}/ledger" for each in accounts * 2],
        "ledger of all": [f"/ledger?state={state}" for state in ("owed", "late", "all")] * 5,
    }.items():
        tell(name, what, [timed(browser, address) for address in addresses])
    with application.app_context():
        db.engine.dispose()


def tell(name: str, what: str, times: list[float]) -> None:
    """Print the times of one kind of page."""
    p50, p95 = statistics.median(times), statistics.quantiles(times, n=20)[-1]
    sys.stdout.write(
        f"  {name}, {what}: p50 {p50:.0f} ms, p95 {p95:.0f} ms of {len(times)} requests (target p95 {TARGET_MS} ms)\n"
    )
    sys.stdout.flush()


def timed(browser: FlaskClient, address: str) -> float:
    """Return how many milliseconds a page took, to its last byte."""
    start = time.perf_counter()
    reply = browser.get(address, buffered=True)
    took = (time.perf_counter() - start) * 1000
    assert reply.status_code == 200, address
    return took


def add_events(session: Session) -> None:
    """Let a year of things happen with every account, and a year of daily health with those that are opened."""
    dice = random.Random(5)  # noqa: S311  (what happened to nobody)
    every = range(1, ACCOUNTS + 1)
    put(session, Interaction, (talk(i, n, dice) for i in every for n in range(TALKS)))
    put(session, SupportCase, (case(i, n, dice) for i in every for n in range(CASES)))
    put(session, Promise, (promise(i, n, dice) for i in every for n in range(PROMISES)))
    study = session.scalars(sa.select(Study)).first()
    assert study is not None
    put(session, Respondent, (respondent(study.id, i) for i in every))
    put(session, Invitation, (invitation(study.id, i) for i in every))
    put(session, Response, (response(study, i) for i in every if i % 3 == 0))
    card = session.scalars(sa.select(HealthComputation.scorecard_version_id)).first()
    for days in range(1, DAYS):
        computation = HealthComputation(
            scorecard_version_id=card, as_of=NOON.date() - timedelta(days=days), content_sha256=str(days)
        )
        session.add(computation)
        session.flush()
        put(session, HealthScore, (health(computation.id, i * 1_997, dice) for i in range(1, LOOKED_AT + 1)))


def talk(i: int, n: int, dice: random.Random) -> dict[str, Any]:
    """Return a conversation with account i."""
    return {
        "crm_id": f"T{i}-{n}",
        "account_id": i,
        "occurred_at": NOON - timedelta(minutes=dice.randrange(525_600)),
        "channel": dice.choice(("call", "mail", "meeting", "social")),
        "contact_id": 2 * i,
        "summary": "They asked when the next release comes, and what it will change for their people.",
        "created_at": NOON,
    }


def case(i: int, n: int, dice: random.Random) -> dict[str, Any]:
    """Return a support case of account i."""
    opened = NOON - timedelta(minutes=dice.randrange(525_600))
    return {"crm_id": f"C{i}-{n}", "account_id": i, "opened_at": opened, "closed_at": opened + timedelta(days=2)}


def promise(i: int, n: int, dice: random.Random) -> dict[str, Any]:
    """Return a promise to account i."""
    made = NOON.date() - timedelta(days=dice.randrange(365))
    return {
        "crm_id": f"P{i}-{n}",
        "account_id": i,
        "source": "sales",
        "aspect": dice.choice(("economic", "emotional", "community")),
        "text": "Half the time for every invoice",
        "promised_on": made,
        "due_on": made + timedelta(days=90),
        "amount": 1_000 if n else None,
        "delivered_on": made + timedelta(days=60) if dice.random() < 0.5 else None,
        "created_at": NOON,
    }


def respondent(study_id: int, i: int) -> dict[str, Any]:
    """Return a person of account i as drawn."""
    return {"id": i, "study_id": study_id, "account_id": i, "contact_id": 2 * i, "role": "champion", "mode": "survey"}


def invitation(study_id: int, i: int) -> dict[str, Any]:
    """Return the invitation of respondent i."""
    return {
        "study_id": study_id,
        "respondent_id": i,
        "number": 0,
        "message_id": f"m{i}",
        "due_at": NOON,
        "sent_at": NOON,
        "created_at": NOON,
    }


def response(study: Study, i: int) -> dict[str, Any]:
    """Return the response of respondent i."""
    return {
        "study_id": study.id,
        "respondent_id": i,
        "external_id": f"R{i}",
        "version_id": study.version_id,
        "mode": "survey",
        "source": "survey",
        "submitted_at": NOON,
    }


def health(computation_id: int, i: int, dice: random.Random) -> dict[str, Any]:
    """Return the health of account i on a day."""
    value = round(dice.betavariate(5, 2) * 100, 2)
    return {
        "computation_id": computation_id,
        "account_id": i,
        "score": value,
        "band": band(value),
        "measures": [{"key": "usage", "value": 12.5, "points": value, "weight": 1}],
        "missing": [],
    }


if __name__ == "__main__":
    main()
