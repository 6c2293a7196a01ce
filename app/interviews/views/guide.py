"""The guided interview: every question on one page, saved one by one as it is typed."""

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from flask import abort, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf
from werkzeug.routing import BuildError

from app.core.clock import now, today
from app.core.database import db, writing
from app.core.error_pages import Page, error_page, typed_fields, wants_json
from app.core.errors import Missing, Refusal
from app.core.web import reads_first
from app.interviews.forms import revision_in, save_key_in, typed_in
from app.interviews.queries.asked import question_asked
from app.interviews.queries.scores import health_of_account
from app.interviews.queries.talks import (
    Talk,
    colleagues_asked,
    course_in,
    line_in_scope,
    name_of,
    submissions_of,
    talk_in_scope,
)
from app.interviews.queries.times import time_spent
from app.interviews.rules.items import (
    ABSENCES,
    PERMISSIONS,
    Typed,
    answer_words,
    choices,
    is_scale,
    item_content,
    key_hint,
    shape,
    typed_of,
)
from app.interviews.rules.pace import pace_of
from app.interviews.rules.period import refusal_to_ask
from app.interviews.rules.progress import Course
from app.interviews.rules.slots import slot_named
from app.interviews.services import refuse_impossible, save_answer, settled_branches
from app.interviews.views.blueprint import blueprint
from app.interviews.views.following import follow_up_values
from app.interviews.views.promises import promise_values
from app.interviews.views.rest import rest_link
from app.interviews.views.together import standing
from app.questionnaires.rules.definition import Question
from app.responses.rules import Item
from app.responses.services import Conflict, Locked
from app.users.policy import Permission, access, current_scope

LOCKED = 423


@dataclass(frozen=True)
class Fault:
    """What was typed at a question and refused: shown where it was typed, with the sentence."""

    key: str
    typed: Typed
    refusal: Refusal


@blueprint.get("/interviews/<int:interview_id>")
@access(Permission.INTERVIEWS_READ)
def guide(interview_id: int) -> ResponseReturnValue:
    """Show the conversation to who holds it, and what was written down to everybody else who may read it."""
    talk = talk_in_scope(db.session, scope=current_scope(), interview_id=interview_id)
    course = course_in(db.session, talk)
    if not talk.is_mine or talk.submitted_at is not None or talk.handed_over_at is not None:
        return render_template("interviews/guide_read.html", **read_values(talk, course))
    asked = request.args.get("q")
    step = course.step(asked) if asked else course.first_open()
    if step is None:
        raise Missing("This interview has no such question.", "question")
    return guide_page(talk, course, step.name)


@blueprint.post("/interviews/<int:interview_id>/items/<question>")
@access(Permission.INTERVIEWS_WRITE)
@reads_first
def save(interview_id: int, question: str) -> ResponseReturnValue:
    """Store what stands at one question, or give back what was typed with the reason why not."""
    scope, slot = current_scope(), slot_named(question)
    line = line_in_scope(db.session, scope=scope, interview_id=interview_id, question_key=slot.key)
    if not line.is_mine:
        abort(403)
    asked = question_asked(db.session, line, slot)
    typed = typed_in(request.form)
    try:
        content = item_content(asked, typed)
        refuse_impossible(db.session, line=line, question=asked, slot=slot, content=content)
        with writing() as session:
            item = save_answer(
                session,
                line=line,
                item=slot.item,
                revision=revision_in(request.form),
                content=content,
                at=now(),
                by=scope.user_id,
                save_key=save_key_in(request.form),
            )
            branches = settled_branches(session, line=line, at=now())
            session.commit()
    except Missing:
        raise
    except Conflict as conflict:
        db.session.rollback()
        return tell_conflict(interview_id, question, asked, typed, conflict.current)
    except Locked as locked:
        db.session.rollback()
        return tell_locked(locked)
    except Refusal as refusal:
        db.session.rollback()
        return tell_refused(interview_id, Fault(question, typed, refusal))
    if wants_json():
        saved_at = (item.recorded_at or now()).isoformat()
        newer = standing(item) if item.content != content else None
        return jsonify(revision=item.revision, saved_at=saved_at, branches=branches, standing=newer)
    return redirect(onward(interview_id, question), code=303)


@blueprint.get("/interviews/token.json")
@access(Permission.INTERVIEWS_WRITE)
def token() -> ResponseReturnValue:
    """Give the token of the present session, and whose it is, to a page that is older than the session."""
    return jsonify(token=generate_csrf(), user=current_scope().user_id)


def onward(interview_id: int, name: str) -> str:
    """Return where the pressed button leads: the question before or after, and the review after the last."""
    talk = talk_in_scope(db.session, scope=current_scope(), interview_id=interview_id)
    course = course_in(db.session, talk)
    go = request.form.get("go", "")
    beside = course.step(name) if go == "stay" else course.beside(name, -1 if go == "back" else 1)
    if beside is None and go != "back":
        return url_for("interviews.review", interview_id=interview_id)
    return url_for("interviews.guide", interview_id=interview_id, q=beside.name if beside else name)


def tell_conflict(interview_id: int, name: str, asked: Question, typed: Typed, current: Item) -> ResponseReturnValue:
    """Answer a stale revision: both texts, and the revision by which to decide between them."""
    if wants_json():
        return jsonify(standing(current) | {"yours": asdict(typed)}), 409
    talk = talk_in_scope(db.session, scope=current_scope(), interview_id=interview_id)
    return render_template(
        "interviews/conflict.html",
        talk=talk,
        asked=asked,
        current=current,
        theirs=typed_of(current.content),
        by=name_of(db.session, current.recorded_by),
        **field_values(),
        said=answer_words(asked, current.content),
        step=course_in(db.session, talk).step(name),
        typed=typed,
    ), 409


def tell_locked(locked: Locked) -> ResponseReturnValue:
    """Answer a save that came after the interview was submitted."""
    if wants_json():
        return jsonify(field=locked.field, message=locked.sentence), LOCKED
    return error_page(LOCKED, Page("This interview was submitted meanwhile", locked.sentence), typed=typed_fields())


def tell_refused(interview_id: int, fault: Fault) -> ResponseReturnValue:
    """Answer something that cannot be stored: the page again, with what was typed and the remedy."""
    if wants_json():
        return jsonify(field=fault.refusal.field, message=fault.refusal.sentence), 400
    talk = talk_in_scope(db.session, scope=current_scope(), interview_id=interview_id)
    return guide_page(talk, course_in(db.session, talk), fault.key, fault), 400


def guide_page(talk: Talk, course: Course, key: str, fault: Fault | None = None, *, problem: str | None = None) -> str:
    """Render the conversation with one question in view."""
    typed = {step.name: typed_of(step.item.content) for step in course.all_steps}
    if fault:
        typed[fault.key] = fault.typed
    return render_template(
        "interviews/guide.html",
        talk=talk,
        course=course,
        key=key,
        typed=typed,
        fault=fault,
        refused_today=problem or period_refusal(talk),
        used={name: each.seconds for name, each in time_spent(db.session, talk.id).items()},
        health=health_of_account(db.session, talk) if talk.peeked_at else None,
        user_id=current_scope().user_id,
        **field_values(),
        **side_values(talk),
    )


def field_values() -> dict[str, Any]:
    """Return the words of the fields of every question."""
    return {
        "absences": ABSENCES,
        "permissions": PERMISSIONS,
        "choices": choices,
        "is_scale": is_scale,
        "key_hint": key_hint,
        "shape": shape,
    }


def side_values(talk: Talk) -> dict[str, Any]:
    """Return what the margin says about the person."""
    return {
        "colleagues": colleagues_asked(db.session, talk),
        "renews_in": days_from(today(), talk.renewal_date),
        "submissions": submissions_of(db.session, talk.response_id),
        "promised": promise_values(talk),
        **follow_up_values(talk),
    }


def read_values(talk: Talk, course: Course) -> dict[str, Any]:
    """Return what the read-only page shows."""
    said = {step.name: answer_words(step.question, step.item.content) for step in course.steps}
    return {
        "talk": talk,
        "course": course,
        "said": said,
        "permissions": PERMISSIONS,
        "account_address": account_address(talk),
        "health": health_of_account(db.session, talk) if talk.submitted_at else None,
        "pace": pace_of(course, time_spent(db.session, talk.id)),
        "rest_address": rest_link(talk),
        "user_id": current_scope().user_id,
        **side_values(talk),
    }


def account_address(talk: Talk) -> str | None:
    """Return the address of the account's own page, where there is such a page."""
    try:
        return url_for("customer360.account", account_id=talk.account_crm_id)
    except BuildError:
        return None


def period_refusal(talk: Talk) -> str | None:
    """Return why nothing would be stored today, or None."""
    return refusal_to_ask(
        opens_on=talk.opens_on, closes_on=talk.closes_on, closed_at=talk.closed_at, today=talk.held_on or today()
    )


def days_from(start: date, end: date | None) -> int | None:
    """Return how many days lie between, negative where the end is past."""
    return (end - start).days if end else None
