"""The preview beside a scorecard’s draft: 2,000 accounts, 24 measures, a year of daily telemetry."""

import os
import statistics
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask

from app import create_app
from app.core.clock import today
from app.core.database import db
from app.core.migrations import upgrade_schema
from app.customers.models import Account
from app.health.models import Telemetry
from app.health.queries.previewing import preview_basis, scored_by
from app.health.rules.comparing import compared
from app.health.rules.editing import sheet_of, with_part
from app.health.rules.readiness import reading_of
from app.health.rules.scorecard import parse_scorecard
from app.health.services import compute_health, load_scorecard
from tests.bench.databases import analyse, on_each_database
from tests.conftest import settings_for
from tests.users.people import LEADER, add_people, sign_in

ACCOUNTS = int(os.environ.get("ACCOUNTS", "2000"))
MEASURES = 24
DAYS = int(os.environ.get("DAYS", "365"))
ROUNDS = 20
TARGET_MS = 500


def main() -> None:
    """Print how long a preview takes for SQLite, and for PostgreSQL where the test server answers."""
    on_each_database(measure)


def measure(name: str, home: Path, url: str) -> None:
    """Build the workspace there, change a curve and a weight again and again, print the times."""
    application = create_app(settings_for(home / "home", url))
    upgrade_schema(application)
    with application.app_context():
        add_people(db.session)
        build()
        compute_health(db.session, version=load_scorecard(db.session, document=card()), as_of=today())
        db.session.commit()
        if url.startswith("postgresql"):
            analyse()
        first = timed(1)
        times = [timed(weight) for weight in range(2, ROUNDS + 2)]
        other = timed(1, metric="metric 1", window_days="30")
        db.session.rollback()
    page = page_times(application)
    what = f"{ACCOUNTS:,} accounts × {MEASURES} measures × {DAYS} days"
    sys.stdout.write(
        f"  {name}, {what}: the first preview {first:.0f} ms, later ones p50 {statistics.median(times):.0f} ms, "
        f"most {max(times):.0f} ms; with a column that nobody measured yet {other:.0f} ms; the editor's page "
        f"p50 {statistics.median(page):.0f} ms, most {max(page):.0f} ms (target {TARGET_MS} ms)\n"
    )
    with application.app_context():
        db.engine.dispose()


def build() -> None:
    """Fill the workspace: accounts, and a row per account, metric and day, written by the database itself."""
    db.session.execute(sa.insert(Account), [{"crm_id": f"a{n}", "name": f"Account {n}"} for n in range(ACCOUNTS)])
    days = [today() - timedelta(days=back) for back in range(DAYS)]
    ids = db.session.scalars(sa.select(Account.id)).all()
    for number in range(MEASURES):
        rows = [
            {
                "account_id": key,
                "metric": f"metric {number}",
                "period_end": day,
                "value": (key * 31 + number * at) % 101,
            }
            for key in ids
            for at, day in enumerate(days)
        ]
        db.session.execute(sa.insert(Telemetry), rows)
    db.session.commit()


def card() -> dict[str, Any]:
    """Return a scorecard of all metrics."""
    aggregates = ("last", "mean", "sum", "slope")
    return {
        "key": "default",
        "measures": [
            {
                "key": f"m{number}",
                "metric": f"metric {number}",
                "aggregate": aggregates[number % 2],
                "points": [[0, 0], [100, 100]],
                "weight": 1 + number % 3,
            }
            for number in range(MEASURES)
        ],
    }


def timed(weight: int, **changes: str) -> float:
    """Return the milliseconds in which a draft with another curve and weight is computed and compared."""
    db.session.rollback()
    start = time.perf_counter()
    sheet = sheet_of(card())
    points = [["0", "0"], [str(20 + weight), "40"], ["100", "100"]]
    typed = {**sheet["measures"][0], "weight": str(weight), "points": points, **changes}
    scorecard = reading_of(with_part(sheet, "measure.m0", typed)).scorecard
    assert scorecard is not None
    basis = preview_basis(db.session, key="default", as_of=today())
    assert basis.version is not None
    before = scored_by(db.session, scorecard=parse_scorecard(basis.version.definition), basis=basis)
    compared(before, scored_by(db.session, scorecard=scorecard, basis=basis))
    return (time.perf_counter() - start) * 1000


def page_times(application: Flask) -> list[float]:
    """Return the milliseconds of the editor's page, which shows the preview beside the form."""
    browser = sign_in(application, LEADER)
    token = browser.get("/scorecards").text.split('name="csrf_token" value="')[1].split('"')[0]
    browser.post("/scorecards/default/draft", data={"csrf_token": token})
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        assert browser.get("/scorecards/default/edit?at=measure.m0", buffered=True).status_code == 200
        times.append((time.perf_counter() - start) * 1000)
    return times


if __name__ == "__main__":
    main()
