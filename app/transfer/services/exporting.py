"""Exports: data out as CSV, whole or not at all, and harmless in a spreadsheet."""

import csv
import os
import secrets
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from app.core.errors import Missing, Refusal
from app.core.formulas import neutralised
from app.studies.models import Study
from app.transfer.queries import answer_rows, health_rows, newest_health
from app.users.rules import Scope

HEALTH_COLUMNS = ("account_id", "scorecard", "version", "as_of", "score", "band", "missing")
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
)


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


def export_answers(session: Session, *, study: Study, path: Path, scope: Scope | None = None) -> int:
    """Write the current answers of a study's submitted responses to a CSV file, one row each, and return how many.

    With a scope, only of the accounts that it may see. Memory stays flat however many there are.
    """
    if path.suffix.lower() not in {"", ".csv"}:
        raise Refusal(f"{path.name}: only CSV is written so far; other kinds of file come later. Use .csv.", "file")
    return write_csv(path, ANSWER_COLUMNS, map(_answer_cells, answer_rows(session, study, scope=scope)))


def write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Write a CSV file (UTF-8, comma, LF) and return its rows; until all is written an older file of that name stays.

    None is an empty cell; text that a spreadsheet would run is neutralised, numbers stay numbers.
    """
    try:
        if path.exists() and not path.is_file():
            # A pipe or a terminal cannot be replaced by a finished file.
            return _write(path, header, rows)
        unfinished = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        try:
            count = _write(unfinished, header, rows)
            unfinished.replace(path)
        finally:
            unfinished.unlink(missing_ok=True)
    except OSError as error:
        raise Refusal(f"{path} cannot be written: {error.strerror}.", "file") from error
    return count


def _write(path: Path, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    count = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([neutralised(name) for name in header])
        for count, row in enumerate(rows, start=1):  # noqa: B007  (the last number is the count)
            writer.writerow([neutralised(cell) if isinstance(cell, str) else cell for cell in row])
        file.flush()
        if path.is_file():
            os.fsync(file.fileno())
    return count


def _health_cells(row: Any, facts: tuple[str, int, str], measures: Sequence[str]) -> list[Any]:
    points = {measure["key"]: measure["points"] for measure in row.measures or ()}
    missing = ";".join(row.missing or ())
    return [row.crm_id, *facts, row.score, row.band, missing, *(points.get(key) for key in measures)]


def _answer_cells(row: Any) -> list[Any]:
    value = row.value_text if row.value_text is not None else _plain_number(row.value_number)
    submitted_at = row.submitted_at.isoformat().replace("+00:00", "Z")
    named = (row.external_id, row.account_id, row.contact_id, row.question, value, submitted_at, row.mode, row.role)
    return [*named, row.stratum, row.stratum_size, row.weight, row.questionnaire, row.version]


def _plain_number(value: float | None) -> float | int | None:
    return int(value) if value is not None and value.is_integer() else value
