"""The map of an account: its seats, who fills them, and who was heard."""

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue

from app.core.clock import now
from app.core.database import db
from app.stakeholders.queries.people import USUAL, Seen, Window, account_seen, own_templates, people_at, usual_window
from app.stakeholders.queries.promises import promises_of
from app.stakeholders.rules.page import MapPage, map_page
from app.stakeholders.rules.templates import seats_of
from app.stakeholders.views.blueprint import blueprint
from app.studies.scope import study_in_scope
from app.users.policy import Permission, access, current_scope

MONTHS = (3, 6, 12, 24)


@blueprint.get("/accounts/<text:account_id>/stakeholders", merge_slashes=False)
@access(Permission.ACCOUNTS)
def account(account_id: str) -> ResponseReturnValue:
    """Show who is known at an account, who was heard, and which names are missing."""
    seen = account_seen(db.session, scope=current_scope(), crm_id=account_id)
    return render_template(
        "stakeholders/account.html",
        seen=seen,
        page=the_map(seen),
        months=months_asked(),
        offers=MONTHS,
        study=request.args.get("study") or "",
        promises=len(promises_of(db.session, seen.account)),
    )


def the_map(seen: Seen) -> MapPage:
    """Return the map of an account over the time, or the study, that the address names."""
    scope = current_scope()
    key = request.args.get("study")
    study_id = study_in_scope(db.session, scope=scope, key=key).id if key else None
    window = Window(None, study_id) if study_id else usual_window(now(), months_asked())
    rows = people_at(db.session, scope=scope, account=seen.account, window=window, has_names=seen.has_names)
    return map_page(seen.account.name, seats_of(seen.account.tier, own_templates(db.session)), rows)


def months_asked() -> int:
    """Return how many months back an answer counts, by the address."""
    raw = request.args.get("months", "")
    return int(raw) if raw in {str(each) for each in MONTHS} else USUAL


def to_change(account_id: str) -> Seen:
    """Return an account that the caller may add to; Missing where it is not theirs to see, 403 where only to read."""
    seen = account_seen(db.session, scope=current_scope(), crm_id=account_id)
    if not seen.may_change:
        abort(403)
    return seen
