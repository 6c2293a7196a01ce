"""Exports of health, of answers, and of what a CRM keeps."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from app.core.errors import Missing
from app.core.sheets import Sheet, write_csv
from app.studies.models import Study
from app.studies.services.anonymity import refuse_anonymous
from app.transfer.queries import health_rows, newest_health
from app.transfer.queries.answers import answer_rows
from app.transfer.queries.crm import crm_rows
from app.transfer.services.files import write_file
from app.users.rules import Scope

HEALTH_COLUMNS = ("account_id", "scorecard", "version", "as_of", "score", "band", "missing")
CRM_COLUMNS = ("account_id", "health", "voice", "gap", "tier", "study")
CRM_NUMBERS = frozenset({"health", "voice", "gap"})
ANSWER_COLUMNS = (
    "response_id",
    "account_id",
    "contact_id",
    "question",
    "value",
    "submitted_at",
    "mode",
    "role",
    "stratum",
    "stratum_size",
    "weight",
    "questionnaire",
    "version",
    "item",
    "absence",
    "counted",
    "consent_version",
    "interviewer",
)
REMOVED = "removed"
"""Why an answer has no value: there were words, and they were taken away."""
NUMBERS = frozenset({"stratum_size", "weight", "version", "consent_version"})
"""The columns of answers that hold numbers alone."""


def export_health(session: Session, *, path: Path) -> int:
    """Write the newest computation of health to a CSV file and return how many accounts it holds.

    Every account has a row; no score is an empty cell. After the fixed columns comes one per measure of the scorecard
    with the points (0-100) that it gave. Missing if nothing has been computed yet.
    """
    newest = newest_health(session)
    if newest is None:
        raise Missing("No health has been computed yet; run: flask health compute", "health")
    computation, version = newest
    measures = [measure["key"] for measure in version.definition["measures"]]
    facts = (version.key, version.version, computation.as_of.isoformat())
    rows = (_health_cells(row, facts, measures) for row in health_rows(session, computation.id))
    return write_csv(path, (*HEALTH_COLUMNS, *measures), rows)


def export_crm(session: Session, *, path: Path, scope: Scope | None = None) -> int:
    """Write health, voice, gap and tier of every account by its CRM id to a file, and return how many accounts.

    CSV, XLSX or SAV by the ending of its name. Health is the newest computation's. Voice (0-100), gap and tier are
    those of the newest scored study (by its last day) in which the account has a voice, and that study is named; where
    there is none the cells are empty, never 0. With a scope, only the accounts and studies that it may see.
    """
    newest = newest_health(session)
    rows = crm_rows(session, computation_id=newest[0].id if newest else None, scope=scope)
    sheets = [Sheet("Accounts", CRM_COLUMNS, map(tuple, rows))]
    return write_file(path, sheets, title="Accounts", numbers=CRM_NUMBERS)


def export_answers(session: Session, *, study: Study, path: Path, scope: Scope | None = None) -> int:
    """Write the current answers of a study's submitted responses to a file, one row each, and return how many.

    CSV, XLSX or SAV by the ending of its name. Answers behind a branch that closed are there and say that they do not
    count. With a scope, only of the accounts that it may see. As CSV, memory stays flat however many there are.
    Refuses an anonymous study.
    """
    refuse_anonymous(study)
    rows = map(_answer_cells, answer_rows(session, study, scope=scope))
    sheets = [Sheet("Answers", ANSWER_COLUMNS, rows)]
    return write_file(path, sheets, title=study.name, numbers=NUMBERS)


def _health_cells(row: Any, facts: tuple[str, int, str], measures: Sequence[str]) -> list[Any]:
    points = {measure["key"]: measure["points"] for measure in row.measures or ()}
    missing = ";".join(row.missing or ())
    return [row.crm_id, *facts, row.score, row.band, missing, *(points.get(key) for key in measures)]


def _answer_cells(row: Any) -> list[Any]:
    value = row.value_text if row.value_text is not None else _plain_number(row.value_number)
    submitted_at = row.submitted_at.isoformat().replace("+00:00", "Z")
    named = (
        row.external_id,
        row.account_id,
        row.contact_id,
        row.question,
        value,
        submitted_at,
        row.answered_by,
        row.role,
    )
    return [*named, row.stratum, row.stratum_size, row.weight, row.questionnaire, row.version, *_about(row)]


def _about(row: Any) -> tuple[str | None, str | None, str, int | None, str | None]:
    absence = row.absence or (REMOVED if row.blanked_at else None)
    return row.item or None, absence, "yes" if row.is_counted else "no", row.consent_version, row.interviewer


def _plain_number(value: float | None) -> float | int | None:
    return int(value) if value is not None and value.is_integer() else value
