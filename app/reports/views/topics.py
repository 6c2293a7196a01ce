"""The topics behind a gap report in the browser, each cut to what the caller may see."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.core.database import db
from app.reports.drawing import drawings
from app.reports.rendering import reports_folder
from app.reports.rules.topics.registry import TOPICS
from app.reports.topics import topic_page
from app.reports.views.blueprint import blueprint, visible_accounts_of, visible_study
from app.studies.services.anonymity import refuse_anonymous
from app.users.policy import Permission, access


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
