"""Scoring a study from its page."""

from collections.abc import Callable

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from app.core.database import db
from app.core.errors import Refusal
from app.studies.scope import study_in_scope
from app.studies.views.handed_in import FromScoring
from app.users.policy import Permission, access, current_scope


def score_view(scoring: FromScoring) -> Callable[[str], ResponseReturnValue]:
    """Return the view that scores a study."""

    @access(Permission.STUDIES)
    def score(key: str) -> ResponseReturnValue:
        scope = current_scope()
        study = study_in_scope(db.session, scope=scope, key=key, permission=Permission.STUDIES)
        try:
            scoring.score_study(db.session, study=study, actor_id=scope.user_id)
            db.session.commit()
        except Refusal as refusal:
            db.session.rollback()
            flash(refusal.sentence)
        else:
            flash("The answers are scored: the gap report shows them.")
        return redirect(url_for("studies.show", key=key))

    return score
