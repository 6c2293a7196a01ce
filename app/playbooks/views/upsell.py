"""The accounts that may want more of us, and why."""

from dataclasses import replace

from flask import render_template
from flask.typing import ResponseReturnValue

from app.core.clock import today
from app.core.database import db
from app.customers.scope import reaches_every_account
from app.playbooks.queries.upsell import opinions, room
from app.playbooks.rules.upsell import has_room, line_of, missing_sources, products_of, upsell_title
from app.playbooks.views.blueprint import blueprint
from app.users.policy import Permission, access, current_scope

MOST_LISTED = 40


@blueprint.get("/actions/upsell")
@access(Permission.ACTIONS)
def upsell() -> ResponseReturnValue:
    """Show who is content on both sides and has room, those of the most revenue first; then who has said nothing."""
    scope = current_scope()
    found = room(db.session, scope=scope, today=today())
    products = products_of(found.products)
    open_ = [each for each in found.candidates if has_room(each, products)]
    strong = [each for each in open_ if each.voice is not None]
    silent = [each for each in open_ if each.voice is None]
    said = opinions(db.session, scope=scope, account_ids=[each.account_id for each in strong[:MOST_LISTED]])
    shown = [replace(each, opinions=said.get(each.account_id, ())) for each in strong[:MOST_LISTED]]
    return render_template(
        "playbooks/upsell.html",
        title=upsell_title(len(strong), len(silent)),
        strong=[line_of(each, products) for each in shown],
        strong_count=len(strong),
        silent=[line_of(each, products) for each in silent[:MOST_LISTED]],
        silent_count=len(silent),
        missing=missing_sources(
            has_voice=any(each.voice is not None for each in found.candidates),
            has_products=bool(products),
            has_users=found.has_users,
            has_opinions=found.has_opinions,
        ),
        has_health=bool(found.candidates),
        sees_all=reaches_every_account(scope),
    )
