"""The schema: upgraded to the newest revision, or compared with the models."""

import logging

from flask import Flask
from flask_alembic import Alembic

from app.core.config import ROOT
from app.core.database import Base

alembic = Alembic(run_mkdir=False, command_name="", metadatas=Base.metadata)
logging.getLogger("alembic").setLevel(logging.WARNING)

SETTINGS = {
    "script_location": str(ROOT / "migrations"),
    "file_template": "%%(year)d%%(month).2d%%(day).2d_%%(hour).2d%%(minute).2d_%%(slug)s",
}
CONTEXT = {"render_as_batch": True, "compare_type": True}


def prepare_migrations(application: Flask) -> None:
    """Tell Alembic where the revisions lie and how to write them; only those who migrate need it."""
    if "alembic" not in application.extensions:
        application.config["ALEMBIC"] = dict(SETTINGS)
        application.config["ALEMBIC_CONTEXT"] = dict(CONTEXT)
        alembic.init_app(application)


def upgrade_schema(application: Flask) -> None:
    """Bring the database to the newest revision; on a database that is there already nothing changes.

    Runs in an application context of its own, because Alembic keeps its connection until the context ends.
    """
    prepare_migrations(application)
    with application.app_context():
        alembic.upgrade()
