"""The figures of an anonymous study by segment in the browser."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.core.database import db
from app.core.errors import Missing
from app.reports.rules.segments_page import segments_page
from app.reports.services import segment_report
from app.reports.views.blueprint import blueprint, visible_study
from app.responses.queries import anonymous_counts
from app.studies.scope import may_see_all
from app.users.policy import Permission, access, current_scope


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
