"""`flask export`: data out."""

from pathlib import Path

import click
from flask.cli import AppGroup

from app.cli.edge import as_json_option, edge, emit
from app.core.database import db
from app.studies.queries import study_named
from app.transfer.services import export_answers, export_health

group = AppGroup("export", help="Write data to a file.")


@group.command("health")
@click.argument("path", metavar="FILE.csv", type=click.Path(dir_okay=False, path_type=Path))
@as_json_option
@edge
def health(path: Path, *, as_json: bool) -> None:
    """Write the newest health of every account."""
    accounts = export_health(db.session, path=path)
    emit(as_json, {"accounts": accounts, "file": str(path)}, f"{accounts:,} accounts written to {path}.")


@group.command("responses")
@click.argument("key")
@click.argument("path", metavar="FILE.csv", type=click.Path(dir_okay=False, path_type=Path))
@as_json_option
@edge
def responses(key: str, path: Path, *, as_json: bool) -> None:
    """Write the current answers of a study's submitted responses, one row each."""
    answers = export_answers(db.session, study=study_named(db.session, key), path=path)
    emit(as_json, {"study": key, "answers": answers, "file": str(path)}, f"{answers:,} answers written to {path}.")
