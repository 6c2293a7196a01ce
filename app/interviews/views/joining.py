"""Several people of one account in one conversation: chosen here, and switched between beside the questions."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.core.database import db
from app.core.errors import Missing, Refusal
from app.interviews.forms import interviewer_in
from app.interviews.queries.conversations import could_be_held_with, held_with
from app.interviews.queries.talks import Talk
from app.interviews.services.joining import hold_together
from app.interviews.views.blueprint import blueprint
from app.interviews.views.closing import own_talk
from app.users.policy import Permission, access, current_scope


@blueprint.route("/interviews/<int:interview_id>/held-with", methods=["GET", "POST"])
@access(Permission.INTERVIEWS_WRITE)
def join(interview_id: int) -> ResponseReturnValue:
    """Choose who else takes part in the conversation."""
    talk = own_talk(interview_id)
    if request.method != "POST":
        return join_page(talk)
    try:
        chosen = {interviewer_in(raw) for raw in request.form.getlist("held_with")}
        others = hold_together(db.session, talk=talk, scope=current_scope(), with_ids=chosen)
        db.session.commit()
    except Missing:
        raise
    except Refusal as refusal:
        db.session.rollback()
        return join_page(own_talk(interview_id), refusal), 400
    flash(f"You talk to {others + 1} people at once; switch between them beside the questions." if others else "Alone.")
    return redirect(url_for("interviews.guide", interview_id=interview_id), code=303)


def join_page(talk: Talk, refusal: Refusal | None = None) -> str:
    """Render who could take part."""
    return render_template("interviews/join.html", talk=talk, refusal=refusal, **together_values(talk))


def together_values(talk: Talk) -> dict[str, Any]:
    """Return with whom an interview is held, and with whom it could be."""
    scope = current_scope()
    return {
        "held_with": held_with(db.session, scope=scope, talk=talk),
        "could_join": could_be_held_with(db.session, scope=scope, talk=talk) if talk.is_mine else [],
    }
