"""The pages of actions: what one has to do, and one action with its change, its end and its return."""

import secrets

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.actions.forms import typed_in
from app.actions.queries import (
    ActionRow,
    account_to_act_on,
    action_in_scope,
    action_owners,
    actions_listed,
    notice_sent_at,
)
from app.actions.rules import Typed, Urgency, wish_of
from app.actions.services import Doer, add_action, change_action, finish_action, reopen_action
from app.core.clock import now, today
from app.core.database import db
from app.core.errors import Missing, Refusal
from app.users.policy import Permission, access, current_scope

blueprint = Blueprint("actions", __name__)
KEY_BYTES = 16


@blueprint.get("/actions")
@access(Permission.ACTIONS)
def index() -> ResponseReturnValue:
    """Show what the caller has to do, or all that they may work on."""
    is_mine = request.args.get("show") != "all"
    rows = actions_listed(db.session, scope=current_scope(), is_mine=is_mine)
    by_urgency = {each: [row for row in rows if row.urgency(today()) is each] for each in Urgency}
    return render_template("actions/index.html", is_mine=is_mine, groups=by_urgency, today=today())


@blueprint.route("/actions/new", methods=["GET", "POST"])
@access(Permission.ACTIONS)
def new() -> ResponseReturnValue:
    """Add an action for the account that the address names; refused, the page keeps what was typed."""
    scope = current_scope()
    account = account_to_act_on(db.session, scope=scope, crm_id=request.args.get("account", ""))
    owners, typed, refusal = action_owners(db.session), Typed(owner=str(scope.user_id)), None
    if request.method == "POST":
        typed = typed_in(request.form)
        try:
            wish = wish_of(typed, owners=owners, today=today())
            key = request.form.get("form_key")
            action = add_action(db.session, account_id=account.id, wish=wish, doer=doer(), form_key=key)
            db.session.commit()
            return told("It is on the list.", action.id)
        except Refusal as found:
            db.session.rollback()
            refusal = found
    key = request.form.get("form_key") or secrets.token_hex(KEY_BYTES)
    page = render_template(
        "actions/new.html", account=account, owners=owners, typed=typed, refusal=refusal, today=today(), form_key=key
    )
    return page, 400 if refusal else 200


@blueprint.get("/actions/<int:action_id>")
@access(Permission.ACTIONS)
def show(action_id: int) -> ResponseReturnValue:
    """Show one action."""
    row = action_in_scope(db.session, scope=current_scope(), action_id=action_id)
    return action_page(row, Typed(row.title, str(row.owner_id), row.due_on.isoformat(), row.is_promised))


@blueprint.post("/actions/<int:action_id>")
@access(Permission.ACTIONS)
def change(action_id: int) -> ResponseReturnValue:
    """Change an action, or give it to somebody else."""
    row = action_in_scope(db.session, scope=current_scope(), action_id=action_id)
    typed = typed_in(request.form)
    try:
        owners = {**action_owners(db.session), row.owner_id: row.owner}
        wish = wish_of(typed, owners=owners, today=today(), before=row.due_on)
        change_action(db.session, action_id=row.id, wish=wish, doer=doer())
        db.session.commit()
    except Missing:
        raise
    except Refusal as refusal:
        db.session.rollback()
        return action_page(row, typed, refusal), 400
    if current_scope().user_id != wish.owner_id and row.owner_id != wish.owner_id:
        flash(f"{owners[wish.owner_id]} is told by mail.")
        ring()
        return redirect(url_for("actions.index"), code=303)
    return told("Changed.", row.id)


@blueprint.post("/actions/<int:action_id>/done")
@access(Permission.ACTIONS)
def done(action_id: int) -> ResponseReturnValue:
    """Note that an action is done, and what came of it."""
    row = action_in_scope(db.session, scope=current_scope(), action_id=action_id)
    typed = Typed(row.title, str(row.owner_id), row.due_on.isoformat(), row.is_promised)
    try:
        finish_action(db.session, action_id=row.id, note=request.form.get("note", ""), doer=doer())
        db.session.commit()
    except Missing:
        raise
    except Refusal as refusal:
        db.session.rollback()
        return action_page(row, typed, refusal), 400
    return told("Done.", row.id)


@blueprint.post("/actions/<int:action_id>/reopen")
@access(Permission.ACTIONS)
def reopen(action_id: int) -> ResponseReturnValue:
    """Open an action again."""
    row = action_in_scope(db.session, scope=current_scope(), action_id=action_id)
    reopen_action(db.session, action_id=row.id, doer=doer())
    db.session.commit()
    return told("It is open again.", row.id)


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


def action_page(row: ActionRow, typed: Typed, refusal: Refusal | None = None) -> str:
    """Render one action."""
    owners = {**action_owners(db.session), row.owner_id: row.owner}
    return render_template(
        "actions/show.html",
        row=row,
        owners=owners,
        typed=typed,
        refusal=refusal,
        note=request.form.get("note", row.note or ""),
        today=today(),
        told_at=notice_sent_at(db.session, row.id, row.owner_id),
        sees_account=current_scope().can(Permission.ACCOUNTS),
    )
