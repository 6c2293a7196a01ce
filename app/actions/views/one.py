"""One action: added, shown with what shows it and what came of it, changed, ended, opened again."""

import secrets
from collections.abc import Collection
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.actions.forms import typed_in
from app.actions.queries import (
    ActionRow,
    account_to_act_on,
    action_in_scope,
    action_owners,
    action_seen,
    notice_sent_at,
    relationships_to_choose,
)
from app.actions.queries.asking import (
    actions_after,
    answer_address,
    answers_to_name,
    heard_again,
    people_to_ask,
    running_studies,
)
from app.actions.rules import Typed, wish_of
from app.actions.rules.kinds import ABOUT_WORDS, CHOSEN_ALONE, KIND_HINTS, KIND_WORDS, OUTCOMES, About, Kind
from app.actions.services import add_action, change_action, finish_action, reopen_action
from app.actions.views.blueprint import blueprint, doer, ring, told
from app.core.clock import today
from app.core.database import db
from app.core.errors import Missing, Refusal
from app.users.policy import Permission, access, current_scope

KEY_BYTES = 16
PAGES = {
    About.GAP: "customer360.account",
    About.ACCOUNT: "customer360.account",
    About.HEALTH: "health.trend",
    About.SKILL: "education.account",
    About.PLAN: "plans.account",
}
"""The page of an account that shows each thing; that of an answer needs the answer."""


@blueprint.route("/actions/new", methods=["GET", "POST"])
@access(Permission.ACTIONS)
def new() -> ResponseReturnValue:
    """Add an action for the account that the address names; refused, the page keeps what was typed."""
    scope = current_scope()
    account = account_to_act_on(db.session, scope=scope, crm_id=request.args.get("account", ""))
    owners, refusal = action_owners(db.session), None
    answers = answers_to_name(db.session, scope=scope, account_id=account.id)
    choices = relationships_to_choose(db.session, account.id)
    relationships = {each.crm_id: each.id for each in choices}
    typed = asked_for(relationships)
    if request.method == "POST":
        typed = typed_in(request.form)
        try:
            wish = wish_of(typed, owners=owners, today=today(), respondents=answers, relationships=relationships)
            key = request.form.get("form_key")
            action = add_action(db.session, account_id=account.id, wish=wish, doer=doer(), form_key=key)
            db.session.commit()
            return told("It is on the list.", action.id)
        except Refusal as found:
            db.session.rollback()
            refusal = found
    key = request.form.get("form_key") or secrets.token_hex(KEY_BYTES)
    page = render_template(
        "actions/new.html",
        account=account,
        owners=owners,
        typed=typed,
        refusal=refusal,
        today=today(),
        form_key=key,
        kinds=KIND_WORDS,
        hints=KIND_HINTS,
        shows={each.value: ABOUT_WORDS[each] for each in CHOSEN_ALONE}
        | {f"answer:{number}": words for number, words in answers.items()},
        choices=choices,
    )
    return page, 400 if refusal else 200


def asked_for(relationships: Collection[str]) -> Typed:
    """Return the action that the address begins; what it names and the account does not have is left out."""
    asked = {name: request.args.get(name, "") for name in ("kind", "about", "title", "relationship")}
    return Typed(
        owner=str(current_scope().user_id),
        kind=asked["kind"] or Kind.TASK,
        about=asked["about"],
        title=asked["title"],
        relationship=asked["relationship"] if asked["relationship"] in relationships else "",
    )


@blueprint.get("/actions/<int:action_id>")
@access(Permission.ACTIONS)
def show(action_id: int) -> ResponseReturnValue:
    """Show one action: all of it and what may be done with it, or what it is, to those who may only see it."""
    row = action_seen(db.session, scope=current_scope(), action_id=action_id)
    if not row.is_workable:
        return render_template("actions/seen.html", row=row, today=today())
    return action_page(row, typed_of(row))


@blueprint.post("/actions/<int:action_id>")
@access(Permission.ACTIONS)
def change(action_id: int) -> ResponseReturnValue:
    """Change an action, or give it to somebody else."""
    row = action_in_scope(db.session, scope=current_scope(), action_id=action_id)
    typed = typed_in(request.form)
    try:
        owners = {**action_owners(db.session), row.owner_id: row.owner}
        relationships = {each.crm_id: each.id for each in relationships_to_choose(db.session, row.account_id)}
        wish = wish_of(typed, owners=owners, today=today(), before=row.due_on, relationships=relationships)
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
    typed, note, outcome = typed_of(row), request.form.get("note", ""), request.form.get("outcome", "")
    try:
        finish_action(db.session, action_id=row.id, note=note, outcome=outcome, doer=doer())
        db.session.commit()
    except Missing:
        raise
    except Refusal as refusal:
        db.session.rollback()
        return action_page(row, typed, refusal), 400
    return told("It is over, and what came of it is noted.", row.id)


@blueprint.post("/actions/<int:action_id>/reopen")
@access(Permission.ACTIONS)
def reopen(action_id: int) -> ResponseReturnValue:
    """Open an action again."""
    row = action_in_scope(db.session, scope=current_scope(), action_id=action_id)
    reopen_action(db.session, action_id=row.id, doer=doer())
    db.session.commit()
    return told("It is open again.", row.id)


def typed_of(row: ActionRow) -> Typed:
    """Return an action as the form that changes it shows it."""
    return Typed(
        title=row.title,
        owner=str(row.owner_id),
        due_on=row.due_on.isoformat(),
        is_promised=row.is_promised,
        kind=row.kind,
        reason=row.reason or "",
        relationship=row.relationship_crm_id or "",
    )


def evidence_link(row: ActionRow) -> tuple[str, str] | None:
    """Return the address and the words of the page that shows why an action is there, where the caller may open it."""
    scope, about = current_scope(), row.evidence.about
    if about in PAGES and scope.can(Permission.ACCOUNTS):
        return url_for(PAGES[about], account_id=row.account_crm_id), ABOUT_WORDS[about]
    if row.respondent_id is None:
        return None
    found = answer_address(db.session, scope=scope, respondent_id=row.respondent_id)
    if found is None:
        return None
    return url_for("customer360.response", key=found[0], external_id=found[1]), ABOUT_WORDS[About.ANSWER]


def again(row: ActionRow) -> dict[str, Any] | None:
    """Return what the page of an action that asks somebody again shows of it; None for any other."""
    if row.contact_id is None:
        return None
    scope = current_scope()
    studies = running_studies(db.session, contact_ids=[row.contact_id], on=today())
    # Who is to ask somebody is told whom, whoever they look after otherwise.
    sees_name = row.owner_id == scope.user_id or row.contact_id in people_to_ask(
        db.session, scope=scope, account_id=row.account_id
    )
    return {
        "heard": heard_again(db.session, scope=scope, row=row),
        "study": studies.get(row.contact_id),
        "sees_name": sees_name,
    }


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
        kinds=KIND_WORDS,
        hints=KIND_HINTS,
        outcomes=OUTCOMES[Kind(row.kind)],
        outcome=request.form.get("outcome", ""),
        link=evidence_link(row),
        again=again(row),
        after=actions_after(db.session, row.id),
        choices=relationships_to_choose(db.session, row.account_id) if row.done_at is None else [],
        people=people_to_ask(db.session, scope=current_scope(), account_id=row.account_id),
        asked={name: request.form.get(name, "") for name in ("contact", "on")},
    )
