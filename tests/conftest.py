"""What every test may ask for: a database of its own, an application on it, and the folder of shared truths."""

import os
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner
from hypothesis import HealthCheck, settings
from jinja2 import FileSystemBytecodeCache
from playwright.sync_api import Browser
from sqlalchemy.orm import Session

from app import create_app
from app.core.config import Settings
from app.core.database import db
from tests.databases import Files, Server, Templates
from tests.serving import CHROMIUM, chromium

InBrowser = Callable[[Callable[[Browser], Any]], Any]
Fill = Callable[..., Any]

# Machines are noisy: no property fails because an example took its time.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")

ROOT = Path(__file__).resolve().parents[1]
IS_CI = os.environ.get("CI") == "true"
POSTGRES = os.environ.get("PARALLAX_TEST_POSTGRES", "postgresql://parallax@127.0.0.1:54329/postgres")


KINDS = ("sqlite", "postgresql")
BOTH = "--both-databases"


READERS = {"reports", "customer360"}
"""Features that show what others stored: all their tests are tests of pages."""


PAGES = ("views", "journeys", "in_browser")
"""What is in the names of files with tests of pages; a browser knows least of all which database is behind them."""


COUNTING = {"scoring", "responses", "health", "transfer", "core", "house"}
"""Features whose statements say most to a database, and in words that differ: their services are tested on both."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Offer to run every test on both databases, which takes a third longer."""
    parser.addoption(BOTH, action="store_true", help="every test on SQLite and on PostgreSQL")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Run the tests of a file on the two databases in turn; those of services that count or lock run on both.

    A journey in the browser that fails is walked once more, and the summary says so: on a busy machine one of hundreds
    runs into a time limit of the browser's.
    """
    for item in items:
        if "in_browser" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.flaky(reruns=1))
    if config.getoption(BOTH):
        return
    tables: dict[tuple[Path, str], dict[str, int]] = defaultdict(dict)
    spared = []
    for item in items:
        facts: Any = getattr(item, "callspec", None)
        if facts is None or "database_url" not in facts.params:
            continue
        name = getattr(item, "originalname", item.name)
        is_table = len(facts.params) > 1
        of_pages = any(word in item.path.stem for word in PAGES) or item.path.parent.name in READERS
        if not is_table and not of_pages and item.path.parent.name in COUNTING:
            continue
        cases = tables[item.path, name if is_table else ""]
        parts = [name, *(part for part in facts.id.split("-") if part not in KINDS)]
        case = cases.setdefault("-".join(parts), len(cases))
        if KINDS[case % 2] != facts.params["database_url"] and _runs_on_both(item):
            spared.append(item)
    if spared:
        config.hook.pytest_deselected(items=spared)
        gone = set(spared)
        items[:] = [item for item in items if item not in gone]


def _runs_on_both(item: pytest.Item) -> bool:
    """Whether nothing else chose the databases of a test."""
    chosen = (mark.args[0] for mark in item.iter_markers("parametrize") if mark.args)
    return not any("database_url" in str(names) for names in chosen)


def leave_out(sentence: str) -> None:
    """Skip with a sentence; in CI nothing may be left out."""
    if IS_CI:
        pytest.fail(sentence)
    pytest.skip(sentence)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of golden truths and real files that lies beside the project."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        leave_out("The folder ../shared with golden truths and real files is not on this machine.")
    return folder


def settings_for(home: Path, url: str) -> Settings:
    """Settings of a test workspace."""
    home.mkdir(parents=True, exist_ok=True)
    return Settings(
        home=home,
        database_url=url,
        secret_key="a secret for tests only",
        base_url="http://localhost",
        mail_url=None,
        redis_url=None,
        currency=None,
        sample_password="correct horse battery staple",
    )


def open_application(home: Path, url: str) -> Flask:
    """Return an application on a database."""
    return create_app(settings_for(home, url))


@pytest.fixture(scope="session")
def sqlite_templates(tmp_path_factory: pytest.TempPathFactory) -> Templates:
    """The databases on SQLite that tests copy."""
    return Templates(Files(), tmp_path_factory.mktemp("templates"), open_application)


@pytest.fixture(scope="session")
def postgresql_templates(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Templates]:
    """The databases on PostgreSQL that tests copy."""
    server = Server(POSTGRES)
    try:
        templates = Templates(server, tmp_path_factory.mktemp("templates"), open_application)
    except sa.exc.OperationalError:
        leave_out("PostgreSQL does not answer; `setup/postgres` starts one for the tests.")
    yield templates
    templates.drop()
    server.close()


@pytest.fixture(params=KINDS)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database of this test alone, migrated and empty, once on SQLite and once on PostgreSQL.

    Where the test asks for `fill`, that makes the database.
    """
    templates: Templates = request.getfixturevalue(f"{request.param}_templates")
    url = templates.place.address(tmp_path)
    if "fill" not in request.fixturenames:
        templates.copy(url)
    yield url
    templates.place.drop(url)


@pytest.fixture
def fill(request: pytest.FixtureRequest, database_url: str) -> Fill:
    """Makes this test's database as a copy of one that a function has filled; returns what the function returned."""
    kind = sa.make_url(database_url).get_backend_name()
    templates: Templates = request.getfixturevalue(f"{kind}_templates")
    return lambda build, **facts: templates.copy_filled(database_url, build, facts)


@pytest.fixture(scope="session")
def compiled_pages(tmp_path_factory: pytest.TempPathFactory) -> FileSystemBytecodeCache:
    """Keeps compiled page templates for all applications: each would compile them anew."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("compiled")))


@pytest.fixture
def application(database_url: str, tmp_path: Path, compiled_pages: FileSystemBytecodeCache) -> Iterator[Flask]:
    """An application on this test's database and home."""
    application = open_application(tmp_path / "home", database_url)
    application.jinja_env.bytecode_cache = compiled_pages
    application.testing = True
    yield application
    with application.app_context():
        db.engine.dispose()


@pytest.fixture
def session(application: Flask) -> Iterator[Session]:
    """A session on this test's database, as a service gets it."""
    with application.app_context():
        yield db.session


@pytest.fixture
def runner(application: Flask) -> FlaskCliRunner:
    """Runs commands as `flask …` would."""
    return application.test_cli_runner()


@pytest.fixture
def client(application: Flask) -> FlaskClient:
    """A browser without cookies."""
    return application.test_client()


@pytest.fixture(scope="session")
def browser_thread() -> Iterator[InBrowser]:
    """Runs a function in the thread of Debian's Chromium and returns what it returns."""
    if not Path(CHROMIUM).exists():
        leave_out("Chromium is not on this machine; the Debian package is “chromium”.")
    with ThreadPoolExecutor(max_workers=1) as thread:
        running = chromium()
        browser = thread.submit(running.__enter__).result()
        yield lambda journey: thread.submit(journey, browser).result()
        thread.submit(running.__exit__, None, None, None).result()


@pytest.fixture
def in_browser(browser_thread: InBrowser) -> Iterator[InBrowser]:
    """Runs a journey in the browser and returns what it returns.

    In a thread of its own: Playwright keeps an event loop running there, and an application context would refuse to
    close beside it. A journey that wants to look into the database does so after it has returned. Pages that a test
    leaves open, as one that fails does, are closed before its server stops: they would ask it on and on.
    """
    yield browser_thread
    browser_thread(close_pages)


def close_pages(browser: Browser) -> None:
    """Close whatever is open in a browser."""
    for context in browser.contexts:
        context.close()
