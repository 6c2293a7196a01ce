"""`flask questionnaire`: what can be asked."""

from typing import Any

from flask.cli import AppGroup

from app.cli.edge import as_json_option, edge, emit
from app.core.database import db
from app.questionnaires.queries import published_versions

group = AppGroup("questionnaire", help="List questionnaires.")


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
