"""Whom a workspace wants to hear at accounts of each tier."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.core.clock import now
from app.core.database import db
from app.core.errors import Refusal
from app.stakeholders.forms import TemplateForm, show_refusal
from app.stakeholders.queries.people import own_templates, tiers
from app.stakeholders.rules.templates import template_lines
from app.stakeholders.services.templates import write_template
from app.stakeholders.views.blueprint import blueprint
from app.users.policy import Permission, access, current_scope


@blueprint.route("/settings/stakeholders", methods=["GET", "POST"])
@access(Permission.STUDIES)
def templates() -> ResponseReturnValue:
    """Show how many of each role are wanted by tier, and store one tier's seats."""
    form = TemplateForm()
    if form.validate_on_submit():
        try:
            stored = write_template(
                db.session,
                tier=form.tier.data or "",
                text=form.seats.data or "",
                at=now(),
                by=current_scope().user_id,
            )
        except Refusal as refusal:
            db.session.rollback()
            show_refusal(form, refusal, "seats")
        else:
            db.session.commit()
            flash("Stored; every map of an account shows it now." if stored else "Our own template holds again.")
            return redirect(url_for("stakeholders.templates"), code=303)
    page = render_template(
        "stakeholders/templates.html",
        form=form,
        lines=template_lines(tiers(db.session), own_templates(db.session)),
        refused=form.tier.data or "" if request.method == "POST" else None,
    )
    return page, 400 if form.is_submitted() else 200
