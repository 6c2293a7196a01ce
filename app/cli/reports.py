"""`flask report`: the gap report as data, as one HTML file and as PDF; the segments of an anonymous study as data."""

from pathlib import Path

import click
from flask.cli import AppGroup

from app.cli.edge import as_json_option, edge, emit
from app.core.database import db
from app.core.errors import Refusal
from app.reports.rendering import pdf_bytes, reports_folder, standalone_html
from app.reports.services import gap_report, segment_report
from app.reports.views import as_json as document_text
from app.studies.queries import study_named

group = AppGroup("report", help="Make reports.")

target = click.Path(dir_okay=False, writable=True, path_type=Path)


@group.command("gaps")
@click.argument("key")
@click.option("--html", "html", type=target, help="Write the report as one HTML file that stands alone.")
@click.option(
    "--pdf", "pdf", type=target, help="Write the report as PDF; without a name it goes into the reports folder."
)
@click.option("--out", "out", type=target, help="Write the report's data as JSON.")
@as_json_option
@edge
def gaps(key: str, html: Path | None, pdf: Path | None, out: Path | None, as_json: bool) -> None:
    """Make the gap report of a scored study; without options, the PDF."""
    document = gap_report(db.session, study=study_named(db.session, key))
    if not (html or pdf or out):
        pdf = reports_folder() / f"gaps-{document['study']}.pdf"
    if out:
        written(out, document_text(document).encode())
    if html:
        written(html, standalone_html(document).encode())
    if pdf:
        written(pdf, pdf_bytes(document))
    paths = {"html": html, "pdf": pdf, "out": out}
    absolute = {name: None if path is None else str(path.absolute()) for name, path in paths.items()}
    emit(as_json, {"study": key, **absolute}, "\n".join(path for path in absolute.values() if path))


@group.command("segments")
@click.argument("key")
@click.option("--out", "out", type=target, help="Write the figures as JSON into a file.")
@as_json_option
@edge
def segments(key: str, out: Path | None, as_json: bool) -> None:
    """Give the figures of a closed anonymous study by segment."""
    document = segment_report(db.session, study=study_named(db.session, key))
    if out is None:
        emit(as_json, document, document_text(document))
        return
    written(out, document_text(document).encode())
    emit(as_json, {"study": key, "n": document["n"], "out": str(out.absolute())}, str(out.absolute()))


def written(path: Path, content: bytes) -> None:
    """Write a file whole; its folder is made where it is missing. Refuses a place that cannot be written."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    except OSError as error:
        raise Refusal(f"{path} cannot be written: {error.strerror}.") from error
