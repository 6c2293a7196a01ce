"""The blueprint that the pages of actions share, who acts, and how mails are rung for."""

from flask import Blueprint, current_app, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from app.actions.services import Doer
from app.core.clock import now
from app.users.policy import current_scope

blueprint = Blueprint("actions", __name__)


def doer() -> Doer:
    """Return who acts now, and where this workspace is reached."""
    return Doer(current_scope().user_id, now(), current_app.config["SETTINGS"].base_url)


def told(words: str, action_id: int) -> ResponseReturnValue:
    """Say what happened, and lead to the action."""
    flash(words)
    ring()
    return redirect(url_for("actions.show", action_id=action_id), code=303)


def ring() -> None:
    """Have the mails to owners sent soon."""
    current_app.extensions["bell"].ring_soon("letters")
