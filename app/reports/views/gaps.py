"""The gap report in the browser: the page, its data, and the PDF; each cut to what the caller may see."""

import json
from typing import Any

from flask import Response, jsonify, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.core.database import db
from app.reports.queries import is_waiting
from app.reports.rendering import one_page_pdf, page_values, pdf_bytes
from app.reports.rules.document import Document
from app.reports.rules.topics.registry import TOPICS
from app.reports.services import gap_report
from app.reports.views.blueprint import as_pdf, blueprint, chosen_paper, visible_accounts_of, visible_study
from app.reports.views.checking import check_state
from app.scoring.queries import scored_at
from app.studies.models import Study
from app.users.policy import Permission, access, current_scope


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
    values = page_values(visible_document(study))
    runs = current_scope().can(Permission.STUDIES)
    frame = {"runs_studies": runs, "study": study, "state": state, "topics": TOPICS, "is_web": True, "is_app": True}
    return render_template("reports/gaps.html", **values, **frame, check=check_state(study))


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
    study = visible_study(key)
    document = gap_report(db.session, study=study, only_accounts=visible_accounts_of(study))
    return Response(as_json(document), mimetype="application/json")


@blueprint.get("/studies/<key>/gaps.pdf")
@access(Permission.REPORTS)
def gaps_pdf(key: str) -> ResponseReturnValue:
    """Give the report as PDF, shown in the browser."""
    study = visible_study(key)
    return as_pdf(pdf_bytes(visible_document(study), chosen_paper()), f"gap-report-{study.key}")


@blueprint.get("/studies/<key>/gaps/one-page.pdf")
@access(Permission.REPORTS)
def gaps_one_page(key: str) -> ResponseReturnValue:
    """Give the report on one page, shown in the browser."""
    study = visible_study(key)
    return as_pdf(one_page_pdf(visible_document(study), chosen_paper()), f"gap-report-{study.key}-one-page")


def visible_document(study: Study) -> Document:
    """Return the document with the accounts that the caller may see, and with the words that pages show."""
    return gap_report(db.session, study=study, only_accounts=visible_accounts_of(study), is_for_page=True)


def as_json(document: Document) -> str:
    """Return the document as JSON text, names and quotes in their own letters, never NaN."""
    return json.dumps(document, ensure_ascii=False, allow_nan=False, indent=1)
