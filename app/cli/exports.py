"""`flask export`: data out."""

from pathlib import Path

import click
from flask.cli import AppGroup

from app.cli.edge import as_json_option, edge, emit
from app.core.database import db
from app.transfer.services import export_health

group = AppGroup("export", help="Write data to a file.")


@group.command("health")
@click.argument("path", metavar="FILE.csv", type=click.Path(dir_okay=False, path_type=Path))
@as_json_option
@edge
def health(path: Path, *, as_json: bool) -> None:
    """Write the newest health of every account."""
    accounts = export_health(db.session, path=path)
    emit(as_json, {"accounts": accounts, "file": str(path)}, f"{accounts:,} accounts written to {path}.")
