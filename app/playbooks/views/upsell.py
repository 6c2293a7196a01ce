"""The accounts that may want more of us, and why."""

from collections.abc import Sequence
from dataclasses import replace

from flask import render_template
from flask.typing import ResponseReturnValue

from app.core.clock import today
from app.core.database import db
from app.customers.scope import reaches_every_account
from app.playbooks.queries.opinions import opinions
from app.playbooks.queries.upsell import room
from app.playbooks.rules.upsell import Candidate, Line, has_room, line_of, missing_sources, products_of, upsell_title
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
    shown, quiet = (lines_of(some[:MOST_LISTED], products) for some in (strong, silent))
    held_back = [line for line in shown if line.is_held_back]
    return render_template(
        "playbooks/upsell.html",
        title=upsell_title(len(strong) - len(held_back), len(silent)),
        strong=[line for line in shown if not line.is_held_back],
        held_back=held_back,
        shown_count=len(shown),
        strong_count=len(strong),
        silent=quiet,
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


def lines_of(candidates: Sequence[Candidate], products: Sequence[str]) -> list[Line]:
    """Return candidates in words, each with what was said there of its products."""
    ids = [each.account_id for each in candidates]
    said = opinions(db.session, scope=current_scope(), account_ids=ids)
    return [line_of(replace(each, opinions=said.get(each.account_id, ())), products) for each in candidates]
