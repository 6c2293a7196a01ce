"""A name that somebody mentioned: from the map of an account, or in an interview."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import SelectChoice

from app.core.clock import now
from app.core.database import db
from app.core.errors import Refusal
from app.interviews.queries.talks import Talk, talk_in_scope
from app.stakeholders.forms import NameForm, show_refusal
from app.stakeholders.queries.people import contact_of, contacts_of, interviewee, named_in
from app.stakeholders.rules.names import LONGEST_ROLE
from app.stakeholders.services.naming import add_name
from app.stakeholders.views.blueprint import blueprint
from app.stakeholders.views.mapping import to_change
from app.users.policy import Permission, access, current_scope

NOBODY = SelectChoice("", "Nobody, or not known")


@blueprint.route("/accounts/<text:account_id>/stakeholders/names", methods=["GET", "POST"], merge_slashes=False)
@access(Permission.ACCOUNTS_WRITE)
def name(account_id: str) -> ResponseReturnValue:
    """Add somebody to an account; refused, the form keeps what was typed."""
    seen = to_change(account_id)
    form = NameForm(data=None if request.method == "POST" else {"role": asked_role()})
    people = contacts_of(db.session, seen.account)
    form.referred_by.choices = [NOBODY, *(SelectChoice(str(person.id), person.name) for person in people)]
    if form.validate_on_submit():
        try:
            add_name(
                db.session,
                account_id=seen.account.id,
                typed=form.typed(),
                at=now(),
                by=current_scope().user_id,
                referred_by=contact_of(db.session, account=seen.account, raw=form.referred_by.data or ""),
            )
        except Refusal as refusal:
            db.session.rollback()
            show_refusal(form, refusal, "name")
        else:
            db.session.commit()
            flash(f"{form.name.data.strip()} is on record at {seen.account.name}.")
            return redirect(url_for("stakeholders.account", account_id=account_id), code=303)
    page = render_template("stakeholders/name.html", form=form, seen=seen)
    return page, 400 if form.is_submitted() else 200


@blueprint.route("/interviews/<int:interview_id>/names", methods=["GET", "POST"])
@access(Permission.INTERVIEWS_WRITE)
def referral(interview_id: int) -> ResponseReturnValue:
    """Note a name that was mentioned in an interview; refused, the form keeps what was typed."""
    talk = own_talk(interview_id)
    form = NameForm()
    if form.validate_on_submit():
        try:
            add_name(
                db.session,
                account_id=talk.account_id,
                typed=form.typed(),
                at=now(),
                by=current_scope().user_id,
                referred_by=interviewee(db.session, talk.respondent_id),
                interview_id=talk.id,
            )
        except Refusal as refusal:
            db.session.rollback()
            show_refusal(form, refusal, "name")
        else:
            db.session.commit()
            flash(f"{form.name.data.strip()} is noted, as named by {talk.contact}.")
            return redirect(url_for("stakeholders.referral", interview_id=interview_id), code=303)
    page = render_template("stakeholders/referral.html", form=form, talk=talk, named=named_in(db.session, talk.id))
    return page, 400 if form.is_submitted() else 200


def own_talk(interview_id: int) -> Talk:
    """Return an interview that the caller holds; Missing where it is not theirs to see, 403 where only to read."""
    talk = talk_in_scope(db.session, scope=current_scope(), interview_id=interview_id)
    if not talk.is_mine:
        abort(403)
    return talk


def asked_role() -> str:
    """Return the role that the address proposes."""
    role = request.args.get("role", "")[:LONGEST_ROLE].replace("_", " ")
    return role if role.isprintable() else ""
