"""Drawing a study once, and proving the draw."""

from collections.abc import Callable

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.core.database import db
from app.core.errors import Missing, Refusal
from app.studies.models import DrawRecord, Study
from app.studies.queries import draw_record
from app.studies.queries.record import draw_event
from app.studies.queries.triggers import joined_totals
from app.studies.rules.progress import counted
from app.studies.rules.triggers import trigger_words
from app.studies.scope import may_see_all, study_in_scope
from app.studies.services import draw_study, verify_draw
from app.studies.services.triggers import trigger_of
from app.studies.views.handed_in import FromScoring
from app.studies.views.outlook import undrawn_page
from app.users.policy import Permission, access, current_scope


def draw_view(scoring: FromScoring) -> Callable[[str], ResponseReturnValue]:
    """Return the view that draws the accounts of a study."""

    @access(Permission.STUDIES)
    def draw(key: str) -> ResponseReturnValue:
        study = study_in_scope(db.session, scope=current_scope(), key=key, permission=Permission.STUDIES)
        try:
            voices = scoring.last_voices(db.session, study)
            drawn = draw_study(db.session, study=study, last_voices=voices, actor_id=current_scope().user_id)
            db.session.commit()
        except Refusal as refusal:
            db.session.rollback()
            return refused(key, refusal, scoring)
        if "trigger" in study.plan:
            current_app.extensions["bell"].ring("trigger")
            flash("Started: accounts join by themselves from now on; the worker looks once an hour.")
            return redirect(url_for("studies.show", key=key))
        people = "1 person" if drawn.respondents == 1 else f"{drawn.respondents:,} people"
        flash(" ".join([f"Drew {counted(drawn.accounts, 'account')} with {people}.", *drawn.warnings]))
        return redirect(url_for("studies.show", key=key))

    return draw


def refused(key: str, refusal: Refusal, scoring: FromScoring) -> ResponseReturnValue:
    """Show the study again with the sentence; one that was drawn meanwhile shows its fieldwork."""
    study = study_in_scope(db.session, scope=current_scope(), key=key)
    if study.drawn_at is not None or study.closed_at is not None:
        flash(refusal.sentence)
        return redirect(url_for("studies.show", key=key))
    return undrawn_page(study, scoring, refusal.sentence), 400


@access(Permission.REPORTS)
def audit(key: str) -> ResponseReturnValue:
    """Show the record of the draw, and with `?recompute=1` whether it holds."""
    scope = current_scope()
    study = study_in_scope(db.session, scope=scope, key=key)
    record = draw_record(db.session, study)
    if record is None or not may_see_all(scope, study):
        raise Missing("There is no record of this draw.", "key")
    if "trigger" in study.plan:
        return start_record_page(study, record)
    return render_template(
        "studies/audit.html",
        study=study,
        record=record,
        frame=len(record.audit["draw"]["frame"]),
        event=draw_event(db.session, study),
        check=verify_draw(db.session, study=study) if "recompute" in request.args else None,
    )


def start_record_page(study: Study, record: DrawRecord) -> str:
    """Return the page with the record of a start, by which accounts join later."""
    return render_template(
        "studies/start_record.html",
        study=study,
        record=record,
        words=trigger_words(trigger_of(study)[1]),
        joined=joined_totals(db.session, study)["accounts"],
        event=draw_event(db.session, study),
        check=verify_draw(db.session, study=study) if "recompute" in request.args else None,
    )
