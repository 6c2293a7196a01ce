"""A small world for imports: two accounts, two contacts, and a study that has drawn both."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskCliRunner
from sqlalchemy.orm import Session

from app.customers.models import Account, Contact, Interaction, Opportunity, Outcome, Promise, Relationship
from app.health.models import SupportCase, Telemetry
from app.health.services import load_scorecard
from app.questionnaires.services import publish_built_ins
from app.responses.models import Answer, Response
from app.studies.services import create_study, draw_study
from app.users.models import AuditEvent
from tests.conftest import Fill

SCORECARD = {
    "key": "default",
    "measures": [{"key": "usage", "metric": "logins", "points": [[0, 0], [100, 100]], "weight": 1}],
    "bands": {"amber_from": 50, "green_from": 75},
}
STUDY = {
    "key": "s",
    "name": "A study",
    "questionnaire": "relationship",
    "mode": "survey",
    "strata": [],
    "method": "census",
    "seed": 1,
    "roles": {"champion": 1.0},
    "scorecard": "default",
    "opens_on": "2026-01-05",
    "closes_on": "2026-02-13",
}
TABLES = (
    Account, Contact, Relationship, Promise, Interaction, Opportunity, Outcome, SupportCase, Telemetry, Response,
    Answer, AuditEvent,
)  # fmt: skip

WriteFile = Callable[[str | bytes], Path]
Run = Callable[..., "Said"]


class Said:
    """What a command said and did."""

    def __init__(self, exit_code: int, stdout: str, stderr: str) -> None:
        self.status, self.stdout, self.stderr = exit_code, stdout, stderr

    @property
    def document(self) -> dict[str, Any]:
        """The JSON object on standard output."""
        document: dict[str, Any] = json.loads(self.stdout)
        return document

    @property
    def counts(self) -> tuple[int, int, int, int]:
        """rows, created, updated, unchanged."""
        document = self.document
        return document["rows"], document["created"], document["updated"], document["unchanged"]

    @property
    def places(self) -> list[tuple[int | None, str | None]]:
        """Row and column of each error."""
        return [(error["row"], error["column"]) for error in self.document["errors"]]

    @property
    def reasons(self) -> str:
        """The messages of all errors."""
        return "\n".join(error["message"] for error in self.document["errors"])


@pytest.fixture
def write_file(tmp_path: Path) -> WriteFile:
    """Writes text (as UTF-8) or bytes to a file and returns its path."""

    def write(content: str | bytes) -> Path:
        path = tmp_path / "import.csv"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


@pytest.fixture
def run(runner: FlaskCliRunner, write_file: WriteFile) -> Run:
    """Runs `flask import KIND` on a file's content, with --json; responses belong to the study `s`."""

    def invoke(kind: str, content: str | bytes, *options: str) -> Said:
        study = ("--study", "s") if kind == "responses" and "--study" not in options else ()
        result = runner.invoke(args=["import", kind, str(write_file(content)), "--json", *study, *options])
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Said(result.exit_code, result.stdout, result.stderr)

    return invoke


@pytest.fixture
def world(session: Session, fill: Fill) -> Session:
    """The small world, in a session."""
    fill(build_world)
    return session


def build_world(session: Session) -> None:
    """Accounts A-1 and A-2 with contacts C-1 and C-2, drawn into the study `s`; C-3 was not drawn."""
    for number in (1, 2):
        account = Account(crm_id=f"A-{number}", name=f"Customer {number}")
        session.add(account)
        session.flush()
        session.add(Contact(crm_id=f"C-{number}", account_id=account.id, name=f"Contact {number}", role="champion"))
    session.add(Contact(crm_id="C-3", account_id=account.id, name="Contact 3", role="guest"))
    publish_built_ins(session)
    load_scorecard(session, document=SCORECARD)
    draw_study(session, study=create_study(session, document=STUDY))


def everything(session: Session) -> list[tuple[Any, ...]]:
    """All rows of all tables that an import may touch, as they are now."""
    session.rollback()
    rows = [tuple(row) for model in TABLES for row in session.execute(sa.select(sa.inspect(model).local_table))]
    session.rollback()
    return sorted(rows, key=repr)


@pytest.fixture
def contents() -> Callable[[Session], list[tuple[Any, ...]]]:
    """The function that gives the content of the database, to compare before and after."""
    return everything
