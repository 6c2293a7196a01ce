"""The page of the workspace's own facts."""

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.core.database import db
from app.core.errors import Refusal
from app.core.workspace import CURRENCIES, the_workspace
from app.settings.forms import SettingsForm
from app.settings.services import BUDGET, change_settings, is_fixed
from app.users.policy import Permission, access, current_scope

blueprint = Blueprint("settings", __name__)


@blueprint.route("/settings", methods=["GET", "POST"])
@access(Permission.USERS)
def workspace() -> ResponseReturnValue:
    """Show who asks, in which currency, and how often customers are asked, or change it."""
    present = the_workspace(db.session)
    form = SettingsForm(
        data={
            "organisation": present.organisation or "",
            "currency": present.currency or "",
            **{field: str(getattr(present, field)) for field in BUDGET},
        }
    )
    fixed = is_fixed(db.session, present)
    if form.validate_on_submit():
        try:
            change_settings(
                db.session,
                organisation=form.organisation.data,
                currency=form.currency.data,
                actor_id=current_scope().user_id,
                budget={field: form[field].data or "" for field in BUDGET},
            )
        except Refusal as refusal:
            db.session.rollback()
            form[refusal.field or "organisation"].errors = [refusal.sentence]
        else:
            db.session.commit()
            flash("The settings are stored.")
            return redirect(url_for("settings.workspace"))
    page = render_template(
        "settings/workspace.html",
        form=form,
        organisation=present.organisation,
        currency=present.currency,
        is_fixed=fixed,
        currencies=CURRENCIES,
        overruled=current_app.config["SETTINGS"].currency,
    )
    return page, 400 if form.is_submitted() else 200
