"""`flask user`, `flask policy`, `flask audit`: people, what they may do, and what they did."""

import sys

import click
from flask.cli import AppGroup

from app.cli.edge import as_json_option, edge, emit
from app.core.database import db
from app.core.errors import Refusal
from app.users.models import User
from app.users.rules.roles import Permission, Role, matrix, reach
from app.users.services import change_password, change_role, create_user, disable_user, verify_chain
from app.users.services.second_factors import require_factor, reset_factor

group = AppGroup("user", help="People who sign in.")
policy_group = AppGroup("policy", help="Who may do what.")
audit_group = AppGroup("audit", help="What was done.")

role_option = click.option(
    "--role", required=True, type=click.Choice([one.value for one in Role]), help="What the person is here for."
)
password_option = click.option(
    "--password-stdin", is_flag=True, required=True, help="Read the password from the first line of standard input."
)


def read_password() -> str:
    """Return the first line of standard input: arguments can be seen by other users of the machine."""
    line = sys.stdin.readline().rstrip("\r\n")
    if not line:
        raise Refusal("Standard input holds no password.", "password")
    return line


def told(person: User, as_json: bool, sentence: str) -> None:
    """Print a person as they now are."""
    document = {
        "email": person.email,
        "name": person.name,
        "roles": [row.name for row in person.roles],
        "active": person.active,
    }
    emit(as_json, document, sentence)


@group.command("create")
@click.argument("email")
@role_option
@password_option
@click.option("--name", default="", help="How the person is called on pages.")
@as_json_option
@edge
def create(email: str, role: str, password_stdin: bool, name: str, as_json: bool) -> None:  # noqa: ARG001  (required, so always true)
    """Create a login."""
    person = create_user(db.session, email=email, role=role, password=read_password(), name=name)
    told(person, as_json, f"{person.email} can sign in as {role}.")


@group.command("disable")
@click.argument("email")
@as_json_option
@edge
def disable(email: str, as_json: bool) -> None:
    """Shut a login out, at the next request of whoever uses it."""
    person = disable_user(db.session, email=email)
    told(person, as_json, f"{person.email} can no longer sign in.")


@group.command("role")
@click.argument("email")
@role_option
@as_json_option
@edge
def role(email: str, role: str, as_json: bool) -> None:
    """Give a login another role."""
    person = change_role(db.session, email=email, role=role)
    told(person, as_json, f"{person.email} is {role} now, and has to sign in again.")


@group.command("password")
@click.argument("email")
@password_option
@as_json_option
@edge
def password(email: str, password_stdin: bool, as_json: bool) -> None:  # noqa: ARG001  (required, so always true)
    """Give a login another password."""
    person = change_password(db.session, email=email, password=read_password())
    told(person, as_json, f"{person.email} has a new password, and has to sign in again.")


@group.command("second-factor-reset")
@click.argument("email")
@as_json_option
@edge
def second_factor_reset(email: str, as_json: bool) -> None:
    """Turn a login's second factor off, for a lost phone."""
    person = reset_factor(db.session, email=email)
    told(person, as_json, f"{person.email} has no second factor now, and has to sign in again.")


@policy_group.command("second-factor")
@click.argument("role", type=click.Choice([one.value for one in Role]))
@click.option("--required/--optional", "is_required", required=True, help="Whether all of them need one.")
@as_json_option
@edge
def second_factor(role: str, is_required: bool, as_json: bool) -> None:
    """Require a second factor of everybody with a role, or leave it to them."""
    require_factor(db.session, role=role, is_required=is_required)
    who = f"Everybody who is {role}"
    sentence = f"{who} needs a second factor now." if is_required else f"{who} may have a second factor."
    emit(as_json, {"role": role, "required": is_required}, sentence)


@policy_group.command("matrix")
@as_json_option
@edge
def print_matrix(as_json: bool) -> None:
    """Print the access matrix, as SECURITY.md shows it."""
    document = {str(permission): {str(role): reach(role, permission) for role in Role} for permission in Permission}
    emit(as_json, document, matrix())


@audit_group.command("verify")
@as_json_option
@edge
def verify(as_json: bool) -> None:
    """Recompute the hash chain of the audit log."""
    chain = verify_chain(db.session)
    if chain.broken_at is not None:
        raise Refusal(f"The audit log was changed: line {chain.broken_at} does not follow from those before it.")
    document = {"events": chain.events, "head_sha256": chain.head_sha256}
    emit(as_json, document, f"{chain.events} lines hold; the last hash is {chain.head_sha256}.")
