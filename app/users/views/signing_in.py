"""Signing in and out, the first admin, and changing one's password."""

from datetime import datetime

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError

from app.core.database import db
from app.core.error_pages import show_forgery
from app.core.errors import Refusal
from app.core.workspace import CURRENCIES, the_workspace
from app.users.forms import CodeForm, FirstAdminForm, PasswordForm, SignInForm
from app.users.policy import caller, current_scope, public, signed_in
from app.users.queries import has_users, second_factor
from app.users.rules.sign_ins import HOME, local_address
from app.users.services.people import change_password, create_first_admin
from app.users.session import begin, leave, stop_waiting, wait_for_code, waiting_person
from app.users.views.blueprint import blueprint
from app.users.views.proof import prove, prove_code, seconds_until, wait_sentence

NOT_A_PAIR = "This e-mail address and password do not belong together. Check both and try again."
"""The same for an unknown address as for a wrong password."""
WRONG_CODE = "This code does not fit, or it was used before. Wait for the next one in the app and enter that."
TOO_LATE = "That took longer than five minutes. Enter your password once more."
WELCOME = "Welcome to Parallax. First bring in your accounts and their contacts; then make the first study."
LEFT_OPEN = "This page was open for a long time. Enter your password once more."


@blueprint.route("/sign-in", methods=["GET", "POST"])
@public
def sign_in() -> ResponseReturnValue:
    """Show the sign-in form, or sign in and go on to where the person wanted to be."""
    form = SignInForm()
    onward = local_address(request.values.get("next"))
    if request.method == "GET" and not has_users(db.session):
        return redirect(url_for("users.first_admin"))
    if request.method == "GET" and caller():
        return redirect(onward)
    if not form.validate_on_submit():
        return render_template("users/sign_in.html", form=form, onward=onward), 400 if form.is_submitted() else 200
    proof = prove(form.email.data, form.password.data)
    if proof.person is None:
        return refused("users/sign_in.html", form, onward, proof.free_at, NOT_A_PAIR)
    if second_factor(db.session, proof.person.id):
        wait_for_code(proof.person)
        onward = url_for("users.sign_in_code", next=None if onward == HOME else onward)
    else:
        begin(proof.person)
    db.session.commit()
    return redirect(onward)


def refused(
    template: str, form: SignInForm | CodeForm, onward: str, free_at: datetime | None, problem: str
) -> ResponseReturnValue:
    """Show a form again with what is wrong, or with how long to wait."""
    if free_at is None:
        return render_template(template, form=form, onward=onward, problem=problem), 400
    return (
        render_template(template, form=form, onward=onward, problem=wait_sentence(free_at)),
        429,
        {"Retry-After": str(seconds_until(free_at))},
    )


@blueprint.route("/sign-in/code", methods=["GET", "POST"])
@public
def sign_in_code() -> ResponseReturnValue:
    """Ask whoever gave the right password for the code of the second factor, and sign in only then."""
    onward = local_address(request.values.get("next"))
    person = waiting_person()
    if person is None:
        return start_again(onward)
    form = CodeForm()
    if not form.validate_on_submit():
        return render_template("users/sign_in_code.html", form=form, onward=onward), 400 if form.is_submitted() else 200
    proof = prove_code(person, form.code.data)
    if proof.person is None:
        return refused("users/sign_in_code.html", form, onward, proof.free_at, WRONG_CODE)
    if not stop_waiting():
        db.session.rollback()
        return start_again(onward)
    begin(person)
    db.session.commit()
    return redirect(onward)


def start_again(onward: str) -> ResponseReturnValue:
    """Lead back to the password where none waits for a code; a code that came too late is answered in words."""
    if request.method == "GET":
        return redirect(onward if caller() else url_for("users.sign_in", next=None if onward == HOME else onward))
    return render_template("users/sign_in.html", form=SignInForm(formdata=None), onward=onward, problem=TOO_LATE), 400


@blueprint.errorhandler(CSRFError)
def left_open(error: CSRFError) -> ResponseReturnValue:
    """Let someone whose sign-in page was open too long type the password alone again."""
    if request.endpoint not in {"users.sign_in", "users.sign_in_code"}:
        return show_forgery(error)
    onward = local_address(request.values.get("next"))
    return render_template(
        "users/sign_in.html", form=SignInForm(formdata=request.form), onward=onward, problem=LEFT_OPEN
    ), 400


@blueprint.post("/sign-out")
@public
def sign_out() -> ResponseReturnValue:
    """Sign out; open to everyone, so that nobody is asked to sign in for it."""
    leave()
    db.session.commit()
    return redirect(url_for("users.sign_in"))


@blueprint.route("/first-admin", methods=["GET", "POST"])
@public
def first_admin() -> ResponseReturnValue:
    """Create the admin of an empty workspace; afterwards nothing is at this address."""
    if has_users(db.session):
        abort(404)
    form = FirstAdminForm()
    if form.validate_on_submit():
        try:
            person = create_first_admin(
                db.session,
                email=form.email.data,
                password=form.password.data,
                name=form.name.data,
                organisation=form.organisation.data or "",
                currency=form.currency.data or "",
            )
        except Refusal as refusal:
            db.session.rollback()
            show_in(form, refusal)
        else:
            begin(person)
            db.session.commit()
            flash(WELCOME)
            return redirect(url_for("transfer.uploads"))
    page = render_template(
        "users/first_admin.html", form=form, currencies=CURRENCIES, settled=the_workspace(db.session).currency
    )
    return page, 400 if form.is_submitted() else 200


@blueprint.route("/password", methods=["GET", "POST"])
@signed_in
def password() -> ResponseReturnValue:
    """Change one's own password."""
    form = PasswordForm()
    if form.validate_on_submit() and has_changed_password(form):
        flash("Your password is changed. Every other device is signed out.")
        return redirect(HOME)
    return render_template("users/password.html", form=form), 400 if form.is_submitted() else 200


def has_changed_password(form: PasswordForm) -> bool:
    """Change the password of the caller who proves the present one, and keep this browser alone signed in."""
    email = current_scope().email
    proof = prove(email, form.current.data)
    if proof.person is None:
        form.current.errors = [wait_sentence(proof.free_at) if proof.free_at else "This is not your present password."]
        return False
    try:
        person = change_password(db.session, email=email, password=form.password.data, actor_id=current_scope().user_id)
    except Refusal as refusal:
        db.session.rollback()
        show_in(form, refusal)
        return False
    begin(person)
    db.session.commit()
    return True


def show_in(form: PasswordForm | FirstAdminForm, refusal: Refusal) -> None:
    """Put a service's refusal above the field that it is about."""
    form[refusal.field or "password"].errors = [refusal.sentence]
