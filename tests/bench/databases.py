"""Where a benchmark runs: an own SQLite file, and a database on the PostgreSQL test server where that answers."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy.exc import OperationalError

from tests.conftest import POSTGRES
from tests.databases import Server


def on_each_database(measure: Callable[[str, Path, str], None]) -> None:
    """Measure with the name of the database, a folder and its address."""
    with TemporaryDirectory() as folder:
        measure("SQLite", Path(folder), f"sqlite:///{folder}/bench.db")
        try:
            with postgres_database() as url:
                measure("PostgreSQL", Path(folder), url)
        except OperationalError:
            sys.stdout.write("  PostgreSQL does not answer and was left out.\n")


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
