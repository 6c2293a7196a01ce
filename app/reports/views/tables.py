"""The report's tables as files, one alone or all as a workbook, each cut to what the caller may see."""

from collections.abc import Mapping
from typing import Any

from flask import Response, url_for
from flask.typing import ResponseReturnValue

from app.core.database import db
from app.core.errors import Missing
from app.core.sheets import csv_bytes, xlsx_bytes
from app.reports.publishing import edition_document
from app.reports.rules.document import Document
from app.reports.rules.editions import frozen, sha256_of
from app.reports.rules.sheets import TABLES, Origin, sheet_of, workbook
from app.reports.views.blueprint import (
    blueprint,
    part_in_address,
    visible_accounts_of,
    visible_document,
    visible_edition,
    visible_study,
)
from app.scoring.queries import scored_at
from app.studies.models import Study
from app.users.policy import Permission, access

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@blueprint.get("/studies/<key>/gaps/tables.xlsx")
@access(Permission.REPORTS)
def tables_xlsx(key: str) -> ResponseReturnValue:
    """Give every table of the report as one workbook."""
    study = visible_study(key)
    document = visible_document(study)
    return as_file(xlsx_bytes(workbook(document, origin_of(study, document))), XLSX, f"{name_of(study)}.xlsx")


@blueprint.get("/studies/<key>/gaps/tables/<name>.xlsx")
@access(Permission.REPORTS)
def table_xlsx(key: str, name: str) -> ResponseReturnValue:
    """Give one table of the report as a workbook, after a sheet that says what it is about."""
    study = visible_study(key)
    refuse_unknown(name)
    document = visible_document(study)
    content = xlsx_bytes(workbook(document, origin_of(study, document), name))
    return as_file(content, XLSX, f"{name_of(study)}-{name}.xlsx")


@blueprint.get("/studies/<key>/gaps/tables/<name>.csv")
@access(Permission.REPORTS)
def table_csv(key: str, name: str) -> ResponseReturnValue:
    """Give one table of the report as CSV."""
    study = visible_study(key)
    refuse_unknown(name)
    content = csv_bytes(sheet_of(TABLES[name], visible_document(study)))
    return as_file(content, "text/csv", f"{name_of(study)}-{name}.csv")


@blueprint.get("/studies/<key>/gaps/editions/<int:number>/tables.xlsx")
@access(Permission.REPORTS)
def edition_tables(key: str, number: int) -> ResponseReturnValue:
    """Give every table of an edition as one workbook."""
    study = visible_study(key)
    edition = visible_edition(study, number)
    document = edition_document(db.session, edition=edition, only=visible_accounts_of(study))
    origin = Origin(edition.scored_at.isoformat(), edition.sha256, edition.number)
    return as_file(
        xlsx_bytes(workbook(document, origin)), XLSX, f"gap-report-{study.key}-edition-{edition.number}.xlsx"
    )


def refuse_unknown(name: str) -> None:
    """Refuse a table that no report has."""
    if name not in TABLES:
        raise Missing(f"There is no table “{name[:80]}”.", "name")


def origin_of(study: Study, document: Document) -> Origin:
    """Return when the present figures were made, and the hash that an edition of them would have."""
    return Origin(scored_at(db.session, [study.id])[study.id].isoformat(), sha256_of(frozen(document)))


def name_of(study: Study) -> str:
    """Return how the files of a report begin: those of a part say that they are."""
    return f"gap-report-{study.key}{'-part' if part_in_address() else ''}"


def as_file(content: bytes, kind: str, name: str) -> Response:
    """Return a file to be kept under this name."""
    return Response(content, mimetype=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def table_files(study: Study, **query: Any) -> Mapping[str, tuple[str, str, str]]:
    """Return the title of each table and its addresses as CSV and as XLSX, by its name."""
    return {
        name: (
            table.title,
            url_for("reports.table_csv", key=study.key, name=name, **query),
            url_for("reports.table_xlsx", key=study.key, name=name, **query),
        )
        for name, table in TABLES.items()
    }
