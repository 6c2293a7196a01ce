"""`flask sample load`: the sample portfolio, through the same importers as anybody's files."""

import os
import secrets

import click
from flask import current_app
from flask.cli import AppGroup

from app.cli.edge import as_json_option, edge, emit
from app.core.config import Settings
from app.core.database import db
from app.core.errors import Refusal
from app.core.workspace import the_workspace
from app.sample.services import is_empty, load_sample

group = AppGroup("sample", help="The sample portfolio.")


@group.command("load")
@as_json_option
@edge
def load(as_json: bool) -> None:
    """Load the sample portfolio into an empty workspace."""
    settings: Settings = current_app.config["SETTINGS"]
    if not is_empty(db.session):
        raise Refusal("This workspace has accounts already; the sample is loaded into an empty one only.")
    password = _password(settings)
    loaded = load_sample(db.session, password=password, report=_progress)
    emit(as_json, {**loaded, "password": password}, f"Loaded the sample. Its sign-ins have the password {password}")


def load_once(settings: Settings) -> str | None:
    """Load the sample where it is not there yet; returns its password, None in a workspace with other data."""
    if not is_empty(db.session):
        return _password(settings) if the_workspace(db.session).is_sample else None
    click.echo("· Loading the sample portfolio …")
    password = _password(settings)
    load_sample(db.session, password=password, report=_progress)
    db.session.commit()
    return password


def _progress(sentence: str) -> None:
    click.echo(f"  {sentence}", err=True)


def _password(settings: Settings) -> str:
    """Return the password of the sample sign-ins: as set, or made up once and kept: it guards nothing but samples."""
    if settings.sample_password:
        return settings.sample_password
    path = settings.home / "sample-password"
    if not path.exists():
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), "w", encoding="ascii") as file:
            file.write("-".join(secrets.token_hex(3) for _ in range(3)))
    return path.read_text(encoding="ascii")
