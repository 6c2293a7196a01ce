"""The gap report in the browser: the page, its data, and the PDF; each cut to what the caller may see."""

import json
from typing import Any

from flask import Blueprint, Response, jsonify, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.core.database import db
from app.core.errors import Missing
from app.reports.drawing import drawings
from app.reports.interviewing import interviewing_values
from app.reports.queries import assigned_ids, is_waiting
from app.reports.rendering import page_values, pdf_bytes, reports_folder
from app.reports.rules.document import Document
from app.reports.rules.segments_page import segments_page
from app.reports.rules.topics.registry import TOPICS
from app.reports.services import gap_report, segment_report
from app.reports.topics import topic_page
from app.responses.queries import anonymous_counts
from app.scoring.queries import scored_at
from app.studies.models import Study
from app.studies.scope import may_see_all, study_in_scope
from app.studies.services.anonymity import refuse_anonymous
from app.users.policy import Permission, access, current_scope

blueprint = Blueprint("reports", __name__)


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
    return render_template(
        "reports/gaps.html", **values, study=study, state=state, topics=TOPICS, is_web=True, is_app=True
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
    document = visible_document(visible_study(key))
    return Response(as_json(document), mimetype="application/json")


@blueprint.get("/studies/<key>/gaps.pdf")
@access(Permission.REPORTS)
def gaps_pdf(key: str) -> ResponseReturnValue:
    """Give the report as PDF, shown in the browser."""
    study = visible_study(key)
    content = pdf_bytes(visible_document(study))
    name = f"gap-report-{study.key}.pdf"
    return Response(content, mimetype="application/pdf", headers={"Content-Disposition": f'inline; filename="{name}"'})


@blueprint.get("/studies/<key>/gaps/<topic>")
@access(Permission.REPORTS)
def topic(key: str, topic: str) -> ResponseReturnValue:
    """Show one topic behind the report."""
    study = visible_study(key)
    refuse_anonymous(study)
    page = topic_page(db.session, study=study, topic=topic, only=visible_accounts_of(study))
    if page is None:
        return redirect(url_for("reports.gaps", key=key))
    drawn = drawings(page.charts, reports_folder(), study.key)
    return render_template("reports/topic.html", study=study, topic=topic, topics=TOPICS, page=page, drawings=drawn)


@blueprint.get("/studies/<key>/segments")
@access(Permission.REPORTS)
def segments(key: str) -> ResponseReturnValue:
    """Show the figures of an anonymous study by segment, or what it waits for; only to who sees the whole study."""
    study = visible_study(key)
    if not may_see_all(current_scope(), study):
        raise Missing(f"There is no study “{key[:80]}”.", "key")
    if not study.is_anonymous:
        return redirect(url_for("reports.gaps", key=key))
    if study.closed_at is None:
        answers = anonymous_counts(db.session, [study.id]).get(study.id, 0)
        return render_template("reports/segments_waiting.html", study=study, answers=answers)
    page = segments_page(segment_report(db.session, study=study))
    return render_template("reports/segments.html", study=study, page=page)


@blueprint.get("/studies/<key>/interviewing")
@access(Permission.STUDIES)
def interviewing(key: str) -> ResponseReturnValue:
    """Show how well a study's interviews hold, to who runs it."""
    study = study_in_scope(db.session, scope=current_scope(), key=key, permission=Permission.STUDIES)
    return render_template("reports/interviewing.html", study=study, **interviewing_values(db.session, study=study))


def visible_study(key: str) -> Study:
    """Return the study of this key if the caller may see it; else it is missing."""
    return study_in_scope(db.session, scope=current_scope(), key=key)


def visible_document(study: Study) -> Document:
    """Return the document with the accounts that the caller may see."""
    return gap_report(db.session, study=study, only_accounts=visible_accounts_of(study))


def visible_accounts_of(study: Study) -> set[int] | None:
    """Return the accounts of the study that the caller may see; None is all of them."""
    scope = current_scope()
    return None if may_see_all(scope, study) else assigned_ids(db.session, study, scope)


def as_json(document: Document) -> str:
    """Return the document as JSON text, names and quotes in their own letters, never NaN."""
    return json.dumps(document, ensure_ascii=False, allow_nan=False, indent=1)
