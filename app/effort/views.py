"""The pages of effort: the report, its file, the quick entry of one's own week, and the history of one account."""

import secrets
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from app.core.clock import now, today
from app.core.database import db
from app.core.sheets import Sheet, csv_bytes
from app.customers.scope import account_within, reaches_every_account
from app.effort.forms import lines_in
from app.effort.queries import effort_history, efforts_seen, own_week, present_ids
from app.effort.rules.entry import ROWS, Entry, entry_of
from app.effort.rules.levels import COMPLEXITY_WORDS
from app.effort.rules.report import (
    CSV_HEADER,
    by_complexity,
    by_csm,
    by_effort,
    complexity_sentence,
    csv_rows,
    customer_line,
    demanding,
    history_lines,
    title,
)
from app.effort.services import say_week
from app.users.policy import Permission, access, current_scope

Still = Callable[[Session, Sequence[int], date], Mapping[int, str]]
"""Why the plans of accounts do not move, by account id; handed in, because plans are strangers here."""
KEY_BYTES = 16
MOST_LISTED = 200
BY = {"customer": "By customer", "csm": "By CSM", "complexity": "By complexity"}


def effort_blueprint(still: Still) -> Blueprint:
    """Return the pages of effort, with what they need from plans."""
    blueprint = Blueprint("effort", __name__)
    guarded = access(Permission.ACCOUNTS_WRITE)
    blueprint.add_url_rule("/effort", "report", guarded(partial(report, still)))
    blueprint.add_url_rule("/effort.csv", "report_csv", guarded(partial(report_csv, still)))
    blueprint.add_url_rule("/effort/week", view_func=week, methods=("GET", "POST"))
    blueprint.add_url_rule("/accounts/<text:account_id>/effort", view_func=account, merge_slashes=False)
    return blueprint


def report(still: Still) -> ResponseReturnValue:
    """Show what accounts take, by customer, by CSM or by complexity, and which are demanding."""
    scope = current_scope()
    rows = efforts_seen(db.session, scope=scope)
    standing = still(db.session, [row.account_id for row in rows], today())
    by = request.args.get("by", "customer")
    return render_template(
        "effort/report.html",
        title=title(rows),
        complexity=complexity_sentence(rows),
        demanding=demanding(rows, standing),
        by=by if by in BY else "customer",
        ways=BY,
        customers=[customer_line(row, standing) for row in by_effort(rows)[:MOST_LISTED]],
        csms=by_csm(rows),
        complexities=by_complexity(rows),
        total=len(rows),
        most=MOST_LISTED,
        sees_all=reaches_every_account(scope, Permission.ACCOUNTS_WRITE),
        has_own=any((row.csm_email or "").lower() == scope.email for row in rows),
    )


def report_csv(still: Still) -> ResponseReturnValue:
    """Give the effort of every account that the caller may see as CSV."""
    rows = efforts_seen(db.session, scope=current_scope())
    standing = still(db.session, [row.account_id for row in rows], today())
    content = csv_bytes(Sheet("effort", CSV_HEADER, csv_rows(rows, standing)))
    return Response(content, mimetype="text/csv", headers={"Content-Disposition": 'attachment; filename="effort.csv"'})


@access(Permission.ACCOUNTS_WRITE)
def week() -> ResponseReturnValue:
    """Show the caller's own accounts as one table to type in, and store what is new; refused, it all stays."""
    scope, errors = current_scope(), dict[str, str]()
    key = request.form.get("form_key") or secrets.token_hex(KEY_BYTES)
    lines = lines_in(request.form)
    if request.method == "POST":
        stored, errors = say_week(db.session, scope=scope, lines=lines, form_key=key, at=now())
        if not errors:
            db.session.commit()
            flash(f"Stored for {stored} of your accounts." if stored else "Nothing changed.")
            return redirect(url_for("effort.week", page=request.args.get("page")), code=303)
        db.session.rollback()
    rows = own_week(db.session, scope=scope)
    entry: Entry = entry_of(
        rows,
        present=present_ids(db.session, scope=scope),
        typed={line.account_id: line for line in lines},
        errors=errors,
        page=request.args.get("page", ""),
    )
    page = render_template(
        "effort/week.html", entry=entry, choices=COMPLEXITY_WORDS, form_key=key, rows_a_page=ROWS, user_id=scope.user_id
    )
    return page, 400 if errors else 200


@access(Permission.ACCOUNTS_WRITE)
def account(account_id: str) -> ResponseReturnValue:
    """Show what was said about one account, the newest first."""
    scope = current_scope()
    found = account_within(db.session, scope=scope, crm_id=account_id, permission=Permission.ACCOUNTS_WRITE)
    rows = efforts_seen(db.session, scope=scope, account_id=found.id)
    return render_template(
        "effort/account.html",
        account=found,
        line=customer_line(rows[0], {}) if rows else None,
        history=history_lines(effort_history(db.session, account=found)),
        is_own=(found.csm_email or "").lower() == scope.email,
    )
