"""Two people in one interview: who takes notes, and what the other one has written meanwhile."""

from dataclasses import asdict
from typing import Any

from flask import abort, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.core.clock import now
from app.core.database import db
from app.core.errors import Refusal
from app.interviews.forms import instant_in, note_taker_in
from app.interviews.queries.assignment import interviewers
from app.interviews.queries.changes import branches_now, items_since, last_change
from app.interviews.queries.talks import Talk, name_of, talk_in_scope
from app.interviews.rules.items import typed_of
from app.interviews.services import choose_note_taker
from app.interviews.views.blueprint import blueprint
from app.responses.rules import Item
from app.users.policy import Permission, access, current_scope


@blueprint.get("/interviews/<int:interview_id>/changes.json")
@access(Permission.INTERVIEWS_WRITE)
def changes(interview_id: int) -> ResponseReturnValue:
    """Tell what was saved since the instant that the page names; nothing new is an empty answer."""
    scope = current_scope()
    found = last_change(db.session, interview_id=interview_id, user_id=scope.user_id)
    if found and found.submitted_at is None and request.args.get("since", "") == told(found.changed_at):
        return "", 204
    talk = talk_in_scope(db.session, scope=scope, interview_id=interview_id)
    if not talk.is_mine:
        abort(403)
    items = items_since(db.session, talk, instant_in(request.args.get("since", "")))
    return jsonify(
        since=told(talk.changed_at),
        is_submitted=talk.submitted_at is not None,
        items={name: standing(item) for name, item in items.items()},
        branches=branches_now(db.session, talk) if items else None,
    )


@blueprint.route("/interviews/<int:interview_id>/note-taker", methods=["GET", "POST"])
@access(Permission.INTERVIEWS_WRITE)
def note_taker(interview_id: int) -> ResponseReturnValue:
    """Choose who takes notes while the interviewer leads."""
    talk = talk_in_scope(db.session, scope=current_scope(), interview_id=interview_id)
    if not (talk.is_lead or talk.may_reopen):
        abort(403)
    if request.method != "POST":
        return note_taker_page(talk, talk.note_taker_id)
    try:
        chosen = note_taker_in(request.form)
        choose_note_taker(db.session, talk=talk, user_id=chosen, at=now(), by=current_scope().user_id)
        db.session.commit()
    except Refusal as refusal:
        db.session.rollback()
        return note_taker_page(talk, talk.note_taker_id, refusal), 400
    flash(f"{name_of(db.session, chosen)} takes notes now." if chosen else "Nobody else writes in this interview now.")
    return redirect(url_for("interviews.guide", interview_id=interview_id), code=303)


def note_taker_page(talk: Talk, chosen: int | None, refusal: Refusal | None = None) -> str:
    """Render who could take notes."""
    others = {id_: name for id_, name in interviewers(db.session).items() if id_ != talk.interviewer_id}
    return render_template("interviews/note_taker.html", talk=talk, others=others, chosen=chosen, refusal=refusal)


def standing(item: Item) -> dict[str, Any]:
    """Return what stands at one question as a page reads it: revision, fields, by whom and when."""
    at = item.recorded_at.isoformat() if item.recorded_at else None
    content = asdict(typed_of(item.content)) | {"by": name_of(db.session, item.recorded_by), "at": at}
    return {"revision": item.revision, "theirs": content}


def told(instant: Any) -> str:
    """Return an instant as pages send it back, empty where nothing was saved yet."""
    return instant.isoformat() if instant else ""
