"""The gap report in the browser: the page, its data, and the PDF; each cut to what the caller may see."""

import json
from collections.abc import Callable, Iterator
from typing import Any

from flask import Response, jsonify, redirect, render_template, stream_with_context, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from app.core.database import db
from app.core.garbage import at_rest
from app.reports.choosing import Asked
from app.reports.queries import is_waiting
from app.reports.rendering import one_page_pdf, page_values, pdf_bytes
from app.reports.rules.document import Document
from app.reports.rules.topics.registry import TOPICS
from app.reports.services import gap_report
from app.reports.views.blueprint import (
    as_pdf,
    asked_of,
    blueprint,
    chosen_of,
    chosen_paper,
    part_in_address,
    visible_accounts_of,
    visible_document,
    visible_study,
)
from app.reports.views.checking import check_state
from app.reports.views.choosing import waiting_page
from app.reports.views.tables import table_files
from app.scoring.queries import scored_at
from app.studies.models import Study
from app.users.policy import Permission, access, current_scope

Read = Callable[[], tuple[Asked | None, Document]]
"""Reads what was chosen and the report's data, when it is called."""
SHEETS = Markup("<!-- the sheets -->")
"""Stands in the frame where the sheets come; what people typed is escaped and cannot stand so."""


@blueprint.get("/studies/<key>/gaps")
@access(Permission.REPORTS)
def gaps(key: str) -> ResponseReturnValue:
    """Show the report, or what is missing where the study has not been scored."""
    study = visible_study(key)
    if study.is_anonymous:
        return redirect(url_for("reports.segments", key=key))
    state = scoring_state(study)
    if state["scored_at"] is None:
        return render_template(
            "reports/waiting.html", study=study, state=state, runs_studies=current_scope().can(Permission.STUDIES)
        )
    if part_in_address():
        asked = asked_of(study)
        if asked is not None and not asked.typed.is_empty:
            return part_page(study, asked, state)
    return report_page(study, state, {}, lambda: (asked_of(study), visible_document(study, is_for_page=True)))


def part_page(study: Study, asked: Asked, state: dict[str, Any]) -> ResponseReturnValue:
    """Show the report of a part of the study, that nobody is left in it, or how far the worker has come with it."""
    if asked.is_nothing:
        return render_template("reports/nobody_chosen.html", study=study, asked=asked)
    chosen = chosen_of(study, asked)
    if chosen is None:
        return waiting_page(study, asked)
    document = gap_report(db.session, study=study, only_accounts=visible_accounts_of(study), chosen=chosen)
    return report_page(study, state, asked.typed.query, lambda: (asked, document))


def report_page(study: Study, state: dict[str, Any], query: dict[str, str], read: Read) -> Response:
    """Return the report's page: its frame at once, for a browser to paint, and the rest as soon as it is laid out."""
    frame = render_template(
        "reports/gaps.html",
        sheets=SHEETS,
        study=study,
        state=state,
        query=query,
        runs_studies=current_scope().can(Permission.STUDIES),
        topics=TOPICS,
        check=check_state(study),
    )
    before, _, after = frame.partition(SHEETS)
    return Response(stream_with_context(laid_out(before, after, study, query, read)))


def laid_out(before: str, after: str, study: Study, query: dict[str, str], read: Read) -> Iterator[str]:
    """Yield the page's beginning, then what takes its time, then its end."""
    yield before
    with at_rest():
        asked, document = read()
        yield render_template(
            "reports/_laid_out.html",
            **page_values(document, is_linked=True),
            study=study,
            asked=asked,
            query=query,
            runs_studies=current_scope().can(Permission.STUDIES),
            topics=TOPICS,
            is_web=True,
            is_app=True,
            files=table_files(study, **query),
        )
    yield after


@blueprint.get("/studies/<key>/gaps/state.json")
@access(Permission.REPORTS)
def state(key: str) -> ResponseReturnValue:
    """Say when the report's figures were made, and whether newer answers wait: an open page asks every few seconds."""
    return jsonify(scoring_state(visible_study(key)))


def scoring_state(study: Study) -> dict[str, Any]:
    """Return when the study was scored (ISO 8601, or null) and whether answers have come since."""
    at = scored_at(db.session, [study.id]).get(study.id)
    return {"scored_at": at and at.isoformat(), "is_waiting": is_waiting(db.session, study)}


@blueprint.get("/studies/<key>/gaps.json")
@access(Permission.REPORTS)
def gaps_json(key: str) -> ResponseReturnValue:
    """Give the report's data."""
    return Response(as_json(visible_document(visible_study(key))), mimetype="application/json")


@blueprint.get("/studies/<key>/gaps.pdf")
@access(Permission.REPORTS)
def gaps_pdf(key: str) -> ResponseReturnValue:
    """Give the report as PDF, shown in the browser."""
    study = visible_study(key)
    with at_rest():
        content = pdf_bytes(visible_document(study, is_for_page=True), chosen_paper())
    return as_pdf(content, file_name(study))


@blueprint.get("/studies/<key>/gaps/one-page.pdf")
@access(Permission.REPORTS)
def gaps_one_page(key: str) -> ResponseReturnValue:
    """Give the report on one page, shown in the browser."""
    study = visible_study(key)
    with at_rest():
        content = one_page_pdf(visible_document(study, is_for_page=True), chosen_paper())
    return as_pdf(content, f"{file_name(study)}-one-page")


def file_name(study: Study) -> str:
    """Return a name that says of which report a file is, and whether of a part of it."""
    return f"gap-report-{study.key}{'-part' if part_in_address() else ''}"


def as_json(document: Document) -> str:
    """Return the document as JSON text, names and quotes in their own letters, never NaN."""
    return json.dumps(document, ensure_ascii=False, allow_nan=False, indent=1)
