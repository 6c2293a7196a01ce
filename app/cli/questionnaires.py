"""`flask questionnaire`: what can be asked, in and out."""

from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup

from app.cli.edge import as_json_option, edge, emit
from app.core.database import db
from app.core.errors import Refusal
from app.questionnaires.queries import definition_of, newest_version, published_versions
from app.questionnaires.services import XLSFormRefused, publish_questionnaire, read_xlsform, write_xlsform
from app.questionnaires.services.workbooks import LARGEST_FILE

group = AppGroup("questionnaire", help="List questionnaires, read and write them as XLSForm.")


@group.command("list")
@as_json_option
@edge
def list_versions(as_json: bool) -> None:
    """List every published version with the number of its questions."""
    versions: list[dict[str, Any]] = [
        {
            "key": version.key,
            "version": version.version,
            "name": version.name,
            "questions": questions,
            "published_at": version.published_at.isoformat(),
        }
        for version, questions in published_versions(db.session)
    ]
    lines = [f"{v['key']}, version {v['version']}: {v['name']} (questions: {v['questions']})" for v in versions]
    emit(as_json, {"questionnaires": versions}, "\n".join(lines) or "No questionnaire has been published yet.")


@group.command("import")
@click.argument("path", metavar="FILE.xlsx", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--key", metavar="K", required=True, help="The questionnaire's key here; a known key gets a new version.")
@click.option("--dry-run", is_flag=True, help="Report what would happen and store nothing.")
@as_json_option
@edge
def import_xlsform(path: Path, *, key: str, dry_run: bool, as_json: bool) -> None:
    """Publish an XLSForm (.xlsx, .xls, .csv, .md) as the next version; docs/questionnaires.md tells the columns."""
    try:
        with path.open("rb") as file:
            converted = read_xlsform(file.read(LARGEST_FILE + 1), path.name, key=key)
    except XLSFormRefused as refused:
        if as_json:
            emit(as_json, {"key": key, "version": None, "unsupported": refused.constructs}, refused.sentence)
        raise
    except OSError as error:
        raise Refusal(f"{path.name} cannot be read: {error.strerror}.", "file") from error
    version = publish_questionnaire(db.session, document=converted.document)
    # The version is read before a dry run takes it back.
    report = {
        "key": version.key,
        "version": version.version,
        "questions": len(converted.document["questions"]),
        "warnings": converted.warnings,
        "dry_run": dry_run,
    }
    if dry_run:
        db.session.rollback()
    emit(as_json, report, "\n".join([_sentence(report), *(f"- {warning}" for warning in converted.warnings)]))


@group.command("export")
@click.argument("key")
@click.argument("path", metavar="FILE.xlsx", type=click.Path(dir_okay=False, path_type=Path))
@as_json_option
@edge
def export_xlsform(key: str, path: Path, *, as_json: bool) -> None:
    """Write the newest version as an XLSForm."""
    version = newest_version(db.session, key)
    content = write_xlsform(definition_of(version))
    try:
        path.write_bytes(content)
    except OSError as error:
        raise Refusal(f"{path} cannot be written: {error.strerror}.", "file") from error
    emit(
        as_json,
        {"key": key, "version": version.version, "file": str(path)},
        f"{key}, version {version.version}, written to {path}.",
    )


def _sentence(report: dict[str, Any]) -> str:
    said = "would be" if report["dry_run"] else "is"
    sentence = f"{report['key']}, version {report['version']}, {said} published (questions: {report['questions']})."
    return f"{sentence} Left out or remarked:" if report["warnings"] else sentence
