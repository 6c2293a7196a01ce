"""`flask report`: the gap report as data, as HTML, as PDF and on one page; segments of an anonymous study as data."""

from collections.abc import Callable
from pathlib import Path

import click
from flask.cli import AppGroup

from app.cli.edge import as_json_option, edge, emit
from app.core.database import db
from app.core.errors import Refusal
from app.reports.rendering import one_page_pdf, pdf_bytes, reports_folder, standalone_html
from app.reports.rules.paper import Paper
from app.reports.services import gap_report, segment_report
from app.reports.views import as_json as document_text
from app.studies.queries import study_named

group = AppGroup("report", help="Make reports.")

target = click.Path(dir_okay=False, writable=True, path_type=Path)


@group.command("gaps")
@click.argument("key")
@click.option("--html", type=target, help="Write the report as one HTML file that stands alone.")
@click.option("--pdf", type=target, help="Write the report as PDF; without a name it goes into the reports folder.")
@click.option("--one-page", type=target, help="Write the report on one page as PDF.")
@click.option("--out", type=target, help="Write the report's data as JSON.")
@click.option(
    "--paper",
    type=click.Choice([paper.value for paper in Paper]),
    default=Paper.A4.value,
    help="The paper of PDFs, a4 or letter.",
)
@as_json_option
@edge
def gaps(key: str, *, paper: str, as_json: bool, **asked: Path | None) -> None:
    """Make the gap report of a scored study; without options, the PDF."""
    document, sheet = gap_report(db.session, study=study_named(db.session, key)), Paper(paper)
    makers: dict[str, Callable[[], bytes]] = {
        "html": lambda: standalone_html(document).encode(),
        "pdf": lambda: pdf_bytes(document, sheet),
        "one_page": lambda: one_page_pdf(document, sheet),
        "out": lambda: document_text(document).encode(),
    }
    if not any(asked.values()):
        asked["pdf"] = reports_folder() / f"gaps-{document['study']}.pdf"
    absolute = {name: str(path.absolute()) if (path := asked[name]) else None for name in makers}
    for name, place in absolute.items():
        if place:
            written(Path(place), makers[name]())
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
