"""100,000 accounts in a signed-in browser: 200 requests each for the list, for pages of accounts, and for a search."""

import random
import statistics
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import sqlalchemy as sa
from flask.testing import FlaskClient

from app import create_app
from app.core.database import db
from app.core.migrations import upgrade_schema
from tests.bench.databases import on_each_database
from tests.bench.portfolio_100k import ACCOUNTS, LIVED_IN, build, crm_id, lived_in
from tests.conftest import settings_for
from tests.users.people import ADMIN, add_people, sign_in

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


def main() -> None:
    """Print p50 and p95 for SQLite, and for PostgreSQL where the test server answers."""
    on_each_database(measure)


def measure(name: str, home: Path, url: str) -> None:
    """Build the workspace there, ask for the mix, print the times."""
    application = create_app(settings_for(home / "home", url))
    upgrade_schema(application)
    with application.app_context():
        add_people(db.session)
        build(db.session)
        lived_in(db.session)
        db.session.commit()
        if url.startswith("postgresql"):
            analyse()
    browser = sign_in(application, ADMIN)
    pages = [f"/accounts/{crm_id(number)}" for number in LIVED_IN]
    for what, addresses, target in (
        ("the list", [f"/accounts?{query}" for query in MIX], TARGET_MS),
        ("the page of one", pages, PAGE_MS),
        ("the search while one types", [f"/find/accounts?{query}" for query in TYPED], FOUND_MS),
    ):
        times = asked(browser, addresses)
        p50, p95 = statistics.median(times), statistics.quantiles(times, n=20)[-1]
        sys.stdout.write(
            f"  {name}, {ACCOUNTS:,} accounts, {what}: p50 {p50:.0f} ms, p95 {p95:.0f} ms of {len(times)} requests "
            f"(target p95 {target} ms)\n"
        )
    with application.app_context():
        db.engine.dispose()


def analyse() -> None:
    """Let PostgreSQL look at the new rows, as its autovacuum would within the minute."""
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sa.text("VACUUM ANALYZE"))


def asked(browser: FlaskClient, addresses: Sequence[str]) -> list[float]:
    """Return the milliseconds of each request, in a shuffled order."""
    wanted = [addresses[i % len(addresses)] for i in range(REQUESTS)]
    random.Random(3).shuffle(wanted)  # noqa: S311  (an order, not a secret)
    return [timed(browser, address) for address in wanted]


def timed(browser: FlaskClient, address: str) -> float:
    """Return how many milliseconds a page took, to its last byte."""
    start = time.perf_counter()
    reply = browser.get(address, buffered=True)
    took = (time.perf_counter() - start) * 1000
    assert reply.status_code == 200, address
    return took


if __name__ == "__main__":
    main()
