"""Which topic each measure of a scorecard is held against, chosen in the browser."""

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.core.clock import now
from app.core.database import db
from app.core.errors import Refusal
from app.health.models import ScorecardVersion
from app.health.queries import newest_scorecard
from app.health.rules.scorecard import parse_scorecard
from app.reports.rules.matching import match_groups
from app.reports.views.blueprint import blueprint
from app.scoring.queries.matching import chosen_dimensions
from app.scoring.services.matching import match_measures
from app.users.policy import Permission, access, current_scope


@blueprint.get("/scorecards/<key>/dimensions")
@access(Permission.STUDIES)
def matching(key: str) -> ResponseReturnValue:
    """Show the measures of a scorecard, each with the topic that it is held against."""
    scorecard = newest_scorecard(db.session, key)
    return page(scorecard, chosen_dimensions(db.session, key))


@blueprint.post("/scorecards/<key>/dimensions")
@access(Permission.STUDIES)
def match(key: str) -> ResponseReturnValue:
    """Store what was chosen, and have the studies of this scorecard scored again."""
    scorecard, chosen = newest_scorecard(db.session, key), request.form.to_dict()
    chosen.pop("csrf_token", None)
    try:
        has_changed = match_measures(db.session, scorecard_key=key, chosen=chosen, at=now(), by=current_scope().user_id)
        db.session.commit()
    except Refusal as refusal:
        db.session.rollback()
        return page(scorecard, chosen, refusal.sentence), 400
    current_app.extensions["bell"].ring("score")
    flash("Stored; the studies of this scorecard are being scored again." if has_changed else "Nothing has changed.")
    return redirect(url_for("reports.matching", key=key), code=303)


def page(scorecard: ScorecardVersion, chosen: dict[str, str], problem: str = "") -> str:
    """Return the form with these choices in it."""
    groups = match_groups(parse_scorecard(scorecard.definition).measures, chosen)
    return render_template("reports/matching.html", scorecard=scorecard, groups=groups, problem=problem)
