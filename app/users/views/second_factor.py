"""The page of one's own second factor: set up, given new recovery codes, removed."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.core.database import db
from app.core.errors import Refusal
from app.users.forms import PasswordAgainForm, SetUpForm
from app.users.models import SecondFactor, User
from app.users.policy import current_scope, signed_in
from app.users.queries import is_factor_required, unused_recovery_codes
from app.users.queries import second_factor as factor_of
from app.users.rules.second_factor import RECOVERY_CODES, grouped_key, otpauth_address, qr_drawing
from app.users.rules.sign_ins import HOME, local_address
from app.users.services.second_factors import (
    offer_secret,
    offered_key,
    remove_factor,
    renew_recovery_codes,
    set_up_factor,
)
from app.users.session import begin
from app.users.views.blueprint import blueprint
from app.users.views.proof import prove, secret_key, wait_sentence

NOT_YOURS = "This is not your password."
TOO_OLD = "This page was open for a long time. Remove Parallax from the app, scan the new picture, and enter its code."


@blueprint.route("/second-factor", methods=["GET", "POST"])
@signed_in
def second_factor() -> ResponseReturnValue:
    """Show the caller's second factor, or set it up with the secret that this very page offered."""
    factor = factor_of(db.session, current_scope().user_id)
    if factor:
        return show_factor(factor, PasswordAgainForm(formdata=None))
    form = SetUpForm()
    key = offered_key(form.offer.data or "", user_id=current_scope().user_id, secret=secret_key())
    if form.is_submitted() and key is None:
        form.code.errors = [TOO_OLD]
    elif key and form.validate_on_submit() and (codes := codes_of_set_up(form, key)):
        return show_codes(codes)
    return show_set_up(form, key)


def codes_of_set_up(form: SetUpForm, key: str) -> list[str] | None:
    """Turn the caller's second factor on and keep this browser alone signed in; None where something is wrong."""
    person = proven(form)
    if person is None:
        return None
    try:
        codes = set_up_factor(db.session, user=person, key=key, code=form.code.data, secret=secret_key())
    except Refusal as refusal:
        db.session.rollback()
        form.code.errors = [refusal.sentence]
        return None
    begin(person)
    db.session.commit()
    return codes


@blueprint.post("/second-factor/recovery-codes")
@signed_in
def recovery_codes() -> ResponseReturnValue:
    """Show new recovery codes, once."""
    form = PasswordAgainForm()
    if form.validate_on_submit() and (person := proven(form)):
        try:
            codes = renew_recovery_codes(db.session, user=person, secret=secret_key())
        except Refusal as refusal:
            return refused(form, refusal)
        db.session.commit()
        return show_codes(codes)
    return show_again(form)


@blueprint.post("/second-factor/removal")
@signed_in
def second_factor_removal() -> ResponseReturnValue:
    """Turn the caller's second factor off."""
    form = PasswordAgainForm()
    if form.validate_on_submit() and (person := proven(form)):
        try:
            remove_factor(db.session, user=person)
        except Refusal as refusal:
            return refused(form, refusal)
        db.session.commit()
        flash("Your second factor is off. Delete Parallax from the app, too.")
        return redirect(HOME)
    return show_again(form)


def proven(form: PasswordAgainForm) -> User | None:
    """Return the caller where the password is theirs, else say what is wrong."""
    proof = prove(current_scope().email, form.password.data)
    if proof.person is None:
        form.password.errors = [wait_sentence(proof.free_at) if proof.free_at else NOT_YOURS]
    return proof.person


def refused(form: PasswordAgainForm, refusal: Refusal) -> ResponseReturnValue:
    """Store nothing, and say why above the password."""
    db.session.rollback()
    form.password.errors = [refusal.sentence]
    return show_again(form)


def show_again(form: PasswordAgainForm) -> ResponseReturnValue:
    """Show the page with what is wrong; someone who has no second factor any more is led to the empty page."""
    factor = factor_of(db.session, current_scope().user_id)
    return show_factor(factor, form) if factor else redirect(url_for("users.second_factor"))


def show_factor(factor: SecondFactor, form: PasswordAgainForm) -> ResponseReturnValue:
    """Show a second factor that is on."""
    page = render_template(
        "users/second_factor.html",
        form=form,
        since=factor.confirmed_at,
        left=unused_recovery_codes(db.session, factor.user_id),
        all=RECOVERY_CODES,
        is_required=is_factor_required(db.session, current_scope().roles),
    )
    return page, 400 if form.errors else 200


def show_set_up(form: SetUpForm, key: str | None) -> ResponseReturnValue:
    """Show an offered secret as a picture and as text: the one that was shown before, or a new one."""
    user_id = current_scope().user_id
    if key is None:
        form.offer.data = offer_secret(user_id=user_id, secret=secret_key())
        key = offered_key(form.offer.data, user_id=user_id, secret=secret_key()) or ""
    address = otpauth_address(key, current_scope().email)
    page = render_template(
        "users/second_factor_set_up.html",
        form=form,
        onward=local_address(request.values.get("next")),
        address=address,
        drawing=qr_drawing(address),
        key=grouped_key(key),
        is_required=is_factor_required(db.session, current_scope().roles),
    )
    return page, 400 if form.is_submitted() else 200


def show_codes(codes: list[str]) -> ResponseReturnValue:
    """Show recovery codes for the only time, and nowhere to come back to."""
    return render_template("users/recovery_codes.html", codes=codes, onward=local_address(request.values.get("next")))
