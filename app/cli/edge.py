"""The edge of a command: one use-case, one commit; a refusal is a sentence on standard error and status 1."""

import functools
import json
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

import click
from flask.cli import with_appcontext
from sqlalchemy import inspect
from sqlalchemy.exc import DBAPIError

from app.core.database import db
from app.core.errors import Refusal

P = ParamSpec("P")
R = TypeVar("R")

as_json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")


def edge(command: Callable[P, R]) -> Callable[P, R]:
    """Commit what the command did, or roll all of it back and say why."""

    @with_appcontext
    @functools.wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            result = command(*args, **kwargs)
            db.session.commit()
        except Refusal as refusal:
            db.session.rollback()
            click.echo(refusal.sentence, err=True)
            raise SystemExit(1) from refusal
        except DBAPIError as error:
            db.session.rollback()
            click.echo(_database_sentence(error), err=True)
            raise SystemExit(1) from error
        return result

    return run


def _database_sentence(error: DBAPIError) -> str:
    """Say what is wrong with the database and what to do; never the statement, which only developers can read."""
    if error.connection_invalidated or "connect" in str(error.orig):
        return "The database does not answer. Check PARALLAX_DATABASE_URL, and that the server runs."
    if "locked" in str(error.orig):
        return "The database is busy with another command. Nothing was stored; try again."
    if not inspect(db.engine).has_table("alembic_version"):
        return "The database has not been set up yet. Run: flask db upgrade"
    return f"The database refused: {error.orig}\nIf Parallax was updated, run: flask db upgrade"


def emit(as_json: bool, document: dict[str, Any], sentence: str) -> None:
    """Print the document for a script, or the sentence for a person."""
    click.echo(json.dumps(document, ensure_ascii=False, allow_nan=False) if as_json else sentence)
