"""The people who sign in: listed, created, given another role, disabled and enabled again."""

from collections.abc import Callable

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.core.database import db
from app.core.errors import Missing, Refusal
from app.users.forms import FactorForm, NewPersonForm, RoleForm
from app.users.models import User
from app.users.policy import Permission, access, current_scope
from app.users.queries import people_listed, roles_with_factor
from app.users.rules.roles import Role
from app.users.services.people import change_role, create_user, disable_user, enable_user, made_up_password
from app.users.services.second_factors import require_factor
from app.users.views.blueprint import blueprint

ONE_PERSON = "/users/<int(max=2147483647):user_id>"


@blueprint.get("/users")
@access(Permission.USERS)
def people() -> ResponseReturnValue:
    """Show who signs in, as what, and when last."""
    return show_people()


@blueprint.route("/users/new", methods=["GET", "POST"])
@access(Permission.USERS)
def new_person() -> ResponseReturnValue:
    """Create a login; a password that was made up is shown once."""
    form = NewPersonForm()
    if form.validate_on_submit():
        made_up = "" if form.password.data else made_up_password()
        try:
            person = create_user(
                db.session,
                email=form.email.data,
                role=form.role.data,
                password=form.password.data or made_up,
                name=form.name.data,
                actor_id=current_scope().user_id,
            )
        except Refusal as refusal:
            db.session.rollback()
            form[refusal.field or "email"].errors = [refusal.sentence]
        else:
            name, email = person.name, person.email
            db.session.commit()
            if made_up:
                return render_template("users/made_up_password.html", name=name, email=email, password=made_up)
            flash(f"{name} can sign in now.")
            return redirect(url_for("users.people"))
    return render_template("users/new_person.html", form=form), 400 if form.is_submitted() else 200


@blueprint.post(f"{ONE_PERSON}/role")
@access(Permission.USERS)
def role(user_id: int) -> ResponseReturnValue:
    """Give somebody another role."""
    form = RoleForm()
    wanted = form.role.data if form.validate_on_submit() else ""
    return changed(
        user_id,
        lambda person: change_role(db.session, email=person.email, role=wanted, actor_id=current_scope().user_id),
        f"{{name}} is {wanted} now, and has to sign in again.",
    )


@blueprint.post(f"{ONE_PERSON}/disable")
@access(Permission.USERS)
def disable(user_id: int) -> ResponseReturnValue:
    """Shut somebody out."""
    return changed(
        user_id,
        lambda person: disable_user(db.session, email=person.email, actor_id=current_scope().user_id),
        "{name} can no longer sign in.",
    )


@blueprint.post(f"{ONE_PERSON}/enable")
@access(Permission.USERS)
def enable(user_id: int) -> ResponseReturnValue:
    """Let somebody in again."""
    return changed(
        user_id,
        lambda person: enable_user(db.session, email=person.email, actor_id=current_scope().user_id),
        "{name} can sign in again.",
    )


@blueprint.post("/users/second-factor")
@access(Permission.USERS)
def required_factor() -> ResponseReturnValue:
    """Require a second factor of everybody with a role, or leave it to them."""
    form = FactorForm()
    if not form.validate_on_submit():
        return show_people("Choose a role, and whether it needs a second factor."), 400
    is_required = form.is_required.data == "yes"
    try:
        require_factor(db.session, role=form.role.data, is_required=is_required, actor_id=current_scope().user_id)
    except Refusal as refusal:
        db.session.rollback()
        return show_people(refusal.sentence), 400
    db.session.commit()
    told = "must have a second factor now" if is_required else "may do without a second factor"
    flash(f"Everybody who is {form.role.data} {told}.")
    return redirect(url_for("users.people"))


def changed(user_id: int, change: Callable[[User], User], told: str) -> ResponseReturnValue:
    """Change a person and go back to the list, or show it with the reason why not."""
    person = db.session.get(User, user_id)
    if person is None:
        raise Missing("Nobody has this number.")
    try:
        name = change(person).name or person.email
    except Refusal as refusal:
        db.session.rollback()
        return show_people(refusal.sentence), 400
    db.session.commit()
    flash(told.replace("{name}", name))
    return redirect(url_for("users.people"))


def show_people(problem: str | None = None) -> str:
    """Show everybody, above them what did not work."""
    listed = people_listed(db.session)
    return render_template(
        "users/people.html",
        listed=listed,
        active=sum(row.User.active for row in listed),
        roles=[one.value for one in Role],
        required=roles_with_factor(db.session),
        problem=problem,
        me=current_scope().user_id,
    )
