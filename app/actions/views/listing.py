"""What one has to do, as a list and as a board by day or by owner."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.actions.queries import actions_listed, kind_counts
from app.actions.rules import Urgency
from app.actions.rules.boards import By, by_day, by_owner
from app.actions.rules.kinds import KIND_WORDS, Kind
from app.actions.views.blueprint import blueprint
from app.core.clock import today
from app.core.database import db
from app.users.policy import Permission, access, current_scope

MOST_ON_A_COLUMN = 50


@blueprint.get("/actions")
@access(Permission.ACTIONS)
def index() -> ResponseReturnValue:
    """Show what the caller has to do, or all that they may see."""
    is_mine, kind, scope = request.args.get("show") != "all", kind_asked(), current_scope()
    rows = actions_listed(db.session, scope=scope, is_mine=is_mine, kind=kind)
    by_urgency = {each: [row for row in rows if row.urgency(today()) is each] for each in Urgency}
    return render_template(
        "actions/index.html",
        is_mine=is_mine,
        kind=kind,
        kinds=KIND_WORDS,
        counts=kind_counts(db.session, scope=scope, is_mine=is_mine),
        groups=by_urgency,
        today=today(),
    )


@blueprint.get("/actions/board")
@access(Permission.ACTIONS)
def board() -> ResponseReturnValue:
    """Show what is open on a board: by the day until when, or by who does it."""
    is_mine, kind, scope = request.args.get("show") == "mine", kind_asked(), current_scope()
    by = By.OWNER if request.args.get("by") == By.OWNER else By.DAY
    rows = actions_listed(db.session, scope=scope, is_mine=is_mine, kind=kind, is_open=True)
    return render_template(
        "actions/board.html",
        is_mine=is_mine,
        kind=kind,
        kinds=KIND_WORDS,
        counts=kind_counts(db.session, scope=scope, is_mine=is_mine),
        by=by,
        groups=by_owner(rows, today()) if by is By.OWNER else by_day(rows, today()),
        total=len(rows),
        most=MOST_ON_A_COLUMN,
        today=today(),
    )


def kind_asked() -> Kind | None:
    """Return the kind that the address asks for; None for all, and for what is none."""
    raw = request.args.get("kind", "")
    return Kind(raw) if raw in list(Kind) else None
