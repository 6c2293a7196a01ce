"""What an account was promised: typed in and changed; the ledger shows it."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.core.clock import now
from app.core.database import db
from app.core.errors import Missing, Refusal
from app.ledger.queries.account import promise_on
from app.stakeholders.forms import PromiseForm, offer_choices, show_refusal
from app.stakeholders.queries.people import account_seen
from app.stakeholders.services.promises import change_promise, keep_promise
from app.stakeholders.views.blueprint import blueprint
from app.stakeholders.views.mapping import to_change
from app.users.policy import Permission, access, current_scope


@blueprint.get("/accounts/<text:account_id>/promises", merge_slashes=False)
@access(Permission.ACCOUNTS)
def promises(account_id: str) -> ResponseReturnValue:
    """Lead to the ledger, where the promises of an account stand with what became of them."""
    seen = account_seen(db.session, scope=current_scope(), crm_id=account_id)
    return redirect(url_for("ledger.account", account_id=seen.account.crm_id))


@blueprint.route("/accounts/<text:account_id>/promises/new", methods=["GET", "POST"], merge_slashes=False)
@access(Permission.ACCOUNTS_WRITE)
def new_promise(account_id: str) -> ResponseReturnValue:
    """Put a promise on record; refused, the form keeps what was typed."""
    seen, form = to_change(account_id), PromiseForm()
    offer_choices(form)
    if form.is_submitted():
        try:
            keep_promise(db.session, account=seen.account, typed=form.typed(), at=now(), by=current_scope().user_id)
        except Refusal as refusal:
            db.session.rollback()
            show_refusal(form, refusal, "text")
        else:
            db.session.commit()
            flash("The promise is on record.")
            return redirect(url_for("ledger.account", account_id=account_id), code=303)
    page = render_template("stakeholders/promise.html", seen=seen, form=form, is_new=True)
    return page, 400 if form.is_submitted() else 200


@blueprint.route("/accounts/<text:account_id>/promises/<int:promise_id>", methods=["GET", "POST"], merge_slashes=False)
@access(Permission.ACCOUNTS_WRITE)
def promise(account_id: str, promise_id: int) -> ResponseReturnValue:
    """Show a promise with what has become of it, and change it."""
    seen = to_change(account_id)
    found = promise_on(db.session, account=seen.account, promise_id=promise_id)
    form = PromiseForm(obj=found)
    offer_choices(form)
    if form.is_submitted():
        try:
            by = current_scope().user_id
            is_changed = change_promise(db.session, promise=found, typed=form.typed(), at=now(), by=by)
        except Missing:
            raise
        except Refusal as refusal:
            db.session.rollback()
            show_refusal(form, refusal, "text")
        else:
            db.session.commit()
            flash("The promise is changed." if is_changed else "Nothing changed.")
            return redirect(url_for("ledger.account", account_id=account_id), code=303)
    page = render_template("stakeholders/promise.html", seen=seen, form=form, is_new=False)
    return page, 400 if form.is_submitted() else 200
