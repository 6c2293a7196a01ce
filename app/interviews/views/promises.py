"""Promises beside the conversation: whether they have reached the customer, in the customer's own answer."""

from flask import abort, flash, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.core.clock import now
from app.core.database import db
from app.core.error_pages import Page, error_page, typed_fields, wants_json
from app.core.errors import Missing, Refusal
from app.interviews.queries.promised import promise_of_talk, promises_beside
from app.interviews.queries.talks import Talk, talk_in_scope
from app.interviews.rules.promised import CHOICES, Promised, said_in
from app.interviews.services import note_promise_answer
from app.interviews.views.blueprint import blueprint
from app.users.policy import Permission, access, current_scope


@blueprint.post("/interviews/<int:interview_id>/promises/<int:promise_id>")
@access(Permission.INTERVIEWS_WRITE)
def promise_said(interview_id: int, promise_id: int) -> ResponseReturnValue:
    """Keep what the customer said of a promise; refused, the page says why."""
    talk = talk_in_scope(db.session, scope=current_scope(), interview_id=interview_id)
    if not talk.is_mine:
        abort(403)
    promise = promise_of_talk(db.session, talk=talk, promise_id=promise_id)
    try:
        said = said_in(request.form.get("said", ""))
        note_promise_answer(
            db.session, talk=talk, promise_id=promise.id, said=said, at=now(), by=current_scope().user_id
        )
        db.session.commit()
    except Missing:
        raise
    except Refusal as refusal:
        db.session.rollback()
        if wants_json():
            return jsonify(field=refusal.field, message=refusal.sentence), 400
        return error_page(400, Page("The answer was not kept", refusal.sentence), typed=typed_fields())
    words = dict(CHOICES)[said or ""]
    if wants_json():
        return jsonify(said=said or "", words=words)
    flash(f"Kept: {words}.")
    back = url_for("interviews.guide", interview_id=talk.id, q=request.form.get("q") or None)
    return redirect(back, code=303)


def promise_values(talk: Talk) -> list[Promised]:
    """Return the promises that stand in the margin."""
    return promises_beside(db.session, talk)
