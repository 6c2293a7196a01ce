"""The timeline of an account, page by page."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from app.core.clock import today
from app.core.database import db
from app.customers.scope import account_within
from app.timeline.queries.account import knows_people, timeline_page
from app.timeline.rules.kinds import KINDS, kind_asked, place_asked
from app.users.policy import Permission, access, current_scope

blueprint = Blueprint("timeline", __name__)


@blueprint.get("/accounts/<text:account_id>/timeline", merge_slashes=False)
@access(Permission.ACCOUNTS)
def account(account_id: str) -> ResponseReturnValue:
    """Show what happened with an account, the newest first, as far as the caller may read it."""
    found = account_within(db.session, scope=current_scope(), crm_id=account_id)
    kind, after = kind_asked(request.args.get("kind", "")), place_asked(request.args.get("before", ""))
    return render_template(
        "timeline/account.html",
        account=found,
        timeline=timeline_page(db.session, scope=current_scope(), account=found, today=today(), kind=kind, after=after),
        kind=kind,
        kinds=KINDS,
        is_first=after is None,
        knows=knows_people(current_scope(), found),
    )
