"""100,000 accounts with a year of days each, in a signed-in browser: the page of one, the list, and the search."""

import sys
from pathlib import Path

import sqlalchemy as sa

from app import create_app
from app.core.database import db
from app.core.migrations import upgrade_schema
from tests.bench.asking import Asking, forget_file
from tests.bench.databases import on_each_kept_database
from tests.bench.portfolio_100k import ACCOUNTS, crm_id
from tests.bench.year_of_days import OPENED, built
from tests.conftest import settings_for
from tests.users.people import ADMIN, CSM, LEADER, sign_in

REQUESTS = 200
TARGET_MS = 300
PAGE_MS, FOUND_MS = 200, 100
COLUMNS = ("account", "arr", "renewal", "health", "voice", "gap")
SORTS = [f"sort={sort}&order={order}" for sort in COLUMNS for order in ("asc", "desc")]
MIX = [
    "",
    "page=2",
    "page=3500",
    "page=7143",
    *(f"show={show}" for show in ("heard", "hidden_risk", "hidden_strength", "renews", "silent", "mine")),
    *SORTS,
    *(f"{sort}&page=3500" for sort in SORTS[::2]),
    "segment=Small",
    "owner=owner7@bench.test",
    "segment=Enterprise&show=heard&sort=gap",
    "q=quist+77",
    "q=bench",
    "q=wickmen",
    "q=0017",
    "q=øst",
    "q=beta",
    "q=bar&match=starts",
    "q=haddad&sort=gap",
]
"""What people ask for: the first page, deep pages, each filter, each sorting, searches narrow and broad."""
TYPED = [
    f"q={words}&match={match}&by={by}"
    for words in ("ba", "wick", "quist", "øst", "zzzz", "98765", "beacon", "product+3", "no+such+thing")
    for match in ("contains", "starts")
    for by in ("customer", "relationship")
]
"""What is typed into the search of a page: what many have, what one has, and what nobody has."""


ROLES = {"admin": ADMIN, "leader": LEADER, "CSM": CSM}


def main() -> None:
    """Print p50 and p95 for SQLite, and for PostgreSQL where a server has room for it."""
    on_each_kept_database("year", built, measure)


def measure(name: str, home: Path, url: str) -> None:
    """Ask as each role, and print the times."""
    application = create_app(settings_for(home / "asking", url))
    upgrade_schema(application)
    sys.stdout.write(f"  {name}, {ACCOUNTS:,} accounts:\n")
    with application.app_context():
        db.engine.dispose()
    if url.startswith("sqlite"):
        forget_file([Path(str(sa.make_url(url).database))])
    pages = [f"/accounts/{crm_id(number)}" for number in OPENED]
    for role, person in ROLES.items():
        asking = Asking(sign_in(application, person), application)
        for time in ("for the first time", "again"):
            asking.tell(f"{name}, {role}, the page of one {time}", pages, target=PAGE_MS)
        typed = [f"/find/accounts?{query}" for query in TYPED]
        asking.tell(f"{name}, {role}, the search while one types", typed, target=FOUND_MS, requests=REQUESTS)
        listed = [f"/accounts?{query}" for query in MIX]
        asking.tell(f"{name}, {role}, the list", listed, target=TARGET_MS, requests=len(MIX) * 3)
    with application.app_context():
        db.engine.dispose()


if __name__ == "__main__":
    main()
