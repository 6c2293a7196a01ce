"""Whether one is reminded by mail of what is due."""

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.actions.queries.reminding import is_reminded
from app.actions.services.reminding import choose_reminders
from app.actions.views.blueprint import blueprint
from app.core.clock import now
from app.core.database import db
from app.users.policy import Permission, access, current_scope


@blueprint.get("/actions/reminders")
@access(Permission.ACTIONS)
def reminders() -> ResponseReturnValue:
    """Show whether the caller is reminded, and a button to change it."""
    return render_template(
        "actions/reminders.html",
        is_on=is_reminded(db.session, current_scope().user_id),
        address=current_scope().email,
        at_any_hour=current_app.config["SETTINGS"].mails_at_any_hour,
    )


@blueprint.post("/actions/reminders")
@access(Permission.ACTIONS)
def choose_reminder() -> ResponseReturnValue:
    """Switch the caller's reminders on or off."""
    is_wanted = request.form.get("wanted") == "1"
    choose_reminders(db.session, user_id=current_scope().user_id, is_wanted=is_wanted, at=now())
    db.session.commit()
    flash("You are reminded of what is due." if is_wanted else "No mail reminds you any more.")
    return redirect(url_for("actions.reminders"), code=303)
