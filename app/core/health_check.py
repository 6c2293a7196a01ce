"""`/healthz`: whether the database answers, and whether the worker lives."""

import tomllib
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from flask import Blueprint, current_app, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from app.core.clock import now
from app.core.config import ROOT
from app.core.database import db
from app.core.error_pages import RETRY_SECONDS

HEARTBEAT = "worker.heartbeat"
SILENT_AFTER = timedelta(seconds=60)

blueprint = Blueprint("health_check", __name__)


@blueprint.get("/healthz")
def healthz() -> ResponseReturnValue:
    """Answer 200 when the database does, else 503; a silent worker is named, and does not make the web unwell."""
    is_well = database_answers()
    response = jsonify(
        status="ok" if is_well else "unavailable",
        database="ok" if is_well else "unreachable",
        worker=worker_state(current_app.config["SETTINGS"].home / HEARTBEAT, now()),
        version=version(),
    )
    if not is_well:
        response.status_code = 503
        response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


def database_answers() -> bool:
    """Ask the database the smallest question there is."""
    try:
        with db.engine.connect() as connection:
            return bool(connection.execute(text("SELECT 1")).scalar_one() == 1)
    except SQLAlchemyError:
        return False


def worker_state(heartbeat: Path, present: datetime) -> dict[str, Any]:
    """Return whether the worker runs, was silent for a minute, or never ran, by the file that it touches."""
    try:
        seen_at = datetime.fromtimestamp(heartbeat.stat().st_mtime, UTC)
    except OSError:
        return {"state": "never", "seen_at": None}
    state = "running" if present - seen_at <= SILENT_AFTER else "silent"
    return {"state": state, "seen_at": seen_at.isoformat(timespec="seconds")}


@cache
def version() -> str:
    """Return the version that stands in pyproject.toml."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        return str(tomllib.load(file)["project"]["version"])
