"""Scoring a study from its page."""

from collections.abc import Callable
from typing import Any, Protocol

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from app.core.database import db
from app.core.errors import Refusal
from app.studies.models import Study
from app.studies.scope import study_in_scope
from app.users.policy import Permission, access, current_scope


class Score(Protocol):
    """Turns the answers of a study into figures; handed in because scoring lies above this feature."""

    def __call__(self, session: Session, *, study: Study, actor_id: int | None = None) -> Any:
        """Score the study, or refuse."""


def score_view(score_study: Score) -> Callable[[str], ResponseReturnValue]:
    """Return the view that scores a study."""

    @access(Permission.STUDIES)
    def score(key: str) -> ResponseReturnValue:
        scope = current_scope()
        study = study_in_scope(db.session, scope=scope, key=key, permission=Permission.STUDIES)
        try:
            score_study(db.session, study=study, actor_id=scope.user_id)
            db.session.commit()
        except Refusal as refusal:
            db.session.rollback()
            flash(refusal.sentence)
        else:
            flash("The answers are scored: the gap report shows them.")
        return redirect(url_for("studies.show", key=key))

    return score
