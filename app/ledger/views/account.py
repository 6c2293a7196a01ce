"""The ledger of one account: shown, and written into."""

import secrets

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.core.clock import now, today
from app.core.database import db
from app.core.errors import Missing, Refusal
from app.core.paging import Paging, page_asked
from app.core.workspace import the_workspace
from app.customers.models import Account
from app.customers.scope import account_within, may_write_to
from app.ledger.forms import EntryForm, WithdrawForm, sent, show_refusal
from app.ledger.queries.account import entry_of, items_of, promise_on, versions_of
from app.ledger.rules.page import Money, item_lines, ledger_page
from app.ledger.services import Writer, add_entry, withdraw_entry
from app.ledger.views.blueprint import blueprint
from app.users.policy import Permission, access, current_scope

LEDGER = "/accounts/<text:account_id>/ledger"
KEY_BYTES = 16
SHOWN = 25
"""Promises on one page."""


@blueprint.get(LEDGER, merge_slashes=False)
@access(Permission.ACCOUNTS)
def account(account_id: str) -> ResponseReturnValue:
    """Show what an account was promised, what of it arrived, and what people there say of it."""
    scope = current_scope()
    found = account_within(db.session, scope=scope, crm_id=account_id)
    currency = found.currency or the_workspace(db.session).currency
    items = items_of(db.session, scope=scope, account=found, currency=currency)
    paging = Paging(len(items), SHOWN, page_asked(request.args.get("page")))
    beside = Money(found.arr, found.cost, found.incentives, found.pipeline, currency)
    return render_template(
        "ledger/account.html",
        account=found,
        page=ledger_page(found.name, items, beside, today()),
        lines=item_lines(items[paging.first : paging.last], versions_of(db.session, found), today()),
        paging=paging,
        may_write=may_write_to(scope, found),
    )


@blueprint.route(f"{LEDGER}/<int:promise_id>/new", methods=["GET", "POST"], merge_slashes=False)
@access(Permission.ACCOUNTS_WRITE)
def new_entry(account_id: str, promise_id: int) -> ResponseReturnValue:
    """Put on record what happened to a promise; refused, the form keeps what was typed."""
    found = to_write(account_id)
    promise = promise_on(db.session, account=found, promise_id=promise_id)
    form = EntryForm(data={"happens_on": today().isoformat(), "side": request.args.get("side", "")})
    key = sent_key()
    if form.is_submitted():
        try:
            add_entry(
                db.session, account=found, promise_id=promise_id, typed=form.typed(), form_key=key, writer=writer()
            )
            db.session.commit()
        except Missing:
            raise
        except Refusal as refusal:
            db.session.rollback()
            show_refusal(form, refusal, "evidence")
        else:
            return back(account_id, "It is on record.", f"promise-{promise_id}")
    page = render_template("ledger/entry.html", account=found, promise=promise, form=form, form_key=key)
    return page, 400 if form.is_submitted() else 200


@blueprint.route(f"{LEDGER}/entries/<int:entry_id>/withdraw", methods=["GET", "POST"], merge_slashes=False)
@access(Permission.ACCOUNTS_WRITE)
def withdraw(account_id: str, entry_id: int) -> ResponseReturnValue:
    """Withdraw an entry that was wrong, with a reason; it stays in the history."""
    found = to_write(account_id)
    entry, form = entry_of(db.session, account=found, entry_id=entry_id), WithdrawForm()
    promise_id = entry.promise_id
    if form.is_submitted():
        try:
            reason = sent(form, "reason")
            is_new = withdraw_entry(db.session, account=found, entry_id=entry_id, reason=reason, writer=writer())
            db.session.commit()
        except Missing:
            raise
        except Refusal as refusal:
            db.session.rollback()
            show_refusal(form, refusal, "reason")
        else:
            words = "The entry is withdrawn." if is_new else "The entry was withdrawn already."
            return back(account_id, words, f"promise-{promise_id}")
    page = render_template("ledger/withdraw.html", account=found, entry=entry, form=form)
    return page, 400 if form.is_submitted() else 200


def to_write(account_id: str) -> Account:
    """Return an account that the caller may write to; Missing where they do not see it, 403 where they only read."""
    found = account_within(db.session, scope=current_scope(), crm_id=account_id)
    if not may_write_to(current_scope(), found):
        abort(403)
    return found


def writer() -> Writer:
    """Return who writes now."""
    return Writer(current_scope().user_id, now())


def sent_key() -> str:
    """Return the key of the form that was sent, or one for a new form."""
    return request.form.get("form_key") or secrets.token_hex(KEY_BYTES)


def back(account_id: str, words: str, place: str) -> ResponseReturnValue:
    """Say what happened, and lead to the promise."""
    flash(words)
    return redirect(url_for("ledger.account", account_id=account_id, _anchor=place), code=303)
