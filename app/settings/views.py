"""The pages of the workspace's own facts, and of what customers are told about their data."""

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.core.database import db
from app.core.errors import Refusal
from app.core.workspace import CURRENCIES, the_workspace
from app.settings.forms import ConsentForm, SettingsForm
from app.settings.queries import consent_texts, consent_version
from app.settings.rules import LANGUAGES
from app.settings.services import BUDGET, change_consent, change_settings, is_fixed
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


@blueprint.route("/settings/consent", methods=["GET", "POST"])
@access(Permission.USERS)
def consent() -> ResponseReturnValue:
    """Show what customers are told about their data, or write the next version of it."""
    version, written_at = consent_version(db.session)
    form = ConsentForm(data=dict(consent_texts(db.session, version)))
    if form.validate_on_submit():
        texts = {language: form[language].data for language in LANGUAGES if form[language].data is not None}
        try:
            number = change_consent(db.session, texts=texts, actor_id=current_scope().user_id)
        except Refusal as refusal:
            db.session.rollback()
            form[refusal.field or "en"].errors = [refusal.sentence]
        else:
            db.session.commit()
            flash(f"Version {number} stands below every survey now." if number > version else "Nothing changed.")
            return redirect(url_for("settings.consent"))
    page = render_template(
        "settings/consent.html",
        form=form,
        languages=LANGUAGES,
        version=version,
        written_at=written_at,
        months=the_workspace(db.session).retention_months,
    )
    return page, 400 if form.is_submitted() else 200
