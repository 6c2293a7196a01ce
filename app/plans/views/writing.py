"""The plan of one account: shown, begun, changed and closed."""

import secrets

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.core.clock import today
from app.core.database import db
from app.core.errors import Missing, Refusal
from app.customers.scope import account_within, may_write_to
from app.plans.forms import PlanForm, offer, show_refusal
from app.plans.queries import plan_facts
from app.plans.queries.one import (
    agreed_name,
    blockers_of,
    closed_plans,
    moves_of,
    open_plan,
    outcomes_of,
    people_to_agree,
    the_plan,
)
from app.plans.rules.colours import PlanFacts, standing
from app.plans.rules.page import may_know_people, plan_page
from app.plans.rules.typed import checked_plan
from app.plans.services import begin_plan, change_plan, close_plan
from app.plans.views.blueprint import PLAN, blueprint, to_write, writer
from app.users.policy import Permission, access, current_scope

KEY_BYTES = 16


@blueprint.get(PLAN, merge_slashes=False)
@access(Permission.ACCOUNTS)
def account(account_id: str) -> ResponseReturnValue:
    """Show the plan of an account with its colour, or how to begin one."""
    scope = current_scope()
    found = account_within(db.session, scope=scope, crm_id=account_id)
    plan = open_plan(db.session, found)
    facts = plan_facts(db.session, [found.id]).get(found.id, PlanFacts())
    return render_template(
        "plans/account.html",
        account=found,
        plan=plan,
        standing=standing(facts, today()),
        page=plan_page(
            outcomes_of(db.session, plan), blockers_of(db.session, plan), moves_of(db.session, plan), today()
        )
        if plan
        else None,
        agreed_with=agreed_name(db.session, plan) if plan and may_know_people(scope) else None,
        closed=closed_plans(db.session, found),
        may_write=may_write_to(scope, found),
    )


@blueprint.route(f"{PLAN}/new", methods=["GET", "POST"], merge_slashes=False)
@access(Permission.ACCOUNTS_WRITE)
def begin(account_id: str) -> ResponseReturnValue:
    """Begin the plan of an account; refused, the form keeps what was typed."""
    found, form = to_write(account_id), PlanForm(data={"agreed_on": today().isoformat()})
    del form.reason
    offer(form.agreed_with, people_to_agree(db.session, found), "Not known")
    key = request.form.get("form_key") or secrets.token_hex(KEY_BYTES)
    if form.is_submitted():
        try:
            wish = checked_plan(form.typed(), today=today())
            chosen = request.form.get("agreed_with", "")
            begin_plan(db.session, account=found, wish=wish, agreed_with=chosen, form_key=key, writer=writer())
            db.session.commit()
        except Refusal as refusal:
            db.session.rollback()
            show_refusal(form, refusal)
        else:
            flash("The plan is begun. Add the outcomes that were agreed.")
            return redirect(url_for("plans.account", account_id=account_id), code=303)
    heading = f"What was agreed with {found.name}?"
    page = render_template(
        "plans/form.html", account=found, form=form, heading=heading, button="Begin the plan", form_key=key
    )
    return page, 400 if form.is_submitted() else 200


@blueprint.route(f"{PLAN}/change", methods=["GET", "POST"], merge_slashes=False)
@access(Permission.ACCOUNTS_WRITE)
def change(account_id: str) -> ResponseReturnValue:
    """Change what a plan says; refused, the form keeps what was typed."""
    found = to_write(account_id)
    plan = the_plan(db.session, found)
    form = PlanForm(obj=plan)
    offer(form.agreed_with, people_to_agree(db.session, found), "Not known")
    if form.is_submitted():
        try:
            wish = checked_plan(form.typed(), today=today(), former=plan.due_on)
            chosen = request.form.get("agreed_with", "")
            changed = change_plan(db.session, account=found, wish=wish, agreed_with=chosen, writer=writer())
            db.session.commit()
        except Missing:
            raise
        except Refusal as refusal:
            db.session.rollback()
            show_refusal(form, refusal)
        else:
            flash("The plan is changed." if changed else "Nothing changed.")
            return redirect(url_for("plans.account", account_id=account_id), code=303)
    page = render_template("plans/form.html", account=found, form=form, heading="The plan", button="Store the changes")
    return page, 400 if form.is_submitted() else 200


@blueprint.post(f"{PLAN}/close", merge_slashes=False)
@access(Permission.ACCOUNTS_WRITE)
def close(account_id: str) -> ResponseReturnValue:
    """Close a plan, so that another may begin."""
    close_plan(db.session, account=to_write(account_id), writer=writer())
    db.session.commit()
    flash("The plan is closed; it stays on this page.")
    return redirect(url_for("plans.account", account_id=account_id), code=303)
