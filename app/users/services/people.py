"""Logins: created, disabled, given another role or password. Each of these ends the person's sign-ins."""

import uuid

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.errors import Missing, Refusal
from app.users.models import RoleRow, User
from app.users.queries import has_users, user_by_email
from app.users.rules.passwords import password_problem
from app.users.rules.roles import Role
from app.users.services.audit import record_event, wait_for_turn
from app.users.services.hashing import hashed
from app.users.services.sign_ins import end_sign_ins


def create_user(
    session: Session, *, email: str, role: str, password: str, name: str = "", actor_id: int | None = None
) -> User:
    """Create a login with one role; refuses an address that is none or taken, an unknown role, a weak password."""
    address = checked_address(email)
    wanted = checked_role(role)
    check_password(password, address)
    if user_by_email(session, address):
        raise Refusal(f"Somebody signs in as {address} already.", "email")
    person = User(email=address, name=name.strip()[:200], password=hashed(password), fs_uniquifier=uuid.uuid4().hex)
    person.roles = [role_row(session, wanted)]
    session.add(person)
    session.flush()
    record_event(
        session,
        actor_id=actor_id,
        action="user.created",
        object_type="user",
        object_id=person.id,
        fields={"role": wanted.value},
    )
    return person


def create_first_admin(session: Session, *, email: str, password: str, name: str) -> User:
    """Create the admin of an empty workspace; refuses once anybody can sign in. Two who try at once take turns."""
    wait_for_turn(session)
    if has_users(session):
        raise Refusal("Somebody was faster: this workspace has an admin already.", "email")
    return create_user(session, email=email, role=Role.ADMIN, password=password, name=name)


def disable_user(session: Session, *, email: str, actor_id: int | None = None) -> User:
    """Shut a login out, and end its sign-ins; Missing where there is none. Disabled again changes nothing."""
    person = existing_user(session, email)
    if person.active:
        person.active = False
        shut_out(session, person)
        record_event(session, actor_id=actor_id, action="user.disabled", object_type="user", object_id=person.id)
    return person


def change_role(session: Session, *, email: str, role: str, actor_id: int | None = None) -> User:
    """Give a login another role in place of those it has, and end its sign-ins."""
    wanted = checked_role(role)
    person = existing_user(session, email)
    before = sorted(row.name for row in person.roles)
    person.roles = [role_row(session, wanted)]
    shut_out(session, person)
    record_event(
        session,
        actor_id=actor_id,
        action="user.role_changed",
        object_type="user",
        object_id=person.id,
        fields={"role": {"before": before, "after": [wanted.value]}},
    )
    return person


def change_password(session: Session, *, email: str, password: str, actor_id: int | None = None) -> User:
    """Give a login another password, and end all its sign-ins; refuses a weak one."""
    person = existing_user(session, email)
    check_password(password, person.email)
    person.password = hashed(password)
    shut_out(session, person)
    record_event(session, actor_id=actor_id, action="user.password_changed", object_type="user", object_id=person.id)
    return person


def shut_out(session: Session, person: User) -> None:
    """Make every cookie that names this person worthless, from the next request on."""
    person.fs_uniquifier = uuid.uuid4().hex
    end_sign_ins(session, user_id=person.id)


def checked_address(email: str) -> str:
    """Return an e-mail address in lower case, checked for its shape alone: no name server is asked."""
    try:
        shaped = validate_email(email.strip(), check_deliverability=False, test_environment=True)
    except EmailNotValidError as problem:
        raise Refusal(f"“{email.strip()[:254]}” is not an e-mail address: {problem}", "email") from problem
    return shaped.normalized.lower()


def checked_role(role: str) -> Role:
    """Return the role of this name, or refuse with the names there are."""
    try:
        return Role(role)
    except ValueError as problem:
        raise Refusal(f"There is no role “{role}”; the roles are {', '.join(Role)}.", "role") from problem


def check_password(password: str, email: str) -> None:
    """Refuse a password that attackers would find soon."""
    if problem := password_problem(password, email=email):
        raise Refusal(problem, "password")


def existing_user(session: Session, email: str) -> User:
    """Return the login of an address, or refuse as Missing."""
    person = user_by_email(session, email)
    if person is None:
        raise Missing(f"Nobody signs in as {email.strip()[:254]}.", "email")
    return person


def role_row(session: Session, role: Role) -> RoleRow:
    """Return the stored row of a role, made on first use."""
    row = session.scalar(select(RoleRow).where(RoleRow.name == role.value))
    if row is None:
        row = RoleRow(name=role.value)
        session.add(row)
    return row
