"""Computing a report again: the wish, and what came of it."""

from flask import current_app, redirect, url_for
from flask.typing import ResponseReturnValue

from app.core.database import db
from app.reports.rules import checking
from app.reports.views.blueprint import blueprint
from app.scoring.queries import scoring_of
from app.scoring.queries.checks import check_of
from app.scoring.services.wishes import wish_for_check
from app.studies.models import Study
from app.studies.scope import study_in_scope
from app.users.policy import Permission, access, current_scope


@blueprint.post("/studies/<key>/recompute")
@access(Permission.STUDIES)
def check(key: str) -> ResponseReturnValue:
    """Leave the wish to compute the report again, and ring for the worker."""
    study = study_in_scope(db.session, scope=current_scope(), key=key, permission=Permission.STUDIES)
    scoring = scoring_of(db.session, study)
    if scoring is not None:
        wish_for_check(db.session, scoring=scoring)
        db.session.commit()
        current_app.extensions["bell"].ring("check")
    return redirect(url_for("reports.gaps", key=key, _anchor="check"))


def check_state(study: Study) -> checking.CheckState:
    """Return what the report's page says of the last check."""
    wish = check_of(db.session, study.id)
    return checking.check_state(wish.checked_at, wish.differences) if wish else checking.NOBODY_ASKED
