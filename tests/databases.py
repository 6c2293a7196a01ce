"""Databases that tests copy: an empty one, and those that a function has filled, each made once in a process."""

import secrets
import shutil
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any, Protocol

import sqlalchemy as sa
from flask import Flask

from app.core.database import db
from app.core.migrations import upgrade_schema

Build = Callable[..., Any]
"""Fills a database: called with a session and facts, it returns keys and ids (never rows), which each test gets."""


class Place(Protocol):
    """Where databases are kept."""

    def address(self, folder: Path) -> str:
        """Return the address of a database that is not there yet, for somebody with this folder."""

    def create(self, url: str, template: str | None = None) -> None:
        """Make a database, empty or as a copy of another to which nobody is connected."""

    def drop(self, url: str) -> None:
        """Remove a database."""


class Files:
    """SQLite's databases: files, which go with their folders."""

    def address(self, folder: Path) -> str:
        """Return the address of the folder's database."""
        return f"sqlite:///{folder / 'parallax.db'}"

    def create(self, url: str, template: str | None = None) -> None:
        """Copy a file; an empty database needs none."""
        path = file_of(url)
        if path.exists():
            raise FileExistsError(path)
        if template:
            shutil.copy(file_of(template), path)

    def drop(self, url: str) -> None:
        """Leave the file to its folder."""


class Server:
    """PostgreSQL's databases."""

    def __init__(self, address: str) -> None:
        self._address = sa.make_url(address)
        self._engine = sa.create_engine(address, isolation_level="AUTOCOMMIT", connect_args={"connect_timeout": 3})

    def address(self, _folder: Path) -> str:
        """Return the address of a database with a name of its own."""
        name = f"parallax_{secrets.token_hex(6)}"
        return self._address.set(database=name).render_as_string(hide_password=False)

    def create(self, url: str, template: str | None = None) -> None:
        """Make a database."""
        copied = f" TEMPLATE {sa.make_url(template).database}" if template else ""
        self._run(f"CREATE DATABASE {sa.make_url(url).database}{copied}")

    def drop(self, url: str) -> None:
        """Remove a database, and whoever is still connected."""
        self._run(f"DROP DATABASE IF EXISTS {sa.make_url(url).database} WITH (FORCE)")

    def rename(self, url: str, wanted: str) -> None:
        """Give a database another name; nobody may be connected."""
        self._run(f"ALTER DATABASE {sa.make_url(url).database} RENAME TO {sa.make_url(wanted).database}")

    def close(self) -> None:
        """Leave the server."""
        self._engine.dispose()

    def _run(self, statement: str) -> None:
        with self._engine.connect() as connection:
            connection.execute(sa.text(statement))


class Templates:
    """The databases of one place that tests copy."""

    def __init__(self, place: Place, folder: Path, open_application: Callable[[Path, str], Flask]) -> None:
        self.place = place
        self._folder = folder
        self._open = open_application
        self._made: list[str] = []
        self._filled: dict[Any, tuple[str, Any]] = {}
        self._empty = self._make(None, upgrade_schema)[0]

    def copy(self, url: str) -> None:
        """Make a migrated, empty database."""
        self.place.create(url, self._empty)

    def copy_filled(self, url: str, build: Build, facts: dict[str, Any]) -> Any:
        """Make a database that a function has filled, and return what the function returned."""
        key = (build, *sorted(facts.items()))
        if key not in self._filled:
            self._filled[key] = self._make(self._empty, lambda application: filled(application, build, facts))
        template, value = self._filled[key]
        self.place.create(url, template)
        return deepcopy(value)

    def drop(self) -> None:
        """Remove them all."""
        for url in self._made:
            self.place.drop(url)

    def _make(self, template: str | None, work: Callable[[Flask], Any]) -> tuple[str, Any]:
        home = self._folder / str(len(self._made))
        home.mkdir()
        url = self.place.address(home)
        self.place.create(url, template)
        self._made.append(url)
        application = self._open(home, url)
        value = work(application)
        with application.app_context():
            db.engine.dispose()
        return url, value


def filled(application: Flask, build: Build, facts: dict[str, Any]) -> Any:
    """Fill an application's database and commit."""
    with application.app_context():
        value = build(db.session, **facts)
        db.session.commit()
    return value


def file_of(url: str) -> Path:
    """Return the file of a database on SQLite."""
    return Path(str(sa.make_url(url).database))
