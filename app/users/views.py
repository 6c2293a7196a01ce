"""Signing in and out, the first admin, and changing one's password."""

from datetime import datetime
from typing import NamedTuple

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError

from app.core.clock import now
from app.core.database import db
from app.core.error_pages import show_forgery
from app.core.errors import Refusal
from app.users.forms import FirstAdminForm, PasswordForm, SignInForm
from app.users.models import User
from app.users.policy import caller, current_scope, public, signed_in
from app.users.queries import free_again, has_users, user_by_email
from app.users.rules.sign_ins import local_address
from app.users.services.hashing import matches
from app.users.services.people import change_password, create_first_admin
from app.users.services.sign_ins import count_attempt, forget_attempt
from app.users.session import begin, leave

blueprint = Blueprint("users", __name__)

NOT_A_PAIR = "This e-mail address and password do not belong together. Check both and try again."
LEFT_OPEN = "This page was open for a long time. Enter your password once more."


class Proof(NamedTuple):
    """What came of looking at a password: the person it proves, or when to try again."""

    person: User | None
    free_at: datetime | None


@blueprint.get("/")
@signed_in
def start() -> ResponseReturnValue:
    """Lead to the studies, the first page there is."""
    return redirect(url_for("studies.index"))


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
        return refused(form, onward, proof.free_at)
    begin(proof.person)
    db.session.commit()
    return redirect(onward)


def refused(form: SignInForm, onward: str, free_at: datetime | None) -> ResponseReturnValue:
    """Show the form again: the same for an unknown address as for a wrong password."""
    if free_at is None:
        return render_template("users/sign_in.html", form=form, onward=onward, problem=NOT_A_PAIR), 400
    return (
        render_template("users/sign_in.html", form=form, onward=onward, problem=wait_sentence(free_at)),
        429,
        {"Retry-After": str(seconds_until(free_at))},
    )


def prove(email: str, password: str) -> Proof:
    """Look at a password, unless it was tried too often from here.

    The attempt is counted and committed first; the password is looked at outside any transaction, because that takes
    a while on purpose, and on SQLite a transaction would keep everybody else from writing.
    """
    secret = str(current_app.secret_key)
    attempt = count_attempt(db.session, email=email, address=request.remote_addr or "", secret=secret)
    db.session.commit()
    free_at = free_again(db.session, limits=attempt.limits, now=now())
    if free_at:
        forget_attempt(db.session, attempt=attempt)
        db.session.commit()
        return Proof(None, free_at)
    stored = hash_of(email)
    db.session.rollback()
    if not matches(stored, password) or stored != hash_of(email):
        return Proof(None, None)
    forget_attempt(db.session, attempt=attempt)
    return Proof(user_by_email(db.session, email), None)


def hash_of(email: str) -> str | None:
    """Return the stored hash of an active person, else None."""
    person = user_by_email(db.session, email)
    return person.password if person and person.active else None


def seconds_until(instant: datetime) -> int:
    """Return the seconds to wait, at least one."""
    return max(1, round((instant - now()).total_seconds()))


def wait_sentence(free_at: datetime) -> str:
    """Say when signing in may be tried again."""
    minutes = -(-seconds_until(free_at) // 60)
    when = "in a minute" if minutes == 1 else f"in {minutes} minutes"
    return f"Too many attempts from here. Try again {when}, at {free_at:%H:%M} UTC; elsewhere you can sign in now."


@blueprint.errorhandler(CSRFError)
def left_open(error: CSRFError) -> ResponseReturnValue:
    """Let someone whose sign-in page was open too long type the password alone again."""
    if request.endpoint != "users.sign_in":
        return show_forgery(error)
    onward = local_address(request.values.get("next"))
    return render_template("users/sign_in.html", form=SignInForm(), onward=onward, problem=LEFT_OPEN), 400


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
                db.session, email=form.email.data, password=form.password.data, name=form.name.data
            )
        except Refusal as refusal:
            db.session.rollback()
            show_in(form, refusal)
        else:
            begin(person)
            db.session.commit()
            return redirect(url_for("users.start"))
    return render_template("users/first_admin.html", form=form), 400 if form.is_submitted() else 200


@blueprint.route("/password", methods=["GET", "POST"])
@signed_in
def password() -> ResponseReturnValue:
    """Change one's own password."""
    form = PasswordForm()
    if form.validate_on_submit() and has_changed_password(form):
        flash("Your password is changed. Every other device is signed out.")
        return redirect(url_for("users.start"))
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
