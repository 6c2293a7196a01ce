"""Timelines, ledgers, renewals and boards at 100,000 accounts with a year of days each, in a signed-in browser."""

import sys
from pathlib import Path

from app import create_app
from app.core.database import db
from app.core.migrations import upgrade_schema
from tests.bench.asking import Asking
from tests.bench.bench_accounts import ROLES
from tests.bench.databases import on_each_kept_database
from tests.bench.portfolio_100k import ACCOUNTS, crm_id
from tests.bench.year_of_days import OPENED, built
from tests.conftest import settings_for
from tests.users.people import sign_in

TARGET_MS = 200
OLDER = "before=20260601000000000000-5-1"
KINDS = ("timeline", f"timeline?{OLDER}", "timeline?kind=health", "ledger")
WHOLE = {
    "the ledger of all": [f"/ledger?state={state}" for state in ("owed", "late", "unasked", "doubted", "all")],
    "renewals": ["/renewals", "/renewals?month=2026-12"],
    "boards of actions": ["/actions", "/actions?show=all", "/actions/board", "/actions/board?by=owner"],
}
ROUNDS = 4


def main() -> None:
    """Print p50 and p95 for SQLite, and for PostgreSQL where a server has room for it."""
    on_each_kept_database("year", built, measure)


def measure(name: str, home: Path, url: str) -> None:
    """Open the pages as each role, and print the times."""
    application = create_app(settings_for(home / "asking", url))
    upgrade_schema(application)
    sys.stdout.write(f"  {name}, {ACCOUNTS:,} accounts:\n")
    for role, person in ROLES.items():
        asking = Asking(sign_in(application, person), application)
        for kind in KINDS:
            pages = [f"/accounts/{crm_id(number)}/{kind}" for number in OPENED[:200]]
            asking.tell(f"{name}, {role}, {kind}", pages, target=TARGET_MS)
        for what, addresses in WHOLE.items():
            asking.tell(f"{name}, {role}, {what}", addresses, target=None, requests=ROUNDS * len(addresses))
    with application.app_context():
        db.engine.dispose()


if __name__ == "__main__":
    main()
