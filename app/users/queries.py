"""Reads about people: who has an address, whom a cookie's token stands for, and who has a second factor."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Row, Table, and_, bindparam, exists, func, literal_column, select
from sqlalchemy.orm import Session

from app.users.models import (
    PendingSignIn,
    RecoveryCode,
    RequiredFactor,
    RoleRow,
    SecondFactor,
    SignIn,
    SignInAttempt,
    User,
    user_role,
)
from app.users.rules.barred import Barred
from app.users.rules.present import Present
from app.users.rules.roles import Role
from app.users.rules.scope import Scope
from app.users.rules.sign_ins import WINDOW, free_again_at, is_live, is_pending, token_sha256

LONGEST_ADDRESS = 254


def user_by_email(session: Session, email: str) -> User | None:
    """Return the login of an e-mail address, whatever its case and the spaces around it."""
    address = email.strip().lower()
    if "\0" in address or len(address) > LONGEST_ADDRESS:
        return None
    return session.scalar(select(User).where(func.lower(User.email) == address))


def scope_of(person: User) -> Scope:
    """Return the scope of a login."""
    roles = frozenset(Role(row.name) for row in person.roles)
    return Scope(user_id=person.id, email=person.email.lower(), name=person.name or person.email, roles=roles)


def live_sign_in(session: Session, *, token: str, now: datetime) -> Present | None:
    """Return who stands behind a token, or None where it ended, timed out or its person was shut out.

    Every page begins with it, so it is one statement, built but once, past the ORM.
    """
    found: Any = session.connection().execute(_LIVE, {"token": token_sha256(token)}).first()
    if found is None or not is_live(found.created_at, found.seen_at, now):
        return None
    roles = frozenset(Role(name) for name in (found.roles or "").split(",") if name)
    scope = Scope(user_id=found.id, email=found.email.lower(), name=found.name or found.email, roles=roles)
    return Present(found.sign_in_id, found.seen_at, found.fs_uniquifier, scope, bool(found.lacks_factor))


def pending_person(session: Session, *, token: str, now: datetime) -> User | None:
    """Return who gave the right password and still owes the code, or None where that took too long or has ended."""
    found = session.execute(
        select(PendingSignIn, User)
        .join(User, User.id == PendingSignIn.user_id)
        .where(PendingSignIn.token_sha256 == token_sha256(token), User.active)
    ).first()
    return found[1] if found and is_pending(found[0].created_at, now) else None


def second_factor(session: Session, user_id: int) -> SecondFactor | None:
    """Return a person's second factor, or None."""
    return session.get(SecondFactor, user_id)


def unused_recovery_codes(session: Session, user_id: int) -> int:
    """Return how many recovery codes a person has left."""
    left = select(func.count()).where(RecoveryCode.user_id == user_id, RecoveryCode.used_at.is_(None))
    return session.execute(left).scalar_one()


def is_factor_required(session: Session, roles: Collection[str]) -> bool:
    """Tell whether any of these roles must have a second factor."""
    return (
        session.scalar(select(RequiredFactor.role).where(RequiredFactor.role.in_(map(str, roles))).limit(1)) is not None
    )


def why_barred(session: Session, person: User) -> Barred | None:
    """Return why a person may read nothing at the moment, so that no mail goes to them; None where they may."""
    if not person.active:
        return Barred.GONE
    if is_factor_required(session, scope_of(person).roles) and second_factor(session, person.id) is None:
        return Barred.NO_FACTOR
    return None


def has_users(session: Session) -> bool:
    """Tell whether anybody can sign in at all yet."""
    return session.scalar(select(User.id).limit(1)) is not None


def people_listed(session: Session) -> Sequence[Row[User, bool, datetime | None]]:
    """Return (User, has_factor, seen_at) of everybody, those who may sign in first, by name."""
    seen = select(SignIn.user_id, func.max(SignIn.seen_at).label("seen_at")).group_by(SignIn.user_id).subquery()
    return session.execute(
        select(User, SecondFactor.user_id.is_not(None).label("has_factor"), seen.c.seen_at)
        .outerjoin(SecondFactor, SecondFactor.user_id == User.id)
        .outerjoin(seen, seen.c.user_id == User.id)
        .order_by(User.active.desc(), func.lower(User.name), User.email)
    ).all()


def roles_with_factor(session: Session) -> frozenset[str]:
    """Return the roles whose people must have a second factor."""
    return frozenset(session.scalars(select(RequiredFactor.role)))


def has_other_admin(session: Session, *, user_id: int) -> bool:
    """Tell whether somebody else is an admin and may sign in."""
    others = (
        select(User.id)
        .join(user_role, user_role.c.user_id == User.id)
        .join(RoleRow, RoleRow.id == user_role.c.role_id)
        .where(RoleRow.name == Role.ADMIN.value, User.active, User.id != user_id)
    )
    return session.scalar(others.limit(1)) is not None


def free_again(session: Session, *, limits: Mapping[str, int], now: datetime) -> datetime | None:
    """Return when signing in may be tried again, or None where it may be tried now."""
    counted = session.execute(
        select(SignInAttempt.bucket_sha256, SignInAttempt.at).where(
            SignInAttempt.bucket_sha256.in_(limits), SignInAttempt.at > now - WINDOW
        )
    ).all()
    waits = (free_again_at([at for name, at in counted if name == bucket], limit) for bucket, limit in limits.items())
    return max((wait for wait in waits if wait), default=None)


_USER, _SIGN_IN, _ROLE, _REQUIRED, _FACTOR = (
    cast("Table", model.__table__) for model in (User, SignIn, RoleRow, RequiredFactor, SecondFactor)
)
_THEIR_ROLES = _ROLE.join(user_role, user_role.c.role_id == _ROLE.c.id)
_IS_THEIRS = user_role.c.user_id == _USER.c.id
# It stands in the statement: a bound one would be put into its text anew for every page.
_COMMA: Any = literal_column("','")
_LIVE = (
    select(
        _SIGN_IN.c.id.label("sign_in_id"),
        _SIGN_IN.c.created_at,
        _SIGN_IN.c.seen_at,
        _USER.c.id,
        _USER.c.email,
        _USER.c.name,
        _USER.c.fs_uniquifier,
        select(func.aggregate_strings(_ROLE.c.name, _COMMA))
        .select_from(_THEIR_ROLES)
        .where(_IS_THEIRS)
        .correlate(_USER)
        .scalar_subquery()
        .label("roles"),
        and_(
            exists()
            .select_from(_THEIR_ROLES.join(_REQUIRED, _REQUIRED.c.role == _ROLE.c.name))
            .where(_IS_THEIRS)
            .correlate(_USER),
            ~exists().select_from(_FACTOR).where(_FACTOR.c.user_id == _USER.c.id).correlate(_USER),
        ).label("lacks_factor"),
    )
    .join_from(_SIGN_IN, _USER, _USER.c.id == _SIGN_IN.c.user_id)
    .where(_SIGN_IN.c.token_sha256 == bindparam("token"), _SIGN_IN.c.ended_at.is_(None), _USER.c.active)
)
