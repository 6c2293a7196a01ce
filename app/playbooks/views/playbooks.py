"""Playbooks in the browser: the list, one with what it would raise today, the form, and its switch."""

import secrets
from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.actions.rules.kinds import KIND_HINTS, KIND_WORDS
from app.core.clock import now
from app.core.database import db
from app.core.errors import Missing, Refusal
from app.playbooks.forms import typed_in
from app.playbooks.models import Playbook
from app.playbooks.queries import known_tiers, playbook_of, playbooks
from app.playbooks.queries.looking import caught_accounts, look
from app.playbooks.rules.catching import MOST_RAISED, Look, look_lede, look_title
from app.playbooks.rules.definition import checked_definition, definition_of, field, proposed, typed_from
from app.playbooks.rules.signs import SIGNS
from app.playbooks.services.writing import begin_playbook, change_playbook, end_playbook, switch_playbook
from app.playbooks.views.blueprint import blueprint
from app.users.policy import Permission, access, current_scope

MOST_LISTED = 100
KEY_BYTES = 16


@blueprint.get("/playbooks")
@access(Permission.STUDIES)
def index() -> ResponseReturnValue:
    """Show the playbooks, those that are on first."""
    rows = playbooks(db.session)
    lines = [(row, definition_of(row.Playbook.name, row.Playbook.definition)) for row in rows]
    return render_template("playbooks/index.html", lines=lines, on=sum(row.Playbook.is_on for row in rows))


@blueprint.route("/playbooks/new", methods=["GET", "POST"])
@access(Permission.STUDIES)
def new() -> ResponseReturnValue:
    """Write a playbook, kept switched off until it was seen what it catches; refused, the page keeps what was typed."""
    typed, refusal = proposed(), None
    if request.method == "POST":
        typed = typed_in(request.form)
        try:
            definition = checked_definition(typed, tiers=known_tiers(db.session))
            key, by = request.form.get("form_key", ""), current_scope().user_id
            made = begin_playbook(db.session, definition=definition, form_key=key, user_id=by, at=now())
            db.session.commit()
            return redirect(url_for("playbooks.show", playbook_id=made.id), code=303)
        except Refusal as found:
            db.session.rollback()
            refusal = found
    return form_page(None, typed, refusal), 400 if refusal else 200


@blueprint.get("/playbooks/<int:playbook_id>")
@access(Permission.STUDIES)
def show(playbook_id: int) -> ResponseReturnValue:
    """Show one playbook with the accounts that it catches today, and what it would raise."""
    playbook = playbook_of(db.session, playbook_id)
    definition = definition_of(playbook.name, playbook.definition)
    found = look(db.session, definition=definition, scope=current_scope(), at=now(), playbook_id=playbook.id)
    return render_template(
        "playbooks/show.html",
        playbook=playbook,
        definition=definition,
        title=look_title(found),
        lede=look_lede(found),
        lines=caught_lines(found),
        caught=len(found.caught),
        free=len(found.free),
        most=MOST_RAISED,
        most_listed=MOST_LISTED,
    )


@blueprint.route("/playbooks/<int:playbook_id>/edit", methods=["GET", "POST"])
@access(Permission.STUDIES)
def edit(playbook_id: int) -> ResponseReturnValue:
    """Change what a playbook says."""
    playbook = playbook_of(db.session, playbook_id)
    typed, refusal = typed_from(definition_of(playbook.name, playbook.definition)), None
    if request.method == "POST":
        typed = typed_in(request.form)
        try:
            definition = checked_definition(typed, tiers=known_tiers(db.session))
            by = current_scope().user_id
            change_playbook(db.session, playbook_id=playbook_id, definition=definition, user_id=by, at=now())
            db.session.commit()
            return redirect(url_for("playbooks.show", playbook_id=playbook_id), code=303)
        except Missing:
            raise
        except Refusal as found:
            db.session.rollback()
            playbook, refusal = playbook_of(db.session, playbook_id), found
    return form_page(playbook, typed, refusal), 400 if refusal else 200


@blueprint.post("/playbooks/<int:playbook_id>/switch")
@access(Permission.STUDIES)
def switch(playbook_id: int) -> ResponseReturnValue:
    """Switch a playbook on or off; on, the worker looks within a minute."""
    is_on = request.form.get("on") == "1"
    switch_playbook(db.session, playbook_id=playbook_id, is_on=is_on, user_id=current_scope().user_id)
    db.session.commit()
    if is_on:
        current_app.extensions["bell"].ring_soon("playbooks")
    flash("It is on: what it catches is raised within a minute." if is_on else "It is off; what it raised stays.")
    return redirect(url_for("playbooks.show", playbook_id=playbook_id), code=303)


@blueprint.post("/playbooks/<int:playbook_id>/end")
@access(Permission.STUDIES)
def end(playbook_id: int) -> ResponseReturnValue:
    """Take a playbook off the list."""
    end_playbook(db.session, playbook_id=playbook_id, user_id=current_scope().user_id, at=now())
    db.session.commit()
    flash("It is gone; what it raised stays.")
    return redirect(url_for("playbooks.index"), code=303)


def form_page(playbook: Playbook | None, typed: dict[str, Any], refusal: Refusal | None) -> str:
    """Return the form of a playbook."""
    return render_template(
        "playbooks/form.html",
        playbook=playbook,
        typed=typed,
        refusal=refusal,
        signs=SIGNS.values(),
        field=field,
        tiers=known_tiers(db.session),
        kinds=KIND_WORDS,
        hints=KIND_HINTS,
        form_key=request.form.get("form_key") or secrets.token_hex(KEY_BYTES),
    )


def caught_lines(found: Look) -> list[dict[str, Any]]:
    """Return the accounts of a look as the page lists them, those of the most revenue first."""
    caught = {each.account_id: each for each in found.caught}
    accounts = caught_accounts(db.session, list(caught))[:MOST_LISTED]
    return [
        {
            "crm_id": each.crm_id,
            "name": each.name,
            "tier": each.tier,
            "facts": caught[each.id].facts,
            "held": caught[each.id].held,
            "owner": each.owner or "",
        }
        for each in accounts
    ]
