"""The end of an interview: a last look, submitting, reopening with a reason, and what was written when."""

from typing import Any

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.core.clock import now
from app.core.database import db
from app.core.errors import Missing, Refusal
from app.interviews.queries.history import versions_of
from app.interviews.queries.talks import Talk, course_in, submissions_of, talk_in_scope
from app.interviews.rules.items import ABSENCES, PERMISSIONS, SKIPPED, answer_words
from app.interviews.rules.period import refusal_to_count
from app.interviews.services import reopen_interview, submit_interview
from app.interviews.views.blueprint import blueprint
from app.interviews.views.guide import read_values
from app.responses.rules import ItemContent
from app.users.policy import Permission, access, current_scope


@blueprint.get("/interviews/<int:interview_id>/review")
@access(Permission.INTERVIEWS_WRITE)
def review(interview_id: int) -> ResponseReturnValue:
    """Show what is still open before the interview is submitted."""
    talk = own_talk(interview_id)
    if talk.submitted_at is not None or talk.handed_over_at is not None:
        return redirect(url_for("interviews.guide", interview_id=interview_id))
    return review_page(talk, refusal_to_count(talk.closed_at))


@blueprint.post("/interviews/<int:interview_id>/submit")
@access(Permission.INTERVIEWS_WRITE)
def submit(interview_id: int) -> ResponseReturnValue:
    """Submit and lock the interview, and have the study scored."""
    talk = own_talk(interview_id)
    try:
        is_new = submit_interview(db.session, talk=talk, at=now(), by=current_scope().user_id)
        db.session.commit()
    except Refusal as refusal:
        db.session.rollback()
        return review_page(own_talk(interview_id), refusal.sentence), 400
    if is_new:
        current_app.extensions["bell"].ring("score")
        flash(f"The interview with {talk.contact} is submitted. Thank you.")
    return redirect(url_for("interviews.guide", interview_id=interview_id), code=303)


@blueprint.post("/interviews/<int:interview_id>/reopen")
@access(Permission.INTERVIEWS_WRITE)
def reopen(interview_id: int) -> ResponseReturnValue:
    """Open a submitted interview again, with a reason that stays on record."""
    talk = talk_in_scope(db.session, scope=current_scope(), interview_id=interview_id)
    if not talk.may_reopen:
        abort(403)
    try:
        reason = request.form.get("reason", "")
        reopen_interview(db.session, talk=talk, reason=reason, at=now(), by=current_scope().user_id)
        db.session.commit()
    except Missing:
        raise
    except Refusal as refusal:
        db.session.rollback()
        values = read_values(talk, course_in(db.session, talk))
        return render_template("interviews/guide_read.html", **values, problem=refusal.sentence, reason=reason), 400
    current_app.extensions["bell"].ring("score")
    flash(f"The interview is open again; {talk.interviewer} can change it. What was submitted stays on record.")
    return redirect(url_for("interviews.guide", interview_id=interview_id), code=303)


@blueprint.get("/interviews/<int:interview_id>/history")
@access(Permission.INTERVIEWS_READ)
def history(interview_id: int) -> ResponseReturnValue:
    """Show every version of every question: when, by whom, and in which submission."""
    talk = talk_in_scope(db.session, scope=current_scope(), interview_id=interview_id)
    course = course_in(db.session, talk)
    submissions = submissions_of(db.session, talk.response_id)
    versions = versions_of(db.session, talk.response_id, [sent.submitted_at for sent in submissions])
    return render_template(
        "interviews/history.html",
        talk=talk,
        submissions=submissions,
        touched=[step for step in course.all_steps if step.name in versions],
        versions=versions,
        answer_words=answer_words,
        permissions=PERMISSIONS,
    )


def own_talk(interview_id: int) -> Talk:
    """Return an interview that the caller holds; Missing where it is not theirs to see, 403 where only to read."""
    talk = talk_in_scope(db.session, scope=current_scope(), interview_id=interview_id)
    if not talk.is_mine:
        abort(403)
    return talk


def review_page(talk: Talk, problem: str | None) -> str:
    """Render the last look before submitting."""
    course = course_in(db.session, talk)
    return render_template("interviews/review.html", talk=talk, problem=problem, **review_values(course.steps))


def why_not(content: ItemContent) -> str:
    """Return why a question has no answer, in words; empty where it has one, or nothing was noted."""
    reason = content.reason or ""
    absence = ABSENCES[content.absence] if content.absence else SKIPPED if reason else ""
    return f"{absence}: {reason}" if reason else absence


def review_values(steps: Any) -> dict[str, Any]:
    """Return which questions have an answer, none with a reason, and nothing."""
    return {
        "answered": [step for step in steps if step.item.content.answer is not None],
        "absent": [(step, why_not(step.item.content)) for step in steps if why_not(step.item.content)],
        "unanswered": [step for step in steps if not step.is_done],
        "later": [step for step in steps if step.item.content.is_later],
        "starred": sum(step.item.content.is_starred for step in steps),
        "total": len(steps),
        "user_id": current_scope().user_id,
    }
