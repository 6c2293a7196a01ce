"""The outcomes and blockers of a plan: added, changed, reached, resolved."""

import secrets
from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.core.clock import today
from app.core.database import db
from app.core.errors import Missing, Refusal
from app.customers.models import Account
from app.plans.forms import BlockerForm, OutcomeForm, offer, show_refusal
from app.plans.queries.one import blocker_of, blocker_owners, outcome_of, the_plan
from app.plans.rules.typed import checked_blocker, checked_outcome
from app.plans.services import (
    add_blocker,
    add_outcome,
    change_blocker,
    change_outcome,
    reach_outcome,
    resolve_blocker,
)
from app.plans.views.blueprint import PLAN, blueprint, to_write, writer
from app.users.policy import Permission, access

KEY_BYTES = 16


@blueprint.route(f"{PLAN}/outcomes/new", methods=["GET", "POST"], merge_slashes=False)
@access(Permission.ACCOUNTS_WRITE)
def new_outcome(account_id: str) -> ResponseReturnValue:
    """Add an outcome; refused, the form keeps what was typed."""
    found = to_write(account_id)
    the_plan(db.session, found)
    form = OutcomeForm()
    del form.reason, form.is_dropped

    def store(key: str) -> str:
        wish = checked_outcome(form.typed(), today=today())
        add_outcome(db.session, account=found, wish=wish, form_key=key, writer=writer())
        return "The outcome is on the plan."

    return page_of(found, form, store, "What is to be reached?", "Add it to the plan")


@blueprint.route(f"{PLAN}/outcomes/<int:outcome_id>", methods=["GET", "POST"], merge_slashes=False)
@access(Permission.ACCOUNTS_WRITE)
def outcome(account_id: str, outcome_id: int) -> ResponseReturnValue:
    """Show an outcome and change it; a date that moves keeps the former one."""
    found = to_write(account_id)
    it = outcome_of(db.session, plan=the_plan(db.session, found), outcome_id=outcome_id)
    former, form = it.due_on, OutcomeForm(obj=it, data={"is_dropped": it.dropped_on is not None})

    def store(_key: str) -> str:
        wish = checked_outcome(form.typed(), today=today(), former=former)
        changed = change_outcome(db.session, account=found, outcome_id=outcome_id, wish=wish, writer=writer())
        return "The outcome is changed." if changed else "Nothing changed."

    return page_of(found, form, store, "An outcome", "Store the changes")


@blueprint.post(f"{PLAN}/outcomes/<int:outcome_id>/done", merge_slashes=False)
@access(Permission.ACCOUNTS_WRITE)
def done(account_id: str, outcome_id: int) -> ResponseReturnValue:
    """Note that an outcome is reached today."""
    reach_outcome(db.session, account=to_write(account_id), outcome_id=outcome_id, writer=writer())
    db.session.commit()
    return back(account_id, "Reached.")


@blueprint.route(f"{PLAN}/blockers/new", methods=["GET", "POST"], merge_slashes=False)
@access(Permission.ACCOUNTS_WRITE)
def new_blocker(account_id: str) -> ResponseReturnValue:
    """Add a blocker; refused, the form keeps what was typed."""
    found, owners = to_write(account_id), blocker_owners(db.session)
    the_plan(db.session, found)
    form = BlockerForm(data={"opened_on": today().isoformat()})
    del form.resolved_on
    offer(form.owner, owners, "Nobody yet")

    def store(key: str) -> str:
        wish = checked_blocker(form.typed(), today=today(), owners=owners)
        add_blocker(db.session, account=found, wish=wish, form_key=key, writer=writer())
        return "The blocker is on the plan."

    return page_of(found, form, store, "What stands in the way?", "Add it to the plan")


@blueprint.route(f"{PLAN}/blockers/<int:blocker_id>", methods=["GET", "POST"], merge_slashes=False)
@access(Permission.ACCOUNTS_WRITE)
def blocker(account_id: str, blocker_id: int) -> ResponseReturnValue:
    """Show a blocker and change it."""
    found, owners = to_write(account_id), blocker_owners(db.session)
    it = blocker_of(db.session, plan=the_plan(db.session, found), blocker_id=blocker_id)
    form = BlockerForm(obj=it, data={"owner": str(it.owner_id or "")})
    offer(form.owner, owners, "Nobody yet")

    def store(_key: str) -> str:
        wish = checked_blocker(form.typed(), today=today(), owners=owners)
        changed = change_blocker(db.session, account=found, blocker_id=blocker_id, wish=wish, writer=writer())
        return "The blocker is changed." if changed else "Nothing changed."

    return page_of(found, form, store, "A blocker", "Store the changes")


@blueprint.post(f"{PLAN}/blockers/<int:blocker_id>/resolve", merge_slashes=False)
@access(Permission.ACCOUNTS_WRITE)
def resolve(account_id: str, blocker_id: int) -> ResponseReturnValue:
    """Note that a blocker is out of the way today."""
    resolve_blocker(db.session, account=to_write(account_id), blocker_id=blocker_id, writer=writer())
    db.session.commit()
    return back(account_id, "Out of the way.")


def page_of(account: Account, form: Any, store: Callable[[str], str], heading: str, button: str) -> ResponseReturnValue:
    """Show a form, or store what it sends and lead back to the plan; refused, it keeps what was typed."""
    key = request.form.get("form_key") or secrets.token_hex(KEY_BYTES)
    if form.is_submitted():
        try:
            words = store(key)
            db.session.commit()
        except Missing:
            raise
        except Refusal as refusal:
            db.session.rollback()
            show_refusal(form, refusal)
        else:
            return back(account.crm_id, words)
    page = render_template("plans/form.html", account=account, form=form, heading=heading, button=button, form_key=key)
    return page, 400 if form.is_submitted() else 200


def back(account_id: str, words: str) -> ResponseReturnValue:
    """Say what happened, and lead to the plan."""
    flash(words)
    return redirect(url_for("plans.account", account_id=account_id), code=303)
