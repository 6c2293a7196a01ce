"""Asking for a study to be scored again, from its page; the worker does it."""

from flask import current_app, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from app.core.clock import now
from app.core.database import db
from app.responses.services import note_change
from app.studies.scope import study_in_scope
from app.studies.services.anonymity import refuse_anonymous
from app.users.policy import Permission, access, current_scope


@access(Permission.STUDIES)
def score(key: str) -> ResponseReturnValue:
    """Leave the fact that the study is to be scored, and ring for the worker."""
    study = study_in_scope(db.session, scope=current_scope(), key=key, permission=Permission.STUDIES)
    refuse_anonymous(study)
    note_change(db.session, study.id, now())
    db.session.commit()
    current_app.extensions["bell"].ring("score")
    flash("The answers are being scored: the gap report shows the figures in a few seconds.")
    return redirect(url_for("studies.show", key=key))
