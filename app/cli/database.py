"""`flask db`: create or upgrade the schema."""

import click
from flask import Flask, current_app
from flask.cli import AppGroup

from app.cli.edge import as_json_option, edge, emit
from app.core.database import db
from app.core.migrations import alembic, prepare_migrations, upgrade_schema
from app.questionnaires.services import publish_built_ins

group = AppGroup("db", help="Create or upgrade the database.")


@group.command("upgrade")
@as_json_option
@edge
def upgrade(as_json: bool) -> None:
    """Bring the schema to the newest revision, and publish the built-in questionnaires."""
    revision = bring_up_to_date()
    emit(as_json, {"revision": revision}, f"The database is at revision {revision}.")


def bring_up_to_date() -> str:
    """Upgrade the schema and publish the built-in questionnaires; returns the revision."""
    application = this_application()
    upgrade_schema(application)
    with application.app_context():
        revision = "".join(script.revision for script in alembic.current())
    publish_built_ins(db.session)
    db.session.commit()
    return revision


@group.command("revision")
@click.argument("message")
def revision(message: str) -> None:
    """Write a revision from what the models say (for developers)."""
    prepare_migrations(this_application())
    alembic.revision(message)


def this_application() -> Flask:
    """Return the application itself, behind Flask's proxy."""
    application: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001  (Flask's own way to it)
    return application
