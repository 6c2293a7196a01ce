"""The pages of a second coding: asked for by the study's owner, done by who has not seen the answers."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.core.clock import now
from app.core.database import db
from app.core.error_pages import Page, error_page
from app.core.errors import Missing, Refusal
from app.interviews.forms import interviewer_in
from app.interviews.queries.coding import coding_of
from app.interviews.queries.reading import steps_to_code
from app.interviews.queries.talks import talk_in_scope
from app.interviews.rules.coding import coded_in, to_code
from app.interviews.services.coding import ask_coder, code_interview
from app.interviews.views.blueprint import blueprint
from app.studies.scope import study_in_scope
from app.users.policy import Permission, access, current_scope


@blueprint.post("/interviews/<int:interview_id>/coders")
@access(Permission.STUDIES)
def ask_for_coder(interview_id: int) -> ResponseReturnValue:
    """Ask somebody to code an interview a second time."""
    scope = current_scope()
    talk = talk_in_scope(db.session, scope=scope, interview_id=interview_id)
    study_in_scope(db.session, scope=scope, key=talk.study_key, permission=Permission.STUDIES)
    try:
        coder = interviewer_in(request.form.get("coder", ""))
        ask_coder(db.session, talk=talk, coder_id=coder, at=now(), by=scope.user_id)
        db.session.commit()
    except Missing:
        raise
    except Refusal as refusal:
        db.session.rollback()
        return error_page(400, Page("Nobody was asked", refusal.sentence))
    flash("They find it among their interviews.")
    return redirect(url_for("reports.interviewing", key=talk.study_key), code=303)


@blueprint.route("/codings/<int:coding_id>", methods=["GET", "POST"])
@access(Permission.INTERVIEWS_READ)
def coding(coding_id: int) -> ResponseReturnValue:
    """Show what was written down and take what the second coder finds in it; refused, the choices stay."""
    found = coding_of(db.session, scope=current_scope(), coding_id=coding_id)
    steps = steps_to_code(db.session, found.interview_id)
    asked, refusal = to_code(steps), None
    if request.method == "POST":
        try:
            code_interview(db.session, coding=found, codes=coded_in(request.form, asked, steps), at=now())
            db.session.commit()
            flash("Thank you; it is coded.")
            return redirect(url_for("interviews.index"), code=303)
        except Refusal as refused:
            db.session.rollback()
            refusal = refused
    page = render_template(
        "interviews/coding.html", is_done=found.coded_at is not None, asked=asked, chosen=request.form, refusal=refusal
    )
    return page, 400 if refusal else 200
