"""How well a study's interviews hold, in the browser."""

from flask import render_template
from flask.typing import ResponseReturnValue

from app.core.database import db
from app.reports.interviewing import interviewing_values
from app.reports.views.blueprint import blueprint
from app.studies.scope import study_in_scope
from app.users.policy import Permission, access, current_scope


@blueprint.get("/studies/<key>/interviewing")
@access(Permission.STUDIES)
def interviewing(key: str) -> ResponseReturnValue:
    """Show how well a study's interviews hold, to who runs it."""
    study = study_in_scope(db.session, scope=current_scope(), key=key, permission=Permission.STUDIES)
    return render_template("reports/interviewing.html", study=study, **interviewing_values(db.session, study=study))
