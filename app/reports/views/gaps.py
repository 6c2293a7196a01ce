"""The gap report in the browser: the page, its data, and the PDF; each cut to what the caller may see."""

import json
from typing import Any

from flask import Response, jsonify, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

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


@blueprint.get("/studies/<key>/gaps")
@access(Permission.REPORTS)
@at_rest()
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
    asked = asked_of(study)
    if asked is not None and not asked.typed.is_empty:
        return part_page(study, asked, state)
    return report_page(study, asked, state, visible_document(study, is_for_page=True))


def part_page(study: Study, asked: Asked, state: dict[str, Any]) -> str:
    """Show the report of a part of the study, that nobody is left in it, or how far the worker has come with it."""
    if asked.is_nothing:
        return render_template("reports/nobody_chosen.html", study=study, asked=asked)
    chosen = chosen_of(study, asked)
    if chosen is None:
        return waiting_page(study, asked)
    only = visible_accounts_of(study)
    return report_page(study, asked, state, gap_report(db.session, study=study, only_accounts=only, chosen=chosen))


def report_page(study: Study, asked: Asked | None, state: dict[str, Any], document: Document) -> str:
    """Return the report's page in its frame."""
    query = asked.typed.query if asked else {}
    return render_template(
        "reports/gaps.html",
        **page_values(document, is_linked=True),
        study=study,
        state=state,
        asked=asked,
        query=query,
        runs_studies=current_scope().can(Permission.STUDIES),
        topics=TOPICS,
        is_web=True,
        is_app=True,
        files=table_files(study, **query),
        check=check_state(study),
    )


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
    return as_pdf(pdf_bytes(visible_document(study, is_for_page=True), chosen_paper()), file_name(study))


@blueprint.get("/studies/<key>/gaps/one-page.pdf")
@access(Permission.REPORTS)
def gaps_one_page(key: str) -> ResponseReturnValue:
    """Give the report on one page, shown in the browser."""
    study = visible_study(key)
    document = visible_document(study, is_for_page=True)
    return as_pdf(one_page_pdf(document, chosen_paper()), f"{file_name(study)}-one-page")


def file_name(study: Study) -> str:
    """Return a name that says of which report a file is, and whether of a part of it."""
    return f"gap-report-{study.key}{'-part' if part_in_address() else ''}"


def as_json(document: Document) -> str:
    """Return the document as JSON text, names and quotes in their own letters, never NaN."""
    return json.dumps(document, ensure_ascii=False, allow_nan=False, indent=1)
