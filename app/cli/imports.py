"""`flask import`: files in."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask.cli import AppGroup

from app.cli.edge import as_json_option, edge, emit
from app.core.database import db
from app.core.errors import Refusal
from app.transfer.rules.outcome import CellError, ImportReport
from app.transfer.services import ImportRefused, Options, import_file
from app.transfer.services.formats import FORMATS, RESPONSES

group = AppGroup("import", help="Import a CSV or XLSX file: all of it or nothing; the same file again changes nothing.")

Command = Callable[..., None]

FILE = click.argument("path", metavar="FILE", type=click.Path(exists=True, dir_okay=False, path_type=Path))
SHARED: tuple[Callable[[Command], Command], ...] = (
    FILE,
    click.option("--dry-run", is_flag=True, help="Report what would happen and store nothing."),
    click.option("--date-format", metavar="F", help="How the file writes dates, as %d.%m.%Y (default: YYYY-MM-DD)."),
    click.option("--decimal-comma", is_flag=True, help="Numbers are written 1.234,56."),
    click.option("--sheet", metavar="NAME", help="The sheet of a workbook that has rows on several."),
    as_json_option,
)
FOR_RESPONSES: tuple[Callable[[Command], Command], ...] = (
    click.option("--study", metavar="KEY", required=True, help="The study that the answers belong to."),
    click.option("--map", "renamed", metavar="FROM=TO", multiple=True, help="A question's name here and in the study."),
    click.option("--ignore", "ignored", metavar="QUESTION", multiple=True, help="A question to leave out."),
)


def import_by_command(kind: str, path: Path, *, as_json: bool, **given: Any) -> None:
    """Import a file of one kind and say what happened; refused, say why, as JSON too if asked for."""
    try:
        report = import_file(db.session, kind=kind, path=path, options=_options(**given))
    except ImportRefused as refused:
        if as_json:
            emit(as_json, refused.report.document(), refused.sentence)
        raise
    except Refusal as refusal:
        if as_json:
            errors = (CellError(None, refusal.field, refusal.sentence),)
            report = ImportReport(kind, 0, errors=errors, errors_total=1, is_dry_run=given["dry_run"])
            emit(as_json, report.document(), refusal.sentence)
        raise
    emit(as_json, report.document(), report.sentence)


def _options(
    *,
    dry_run: bool,
    date_format: str | None,
    decimal_comma: bool,
    sheet: str | None = None,
    study: str | None = None,
    renamed: tuple[str, ...] = (),
    ignored: tuple[str, ...] = (),
) -> Options:
    return Options(
        date_format=date_format,
        has_decimal_comma=decimal_comma,
        is_dry_run=dry_run,
        currency=current_app.config["SETTINGS"].currency,
        sheet=sheet,
        study=study,
        renamed=dict(_pair(each) for each in renamed),
        ignored=ignored,
        progress=lambda row: click.echo(f"{row:,} rows read …", err=True),
    )


def _pair(mapping: str) -> tuple[str, str]:
    old, sign, new = (part.strip() for part in mapping.partition("="))
    if not (old and sign and new):
        raise click.BadParameter(f"write it as FROM=TO, not {mapping}", param_hint="--map")
    return old, new


def _command(kind: str) -> click.Command:
    run: Command = partial(import_by_command, kind)
    for option in reversed((*SHARED, *(FOR_RESPONSES if kind == RESPONSES.kind else ()))):
        run = option(run)
    return click.command(kind, help=f"Import {kind}; docs/importing.md tells the columns.")(edge(run))


for known in FORMATS:
    group.add_command(_command(known))
