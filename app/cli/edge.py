"""The edge of a command: one use-case, one commit; a refusal is a sentence on standard error and status 1."""

import functools
import json
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

import click
from flask.cli import with_appcontext

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
        return result

    return run


def emit(as_json: bool, document: dict[str, Any], sentence: str) -> None:
    """Print the document for a script, or the sentence for a person."""
    click.echo(json.dumps(document, ensure_ascii=False, allow_nan=False) if as_json else sentence)
