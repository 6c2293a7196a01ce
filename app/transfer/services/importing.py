"""Importing a file: read, checked as a whole, then stored as a whole or not at all."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from app.core.errors import Refusal
from app.transfer.rules.outcome import Faults, ImportReport
from app.transfer.services.answers import store_answers
from app.transfer.services.bounces import store_bounces
from app.transfer.services.declared import known_format
from app.transfer.services.education import store_education
from app.transfer.services.formats import BOUNCES, EDUCATION, FORMATS, RESPONSES, TELEMETRY, Format
from app.transfer.services.options import NOTHING, Options, Stored
from app.transfer.services.reading import Sheet, open_sheet
from app.transfer.services.staging import clear_staged
from app.transfer.services.tables import store_table
from app.transfer.services.telemetry import store_telemetry
from app.users.services import record_event

Store = Callable[[Session, Format, Sheet, Options, Faults], Stored]

DEFAULTS = Options()
STORES: dict[str, Store] = {
    RESPONSES.kind: store_answers,
    BOUNCES.kind: store_bounces,
    EDUCATION.kind: store_education,
    TELEMETRY.kind: store_telemetry,
}
"""Kinds of file whose rows are not those of one table."""


class ImportRefused(Refusal):
    """A file that was refused, with the report that names its cells."""

    def __init__(self, report: ImportReport) -> None:
        super().__init__(report.sentence, report.errors[0].column)
        self.report = report


def import_file(session: Session, *, kind: str, path: Path, options: Options = DEFAULTS) -> ImportReport:
    """Import a file of that kind and report what it created, updated and left alone.

    A row with a known key updates the columns that the file has; the same file again changes nothing. One error
    anywhere refuses all of it: ImportRefused carries the report, and the caller rolls back. Memory stays flat whatever
    the file's length.
    """
    if kind not in FORMATS:
        raise Refusal(f"There is no import of “{kind}”; there is one of: {', '.join(FORMATS)}.", "kind")
    known = known_format(session, kind)
    options.check()
    session.flush()
    faults = Faults()
    sheet = open_sheet(path, known.expected, faults, options.manner)
    if sheet is None:
        raise ImportRefused(_report(known, None, options, NOTHING, faults))
    stored = STORES.get(kind, store_table)(session, known, sheet, options, faults)
    report = _report(known, sheet, options, stored, faults)
    if faults.total:
        raise ImportRefused(report)
    clear_staged(session)
    session.expire_all()
    if not options.is_dry_run and (report.created or report.updated):
        _record(session, report, sheet, options)
    return report


def _report(kind: Format, sheet: Sheet | None, options: Options, stored: Stored, faults: Faults) -> ImportReport:
    counted = stored.counted
    return ImportReport(
        kind=kind.kind,
        rows=faults.rows,
        created=counted.created,
        updated=counted.updated,
        unchanged=counted.unchanged,
        errors=faults.listed,
        errors_total=faults.total,
        encoding=str(sheet.encoding) if sheet else None,
        is_dry_run=options.is_dry_run,
        extra=stored.extra,
        preview=stored.preview,
    )


def _record(session: Session, report: ImportReport, sheet: Sheet, options: Options) -> None:
    fields: dict[str, Any] = {
        "rows": report.rows,
        "created": report.created,
        "updated": report.updated,
        "columns": [name for name in sheet.header if name],
        **({"study": options.study} if options.study else {}),
    }
    record_event(
        session, actor_id=options.actor_id, action="import", object_type="file", object_id=report.kind, fields=fields
    )
