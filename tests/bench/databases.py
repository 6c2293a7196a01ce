"""Where a benchmark runs: an own SQLite file, and a database on the PostgreSQL test server where that answers."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from app.core.database import db
from tests.conftest import POSTGRES
from tests.databases import Server

KEPT = os.environ.get("PARALLAX_BENCH_KEEP")
"""A folder in which large databases stay for the next run."""
ROOMY = os.environ.get("PARALLAX_BENCH_POSTGRES")
"""A PostgreSQL server with 20 GB of room for a large one; the test server keeps its databases in memory."""
ALONE = os.environ.get("PARALLAX_BENCH_ONLY", "")
"""`sqlite` or `postgresql` to leave out the other one."""


def on_each_database(measure: Callable[[str, Path, str], None]) -> None:
    """Measure with the name of the database, a folder and its address."""
    with TemporaryDirectory() as folder:
        measure("SQLite", Path(folder), f"sqlite:///{folder}/bench.db")
        try:
            with postgres_database() as url:
                measure("PostgreSQL", Path(folder), url)
        except OperationalError:
            sys.stdout.write("  PostgreSQL does not answer and was left out.\n")


def on_each_kept_database(
    name: str, build: Callable[[Path, str], None], measure: Callable[[str, Path, str], None]
) -> None:
    """Build a large database on each, unless `PARALLAX_BENCH_KEEP` holds it from an earlier run, and measure there."""
    with TemporaryDirectory() as temporary:
        folder = Path(KEPT or temporary)
        if ALONE != "postgresql":
            file = folder / f"{name}.db"
            if not file.exists():
                under_way = folder / f"{name}.building.db"
                under_way.unlink(missing_ok=True)
                build(Path(temporary), f"sqlite:///{under_way}")
                under_way.rename(file)
            measure("SQLite", Path(temporary), f"sqlite:///{file}")
        if ROOMY and ALONE != "sqlite":
            with kept_on_server(ROOMY, name, lambda url: build(Path(temporary), url)) as url:
                measure("PostgreSQL", Path(temporary), url)
        elif not ROOMY:
            sys.stdout.write("  PostgreSQL was left out: PARALLAX_BENCH_POSTGRES names no server with room for it.\n")


@contextmanager
def kept_on_server(address: str, name: str, build: Callable[[str], None]) -> Iterator[str]:
    """Make and fill a database there unless it is kept from an earlier run; it is dropped where none is to be kept."""
    server = Server(address)
    database = f"bench_{name}"
    url = sa.make_url(address).set(database=database).render_as_string(hide_password=False)
    building = sa.make_url(address).set(database=f"{database}_building").render_as_string(hide_password=False)
    try:
        if not is_there(address, database):
            server.drop(building)
            server.create(building)
            build(building)
            server.rename(building, url)
        yield url
    finally:
        if not KEPT:
            server.drop(url)
        server.close()


def is_there(address: str, database: str) -> bool:
    """Tell whether a server has a database of this name."""
    engine = sa.create_engine(address)
    with engine.connect() as connection:
        found = connection.scalar(sa.text("SELECT 1 FROM pg_database WHERE datname = :name"), {"name": database})
    engine.dispose()
    return bool(found)


def analyse() -> None:
    """Let PostgreSQL look at the new rows, as its autovacuum would within the minute."""
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sa.text("VACUUM ANALYZE"))


@contextmanager
def postgres_database() -> Iterator[str]:
    """Make a database on the test server, and drop it afterwards, whatever came of the measurement."""
    server = Server(POSTGRES)
    url = server.address(Path())
    server.create(url)
    try:
        yield url
    finally:
        server.drop(url)
        server.close()
