"""The pages of education: who bought and took it, which skills are missing, and one account's own page."""

from collections.abc import Mapping, Sequence

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.actions.services import Doer
from app.core.clock import now, today
from app.core.database import db
from app.core.errors import Missing, Refusal
from app.core.paging import Paging, page_asked
from app.core.workspace import the_workspace
from app.customers.models import Account
from app.education.forms import form_of, show_refusal
from app.education.queries import Seen, account_seen, accounts_at, history_of, record_of, spread
from app.education.queries.needs import actions_begun, facts_of, need_of, needs, quotes_of
from app.education.rules.page import NeedLine, account_line, need_line, ordered, reading_lines, title
from app.education.rules.records import Reading, bought_words, reading, taken_words
from app.education.rules.skills import Need
from app.education.services import act_on_need, note_education
from app.studies.scope import WHOLE
from app.users.policy import Permission, access, current_scope

blueprint = Blueprint("education", __name__)
ROWS = 12


@blueprint.get("/education")
@access(Permission.ACCOUNTS)
def index() -> ResponseReturnValue:
    """Show who bought and took education, and who says that skills are missing."""
    scope, currency = current_scope(), the_workspace(db.session).currency
    lines = reading_lines(spread(db.session, scope=scope), currency)
    reads = reading_asked(request.args.get("reading"))
    total = next(line.accounts for line in lines if line.reading is reads)
    accounts = Paging(total, ROWS, page_asked(request.args.get("accounts")))
    _, rows = accounts_at(db.session, scope=scope, reads=reads, start=accounts.first, length=ROWS)
    found = needs(db.session, scope=scope, at=now())
    begun = actions_begun(db.session)
    people = Paging(len(found), ROWS, page_asked(request.args.get("page")))
    shown = ordered(found, begun)[people.first : people.last]
    return render_template(
        "education/index.html",
        title=title(lines, len(found), sum(each not in begun for each in found)),
        lines=lines,
        reads=reads,
        accounts=[account_line(row, currency) for row in rows],
        accounts_paging=accounts,
        needs=need_lines(shown, found),
        needs_paging=people,
        may_act=scope.can(Permission.ACTIONS),
        only_own=not scope.reaches(Permission.ACCOUNTS) & WHOLE,
    )


@blueprint.post("/education/<int:respondent_id>/action")
@access(Permission.ACTIONS)
def act(respondent_id: int) -> ResponseReturnValue:
    """Make an action of what somebody lacks; asked twice, it is one."""
    need, facts = need_of(db.session, scope=current_scope(), respondent_id=respondent_id, at=now())
    doer = Doer(current_scope().user_id, now(), current_app.config["SETTINGS"].base_url)
    action = act_on_need(db.session, need=need, facts=facts, doer=doer)
    db.session.commit()
    current_app.extensions["bell"].ring_soon("letters")
    flash("It is on the list of actions.")
    return redirect(url_for("actions.show", action_id=action.id), code=303)


@blueprint.get("/accounts/<text:account_id>/education", merge_slashes=False)
@access(Permission.ACCOUNTS)
def account(account_id: str) -> ResponseReturnValue:
    """Show what an account bought and took of education, and who there says that skills are missing."""
    seen, scope = account_seen(db.session, scope=current_scope(), crm_id=account_id), current_scope()
    record = record_of(db.session, seen.account.id)
    found = needs(db.session, scope=scope, at=now(), only=Account.id == seen.account.id)
    return render_template(
        "education/account.html",
        seen=seen,
        record=record,
        reading=reading(record.included, record.taken_on) if record else Reading.UNKNOWN,
        bought_words=bought_words,
        taken_words=taken_words,
        history=history_of(db.session, seen.account.id),
        needs=need_lines(ordered(found, actions_begun(db.session, list(found))), found),
        may_act=scope.can(Permission.ACTIONS),
    )


@blueprint.route("/accounts/<text:account_id>/education/edit", methods=["GET", "POST"], merge_slashes=False)
@access(Permission.ACCOUNTS_WRITE)
def edit(account_id: str) -> ResponseReturnValue:
    """Note what is known of an account's education; refused, the form keeps what was typed."""
    seen = to_change(account_id)
    form = form_of(record_of(db.session, seen.account.id))
    if form.is_submitted():
        try:
            is_changed = note_education(
                db.session, account=seen.account, typed=form.typed(), at=now(), by=current_scope().user_id
            )
            db.session.commit()
        except Missing:
            raise
        except Refusal as refusal:
            db.session.rollback()
            show_refusal(form, refusal)
        else:
            flash("It is on record." if is_changed else "Nothing changed.")
            return redirect(url_for("education.account", account_id=account_id), code=303)
    return render_template("education/edit.html", seen=seen, form=form), 400 if form.is_submitted() else 200


def to_change(account_id: str) -> Seen:
    """Return an account that the caller may write about; Missing where it is not theirs, 403 where only to read."""
    seen = account_seen(db.session, scope=current_scope(), crm_id=account_id)
    if not seen.may_change:
        abort(403)
    return seen


def need_lines(shown: Sequence[int], found: Mapping[int, Need]) -> list[NeedLine]:
    """Return what these people lack, in their order, with their words and what was begun."""
    if not shown:
        return []
    facts = {row.id: row for row in facts_of(db.session, shown)}
    quotes, begun = quotes_of(db.session, shown), actions_begun(db.session, shown)
    return [need_line(found[each], facts[each], begun.get(each), quotes.get(each, []), today()) for each in shown]


def reading_asked(raw: str | None) -> Reading:
    """Return the reading whose accounts are asked for; what was bought and not taken unless another one is named."""
    return Reading(raw) if raw in list(Reading) else Reading.NOT_TAKEN
