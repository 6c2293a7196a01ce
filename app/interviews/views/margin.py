"""What stands beside the conversation: a look at the score, earlier answers, entry from notes, and times."""

from datetime import date

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.utils import redirect

from app.core.clock import now, today
from app.core.database import db, writing
from app.core.errors import Refusal
from app.core.web import reads_first
from app.interviews.queries.earlier import earlier_answers
from app.interviews.queries.talks import Talk, course_in, talk_in_scope
from app.interviews.rules.times import spent_in, tab_in
from app.interviews.services import keep_times, mark_from_notes, note_peek
from app.interviews.views.blueprint import blueprint
from app.interviews.views.closing import own_talk
from app.interviews.views.guide import guide_page
from app.users.policy import Permission, access, current_scope


@blueprint.post("/interviews/<int:interview_id>/peek")
@access(Permission.INTERVIEWS_WRITE)
def peek(interview_id: int) -> ResponseReturnValue:
    """Show the health score before the interview is over, and note who looked and when."""
    talk = own_talk(interview_id)
    note_peek(db.session, talk=talk, at=now(), by=current_scope().user_id)
    db.session.commit()
    return redirect(back_to(talk), code=303)


@blueprint.post("/interviews/<int:interview_id>/from-notes")
@access(Permission.INTERVIEWS_WRITE)
def from_notes(interview_id: int) -> ResponseReturnValue:
    """Mark the interview as entered from notes of a conversation that was held on a day, or take the mark off."""
    talk = own_talk(interview_id)
    try:
        held_on = day_in(request.form.get("held_on", ""))
        mark_from_notes(db.session, talk=talk, held_on=held_on, today=today(), by=current_scope().user_id)
        db.session.commit()
    except Refusal as refusal:
        db.session.rollback()
        talk = own_talk(interview_id)
        if talk.submitted_at is not None:
            return redirect(back_to(talk), code=303)
        course = course_in(db.session, talk)
        return guide_page(talk, course, course.first_open().name, problem=refusal.sentence), 400
    return redirect(back_to(talk), code=303)


@blueprint.get("/interviews/<int:interview_id>/earlier")
@access(Permission.INTERVIEWS_READ)
def earlier(interview_id: int) -> ResponseReturnValue:
    """Show what this person and this account said in other studies, as far as the caller may read it."""
    scope = current_scope()
    talk = talk_in_scope(db.session, scope=scope, interview_id=interview_id)
    told = earlier_answers(db.session, scope=scope, talk=talk)
    page = "_earlier" if request.headers.get("X-Part") else "earlier"
    return render_template(f"interviews/{page}.html", talk=talk, told=told)


@blueprint.post("/interviews/<int:interview_id>/times")
@access(Permission.INTERVIEWS_WRITE)
@reads_first
def times(interview_id: int) -> ResponseReturnValue:
    """Keep where the time went, as totals of one window; a page sends them beside its saves."""
    talk = talk_in_scope(db.session, scope=current_scope(), interview_id=interview_id)
    if not talk.is_mine:
        abort(403)
    try:
        tab = tab_in(request.form.get("tab", ""))
        names = [step.name for step in course_in(db.session, talk).all_steps]
        spent = spent_in(request.form.getlist("row"), names)
        with writing():
            keep_times(db.session, talk=talk, tab=tab, spent=spent, at=now())
            db.session.commit()
    except Refusal as refusal:
        db.session.rollback()
        return {"field": refusal.field, "message": refusal.sentence}, 400
    return "", 204


def back_to(talk: Talk) -> str:
    """Return the address of the question that was in view."""
    asked = request.args.get("q", "")
    if course_in(db.session, talk).step(asked) is None:
        return url_for("interviews.guide", interview_id=talk.id)
    return url_for("interviews.guide", interview_id=talk.id, q=asked)


def day_in(raw: str) -> date | None:
    """Return the day that was chosen, None where none was; Refusal where it is no day."""
    if not raw.strip():
        return None
    try:
        return date.fromisoformat(raw.strip())
    except ValueError:
        raise Refusal("Enter a day as year-month-day, such as 2026-03-31.", "held_on") from None
