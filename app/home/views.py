"""Home: where everybody lands after signing in."""

from typing import Any

from flask import Blueprint, current_app, render_template
from flask.typing import ResponseReturnValue

from app.core.clock import now
from app.core.database import db
from app.core.queue import Bell
from app.core.workspace import the_workspace
from app.home.reading import Asking, read_panels
from app.home.rules.panels import panels
from app.home.rules.title import title_of
from app.interviews.rules.moments import day_words
from app.users.policy import Permission, current_scope, signed_in

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
@signed_in
def index() -> ResponseReturnValue:
    """Show what the reader's roles are there for."""
    scope, at = current_scope(), now()
    bell: Bell = current_app.extensions["bell"]
    asking = Asking(
        session=db.session,
        at=at,
        currency=the_workspace(db.session).currency,
        settings=current_app.config["SETTINGS"],
        rung=bell.waiting,
    )
    shown: dict[str, Any] = read_panels(asking, panels(scope))
    return render_template(
        "home/index.html",
        **shown,
        title=title_of(shown),
        today=at.date(),
        weekday=day_words(at, "en"),
        user_id=scope.user_id,
        runs_studies=scope.can(Permission.STUDIES),
    )
