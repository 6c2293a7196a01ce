"""Follow-ups of an interview: added beside the questions, while the conversation goes on, and after it."""

import secrets
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import current_app, flash, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.actions.forms import typed_in
from app.actions.models import Action
from app.actions.queries import action_owners, actions_of_respondent
from app.actions.rules import Typed, due_words, wish_of
from app.actions.services import Doer, add_action
from app.core.clock import now, today
from app.core.database import db
from app.core.error_pages import Page, error_page, typed_fields, wants_json
from app.core.errors import Missing, Refusal
from app.interviews.queries.conversations import held_with
from app.interviews.queries.planning import current_appointment
from app.interviews.queries.predictions import may_predict
from app.interviews.queries.talks import Talk, talk_in_scope
from app.interviews.rules.meeting import WAYS, Way
from app.interviews.rules.moments import moment_words
from app.interviews.views.blueprint import blueprint
from app.users.policy import Permission, access, current_scope

KEY_BYTES = 16
USUAL = timedelta(days=14)
"""Until when a follow-up is to be done where nothing else is chosen."""
CREATED = 201


@blueprint.post("/interviews/<int:interview_id>/follow-ups")
@access(Permission.ACTIONS)
def follow_up(interview_id: int) -> ResponseReturnValue:
    """Add a follow-up that came up in an interview; refused, what was typed comes back."""
    talk = talk_in_scope(db.session, scope=current_scope(), interview_id=interview_id)
    try:
        action = added(talk)
        db.session.commit()
    except Missing:
        raise
    except Refusal as refusal:
        db.session.rollback()
        if wants_json():
            return jsonify(field=refusal.field, message=refusal.sentence), 400
        page = Page("The follow-up was not added", refusal.sentence)
        return error_page(400, page, typed=typed_fields())
    current_app.extensions["bell"].ring_soon("letters")
    if wants_json():
        return jsonify(line_of(action)), CREATED
    flash("The follow-up is on the list.")
    back = url_for("interviews.guide", interview_id=talk.id, q=request.form.get("q") or None)
    return redirect(back, code=303)


def added(talk: Talk) -> Action:
    """Add what was typed for the person and account of an interview."""
    wish = wish_of(typed_in(request.form), owners=action_owners(db.session), today=today())
    return add_action(
        db.session,
        account_id=talk.account_id,
        respondent_id=talk.respondent_id,
        wish=wish,
        doer=Doer(current_scope().user_id, now(), current_app.config["SETTINGS"].base_url),
        form_key=request.form.get("form_key"),
    )


def line_of(action: Action) -> dict[str, Any]:
    """Return an action as the page adds it to its list, and the key of the next form."""
    owner = action_owners(db.session).get(action.owner_id, "")
    due = due_words(due_on=action.due_on, done_at=None, today=today())
    promised = " · promised to the customer" if action.is_promised else ""
    return {
        "title": action.title,
        "about": f"{owner} · {due}{promised}",
        "address": url_for("actions.show", action_id=action.id),
        "form_key": secrets.token_hex(KEY_BYTES),
    }


def appointment_words(talk: Talk) -> str:
    """Return when one meets, by the clock of the contact; empty where no appointment stands."""
    found = current_appointment(db.session, talk.id)
    if found is None or found.is_cancelled:
        return ""
    return f"{moment_words(found.starts_at, ZoneInfo(found.timezone), 'en')}, {WAYS[Way(found.way)].lower()}"


def follow_up_values(talk: Talk) -> dict[str, Any]:
    """Return what the margin shows of follow-ups, and an empty form for the next."""
    due_on = (today() + USUAL).isoformat()
    return {
        "follow_ups": actions_of_respondent(db.session, respondent_id=talk.respondent_id),
        "owners": action_owners(db.session),
        "follow_up_typed": Typed(owner=str(current_scope().user_id), due_on=due_on, is_promised=True),
        "follow_up_key": secrets.token_hex(KEY_BYTES),
        "today": today(),
        "meets_at": appointment_words(talk),
        "held_with": held_with(db.session, scope=current_scope(), talk=talk),
        "predicts": talk.started_at is None and may_predict(db.session, scope=current_scope(), talk=talk),
    }
