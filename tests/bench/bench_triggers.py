"""A round over 20,000 accounts with 100,000 cases: the first, when many join, and those after, when nobody does."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import sqlalchemy as sa
from flask import Flask

from app import create_app
from app.core.clock import now, today
from app.core.database import db
from app.core.migrations import upgrade_schema
from app.customers.models import Account, Contact
from app.health.models import SupportCase
from app.studies.queries import study_named
from app.studies.queries.triggers import studies_to_look
from app.surveys.services.occasions import run_round
from tests.conftest import settings_for
from tests.surveys.mailed import PLACE
from tests.surveys.triggered import ROLES, add_workspace, plan, started

ACCOUNTS = 20_000
CASES = 100_000
PEOPLE_EACH = 3
DAYS = 1_000
"""The days over which the cases were closed, each account's five on days of their own."""


def add_portfolio() -> None:
    """Add accounts, their people, and five cases each, one in ten of them open."""
    day = today()
    db.session.execute(sa.insert(Account), [
        {"id": n, "crm_id": f"B-{n}", "name": f"Account {n}", "segment": f"S{n % 4}", "status": "active", "tags": [],
         "custom": {"go_live_date": (day - timedelta(days=n % DAYS)).isoformat()},
         "start_date": day - timedelta(days=n % DAYS), "renewal_date": day + timedelta(days=n % DAYS)}
        for n in range(ACCOUNTS)
    ])  # fmt: skip
    db.session.execute(sa.insert(Contact), [
        {"crm_id": f"P-{n}", "account_id": n // PEOPLE_EACH, "name": f"Person {n}", "email": f"p{n}@mail.example",
         "role": ROLES[n % 2]}
        for n in range(ACCOUNTS * PEOPLE_EACH)
    ])  # fmt: skip
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    db.session.execute(sa.insert(SupportCase), [
        {"crm_id": f"C-{n}", "account_id": n * 7 % ACCOUNTS, "opened_at": noon - timedelta(days=DAYS + 1),
         "closed_at": None if n % 10 == 0 else noon - timedelta(days=(n * 31 + n // ACCOUNTS * 137) % DAYS)}
        for n in range(CASES)
    ])  # fmt: skip


@contextmanager
def workspace(url: str | None = None) -> Iterator[Flask]:
    """A workspace with the portfolio and one study for each way in which accounts join."""
    with TemporaryDirectory() as folder:
        home = Path(folder)
        application = create_app(settings_for(home, url or f"sqlite:///{home / 'parallax.db'}"))
        upgrade_schema(application)
        with application.app_context():
            add_workspace(db.session)
            add_portfolio()
            for event in ("case_closed", "go_live", "renewal"):
                started(db.session, plan(event, key=event))
            custom = {"field": "go_live_date"}
            started(db.session, plan("go_live", key="custom", trigger=custom))
            db.session.commit()
        yield application


def seconds_of_round(key: str) -> tuple[float, str]:
    """Run one round and commit."""
    began = time.perf_counter()
    done = run_round(db.session, study=study_named(db.session, key), at=now(), place=PLACE)
    db.session.commit()
    return time.perf_counter() - began, f"{done.accounts:,} join, {done.mails:,} mails"


def main() -> None:
    """Print the seconds of the first round of each study, of the second, and of looking whether one is due."""
    with workspace() as application, application.app_context():
        for key in ("case_closed", "go_live", "renewal", "custom"):
            first, what = seconds_of_round(key)
            second, nothing = seconds_of_round(key)
            sys.stdout.write(f"{key}: first round {first:.2f} s ({what}), second {second:.3f} s ({nothing})\n")
        began = time.perf_counter()
        due = studies_to_look(db.session, at=now(), before=now() - timedelta(hours=1))
        sys.stdout.write(
            f"looking whether a round is due: {(time.perf_counter() - began) * 1000:.1f} ms ({len(due)})\n"
        )


if __name__ == "__main__":
    main()
