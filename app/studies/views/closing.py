"""Closing a study: first what ends and what stays, then for good."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.core.clock import today
from app.core.database import db
from app.core.errors import Refusal
from app.responses.queries import anonymous_counts
from app.studies.queries.fieldwork import heard_by_stratum
from app.studies.queries.people import drawn_people
from app.studies.scope import study_in_scope
from app.studies.services import close_study
from app.users.policy import Permission, access, current_scope


@access(Permission.STUDIES)
def close(key: str) -> ResponseReturnValue:
    """Ask whether to close, or close."""
    scope = current_scope()
    study = study_in_scope(db.session, scope=scope, key=key, permission=Permission.STUDIES)
    if study.drawn_at is None or study.closed_at is not None:
        flash("This study is closed already." if study.closed_at else "Draw or start the study before you close it.")
        return redirect(url_for("studies.show", key=key))
    if request.method == "GET":
        strata = heard_by_stratum(db.session, study, scope)
        return render_template(
            "studies/close.html",
            study=study,
            answers=anonymous_counts(db.session, [study.id]).get(study.id, 0),
            drawn=sum(stratum.drawn for stratum in strata),
            heard=sum(stratum.heard for stratum in strata),
            begun=drawn_people(db.session, study, scope).begun,
            days_left=max((study.closes_on - today()).days, 0),
        )
    try:
        close_study(db.session, study=study, actor_id=scope.user_id)
        db.session.commit()
    except Refusal as refusal:
        db.session.rollback()
        flash(refusal.sentence)
    else:
        flash("The fieldwork is closed.")
    return redirect(url_for("studies.show", key=key))
