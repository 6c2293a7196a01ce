"""What every test may ask for: a database of its own, an application on it, and the folder of shared truths."""

import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner
from playwright.sync_api import Browser
from sqlalchemy.orm import Session

from app import create_app
from app.core.config import Settings
from app.core.database import db
from app.core.migrations import upgrade_schema
from tests.serving import CHROMIUM, chromium

InBrowser = Callable[[Callable[[Browser], Any]], Any]

ROOT = Path(__file__).resolve().parents[1]
IS_CI = os.environ.get("CI") == "true"
POSTGRES = os.environ.get("PARALLAX_TEST_POSTGRES", "postgresql://parallax@127.0.0.1:54329/postgres")


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


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite database that each test copies."""
    home = tmp_path_factory.mktemp("template")
    path = home / "parallax.db"
    application = create_app(settings_for(home, f"sqlite:///{path}"))
    upgrade_schema(application)
    with application.app_context():
        db.engine.dispose()
    return path


@pytest.fixture(scope="session")
def postgres_template(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[sa.Engine, str]]:
    """A migrated, empty PostgreSQL database that each test clones."""
    server = sa.create_engine(POSTGRES, isolation_level="AUTOCOMMIT", connect_args={"connect_timeout": 3})
    name = f"parallax_template_{secrets.token_hex(4)}"
    try:
        with server.connect() as connection:
            connection.execute(sa.text(f"CREATE DATABASE {name}"))
    except sa.exc.OperationalError:
        leave_out("PostgreSQL does not answer; `setup/postgres` starts one for the tests.")
    application = create_app(settings_for(tmp_path_factory.mktemp("pg"), postgres_url(name)))
    upgrade_schema(application)
    with application.app_context():
        db.engine.dispose()
    yield server, name
    with server.connect() as connection:
        connection.execute(sa.text(f"DROP DATABASE {name} WITH (FORCE)"))
    server.dispose()


def postgres_url(name: str) -> str:
    """Return the address of a database on the test server."""
    return sa.make_url(POSTGRES).set(database=name).render_as_string(hide_password=False)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database of this test alone, migrated and empty, once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        path = tmp_path / "parallax.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    server, template = request.getfixturevalue("postgres_template")
    name = f"parallax_{secrets.token_hex(6)}"
    with server.connect() as connection:
        connection.execute(sa.text(f"CREATE DATABASE {name} TEMPLATE {template}"))
    yield postgres_url(name)
    with server.connect() as connection:
        connection.execute(sa.text(f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture
def application(database_url: str, tmp_path: Path) -> Iterator[Flask]:
    """An application on this test's database and home."""
    application = create_app(settings_for(tmp_path / "home", database_url))
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
def in_browser() -> Iterator[InBrowser]:
    """Runs a journey in Debian's Chromium and returns what it returns.

    In a thread of its own: Playwright keeps an event loop running there, and an application context would refuse to
    close beside it. A journey that wants to look into the database does so after it has returned.
    """
    if not Path(CHROMIUM).exists():
        leave_out("Chromium is not on this machine; the Debian package is “chromium”.")
    with ThreadPoolExecutor(max_workers=1) as thread:
        running = chromium()
        browser = thread.submit(running.__enter__).result()
        yield lambda journey: thread.submit(journey, browser).result()
        thread.submit(running.__exit__, None, None, None).result()
