"""`flask export`: data out."""

from pathlib import Path

import click
from flask.cli import AppGroup

from app.cli.edge import as_json_option, edge, emit
from app.core.database import db
from app.studies.queries import study_named
from app.transfer.services import (
    export_answers,
    export_codebook,
    export_crm,
    export_gaps,
    export_health,
    export_responses,
    export_scores,
)

group = AppGroup("export", help="Write data to a file.")


@group.command("health")
@click.argument("path", metavar="FILE.csv", type=click.Path(dir_okay=False, path_type=Path))
@as_json_option
@edge
def health(path: Path, *, as_json: bool) -> None:
    """Write the newest health of every account."""
    accounts = export_health(db.session, path=path)
    emit(as_json, {"accounts": accounts, "file": str(path)}, f"{accounts:,} accounts written to {path}.")


@group.command("crm")
@click.argument("path", metavar="FILE.csv|.xlsx", type=click.Path(dir_okay=False, path_type=Path))
@as_json_option
@edge
def crm(path: Path, *, as_json: bool) -> None:
    """Write health, voice, gap and tier of every account, each by the newest scored study that heard it."""
    accounts = export_crm(db.session, path=path)
    emit(as_json, {"accounts": accounts, "file": str(path)}, f"{accounts:,} accounts written to {path}.")


@group.command("responses")
@click.argument("key")
@click.argument("path", metavar="FILE.csv|.xlsx|.sav", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--wide", is_flag=True, help="One row per response, a column per question, and a codebook.")
@as_json_option
@edge
def responses(key: str, path: Path, *, wide: bool, as_json: bool) -> None:
    """Write the current answers of a study's submitted responses, one row each."""
    study = study_named(db.session, key)
    if wide:
        count = export_responses(db.session, study=study, path=path)
        emit(as_json, {"study": key, "responses": count, "file": str(path)}, f"{count:,} responses written to {path}.")
        return
    answers = export_answers(db.session, study=study, path=path)
    emit(as_json, {"study": key, "answers": answers, "file": str(path)}, f"{answers:,} answers written to {path}.")


@group.command("codebook")
@click.argument("key")
@click.argument("path", metavar="FILE.csv", type=click.Path(dir_okay=False, path_type=Path))
@as_json_option
@edge
def codebook(key: str, path: Path, *, as_json: bool) -> None:
    """Write what each column of a study's responses means."""
    columns = export_codebook(db.session, study=study_named(db.session, key), path=path)
    emit(as_json, {"study": key, "variables": columns, "file": str(path)}, f"{columns:,} variables written to {path}.")


@group.command("scores")
@click.argument("key")
@click.argument("path", metavar="FILE.csv|.xlsx|.sav", type=click.Path(dir_okay=False, path_type=Path))
@as_json_option
@edge
def scores(key: str, path: Path, *, as_json: bool) -> None:
    """Write the voice and the dimension scores of the people whom a scored study heard."""
    people = export_scores(db.session, study=study_named(db.session, key), path=path)
    emit(as_json, {"study": key, "respondents": people, "file": str(path)}, f"{people:,} people written to {path}.")


@group.command("gaps")
@click.argument("key")
@click.argument("path", metavar="FILE.csv|.xlsx|.sav", type=click.Path(dir_okay=False, path_type=Path))
@as_json_option
@edge
def gaps(key: str, path: Path, *, as_json: bool) -> None:
    """Write every drawn account of a scored study with its health, voice and gap."""
    accounts = export_gaps(db.session, study=study_named(db.session, key), path=path)
    emit(as_json, {"study": key, "accounts": accounts, "file": str(path)}, f"{accounts:,} accounts written to {path}.")
