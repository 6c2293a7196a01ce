"""Logins: created, disabled, given another role or password. Each of these ends the person's sign-ins."""

import secrets
import uuid

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.errors import Missing, Refusal
from app.core.workspace import checked_currency, checked_organisation, the_workspace
from app.users.models import RoleRow, User
from app.users.queries import has_other_admin, has_users, user_by_email
from app.users.rules.passwords import password_problem
from app.users.rules.roles import Role
from app.users.services.audit import record_event, wait_for_turn
from app.users.services.hashing import hashed
from app.users.services.sign_ins import end_sign_ins

READABLE = "abcdefghjkmnpqrstuvwxyz23456789"
"""Letters and digits that nobody takes for another."""


def create_user(
    session: Session, *, email: str, role: str, password: str, name: str = "", actor_id: int | None = None
) -> User:
    """Create a login with one role; refuses an address that is none or taken, an unknown role, a weak password."""
    address = checked_address(email)
    wanted = checked_role(role)
    check_password(password, address)
    if user_by_email(session, address):
        raise Refusal(f"Somebody signs in as {address} already.", "email")
    person = User(email=address, name=checked_name(name), password=hashed(password), fs_uniquifier=uuid.uuid4().hex)
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


def create_first_admin(
    session: Session, *, email: str, password: str, name: str, organisation: str = "", currency: str = ""
) -> User:
    """Create the admin of an empty workspace, and say who asks there and in which currency.

    Refuses once anybody can sign in. Two who try at once take turns. A currency that imports have settled stays.
    """
    wait_for_turn(session)
    if has_users(session):
        raise Refusal("Somebody was faster: this workspace has an admin already.", "email")
    workspace = the_workspace(session)
    workspace.organisation = checked_organisation(organisation) or workspace.organisation
    workspace.currency = workspace.currency or checked_currency(currency)
    session.add(workspace)
    return create_user(session, email=email, role=Role.ADMIN, password=password, name=name)


def disable_user(session: Session, *, email: str, actor_id: int | None = None) -> User:
    """Shut a login out, and end its sign-ins; Missing where there is none. Disabled again changes nothing.

    Refuses one's own login, and that of the last admin who may sign in.
    """
    person = user_in_turn(session, email)
    if person.active:
        if person.id == actor_id:
            raise Refusal("You cannot disable yourself; ask another admin.", "email")
        keep_an_admin(session, person)
        person.active = False
        shut_out(session, person)
        record_event(session, actor_id=actor_id, action="user.disabled", object_type="user", object_id=person.id)
    return person


def enable_user(session: Session, *, email: str, actor_id: int | None = None) -> User:
    """Let somebody who was disabled sign in again, by password; Missing where there is none. Again changes nothing."""
    person = user_in_turn(session, email)
    if not person.active:
        person.active = True
        shut_out(session, person)
        record_event(session, actor_id=actor_id, action="user.enabled", object_type="user", object_id=person.id)
    return person


def change_role(session: Session, *, email: str, role: str, actor_id: int | None = None) -> User:
    """Give a login another role in place of those it has, and end its sign-ins; refuses to take the last admin's."""
    wanted = checked_role(role)
    person = user_in_turn(session, email)
    before = sorted(row.name for row in person.roles)
    if wanted is not Role.ADMIN:
        keep_an_admin(session, person)
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


def user_in_turn(session: Session, email: str) -> User:
    """Return the login of an address as it is now that nobody else can change it; Missing where there is none."""
    wait_for_turn(session)
    person = existing_user(session, email)
    session.refresh(person)
    return person


def keep_an_admin(session: Session, person: User) -> None:
    """Refuse to go on where nobody would be left who can manage people; call it in turn."""
    is_admin = person.active and any(row.name == Role.ADMIN for row in person.roles)
    if is_admin and not has_other_admin(session, user_id=person.id):
        raise Refusal("This is the last admin who can sign in; make somebody else an admin first.", "email")


def made_up_password() -> str:
    """Return a password that nobody guesses and anybody can type: four groups of five letters and digits."""
    return "-".join("".join(secrets.choice(READABLE) for _ in range(5)) for _ in range(4))


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


def checked_name(name: str) -> str:
    """Return how a person is called, cut where it is long; Refusal where it holds what cannot be shown."""
    called = " ".join(name.split())[:200]
    if not called.isprintable():
        raise Refusal("Write the name in letters that can be seen.", "name")
    return called


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
