"""Second factors: offered, set up, used, given new recovery codes, removed, reset, and required of a role."""

import secrets

from passlib.totp import TOTP
from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.errors import Refusal
from app.users.models import RecoveryCode, RequiredFactor, SecondFactor, User
from app.users.queries import is_factor_required, second_factor, unused_recovery_codes
from app.users.rules.second_factor import (
    OFFERED,
    RECOVERY_CODES,
    RECOVERY_DIGITS,
    grouped_recovery_code,
    matched_step,
    plain_digits,
)
from app.users.rules.sign_ins import keyed
from app.users.services.audit import record_event, wait_for_turn
from app.users.services.encryption import sealed, unsealed
from app.users.services.people import checked_role, existing_user, shut_out

WRONG_CODE = "This code does not fit. Enter the six digits that the app shows now, and check the phone’s clock."


def offer_secret(*, user_id: int, secret: str) -> str:
    """Return a new secret of 160 random bits, sealed for this person; nothing is stored until a code proves it."""
    return sealed(TOTP.new().base32_key, secret=secret, purpose=f"offered second factor of {user_id}")


def offered_key(offer: str, *, user_id: int, secret: str) -> str | None:
    """Return the offered secret in base 32, or None where it is too old, another person's, or no offer of ours."""
    return unsealed(offer, secret=secret, purpose=f"offered second factor of {user_id}", lasts=OFFERED)


def set_up_factor(session: Session, *, user: User, key: str, code: str, secret: str) -> list[str]:
    """Turn a second factor on, end the person's sign-ins, and return the recovery codes, which are shown only now.

    Refuses a code that the secret `key` (base 32) does not make now, and a second one beside the first.
    """
    wait_for_turn(session)
    if second_factor(session, user.id):
        raise Refusal("Your second factor is on already. Reload this page to see it.", "code")
    step = matched_step(key, code, now=now(), last_step=0)
    if step is None:
        raise Refusal(WRONG_CODE, "code")
    hidden = sealed(key, secret=secret, purpose=stored_for(user.id))
    session.add(SecondFactor(user_id=user.id, secret_encrypted=hidden, last_step=step))
    codes = replace_recovery_codes(session, user_id=user.id, secret=secret)
    shut_out(session, user)
    note(session, user, "second_factor.set_up", by=user.id)
    return codes


def renew_recovery_codes(session: Session, *, user: User, secret: str) -> list[str]:
    """Return new recovery codes, which are shown only now; the old ones are worthless from here on."""
    if second_factor(session, user.id) is None:
        raise Refusal("Set up your second factor first.", "password")
    codes = replace_recovery_codes(session, user_id=user.id, secret=secret)
    note(session, user, "second_factor.codes_renewed", by=user.id)
    return codes


def remove_factor(session: Session, *, user: User) -> None:
    """Turn a person's second factor off; refused where a role of theirs must have one."""
    if is_factor_required(session, [row.name for row in user.roles]):
        raise Refusal("Your role needs a second factor, so it stays on.", "password")
    if forget_factor(session, user_id=user.id):
        note(session, user, "second_factor.removed", by=user.id)


def reset_factor(session: Session, *, email: str, actor_id: int | None = None) -> User:
    """Turn somebody's second factor off, for a lost phone, and end their sign-ins; refused where there is none."""
    person = existing_user(session, email)
    if not forget_factor(session, user_id=person.id):
        raise Refusal(f"{person.email} has no second factor.", "email")
    shut_out(session, person)
    note(session, person, "second_factor.reset", by=actor_id)
    return person


def require_factor(session: Session, *, role: str, is_required: bool, actor_id: int | None = None) -> None:
    """Require a second factor of everybody with a role, from the next request on, or leave it to them."""
    name = checked_role(role).value
    wait_for_turn(session)
    before = is_factor_required(session, [name])
    if before == is_required:
        return
    if is_required:
        session.add(RequiredFactor(role=name))
    else:
        session.execute(delete(RequiredFactor).where(RequiredFactor.role == name))
    record_event(
        session,
        actor_id=actor_id,
        action="policy.second_factor_changed",
        object_type="role",
        object_id=name,
        fields={"required": {"before": before, "after": is_required}},
    )


def accept_code(session: Session, *, user: User, code: str, secret: str) -> bool:
    """Tell whether a code of the app or a recovery code lets this person in, and use it up."""
    if len(plain_digits(code)) == RECOVERY_DIGITS:
        return use_recovery_code(session, user=user, code=code, secret=secret)
    return use_app_code(session, user=user, code=code, secret=secret)


def use_app_code(session: Session, *, user: User, code: str, secret: str) -> bool:
    """Use up a code of the app; of two who send the same code at the same time, one gets in."""
    factor = second_factor(session, user.id)
    key = unsealed(factor.secret_encrypted, secret=secret, purpose=stored_for(user.id)) if factor else None
    if factor is None or key is None:
        return False
    step = matched_step(key, code, now=now(), last_step=factor.last_step)
    if step is None:
        return False
    used = update(SecondFactor).where(SecondFactor.user_id == user.id, SecondFactor.last_step < step)
    return session.execute(used.values(last_step=step).returning(SecondFactor.user_id)).first() is not None


def use_recovery_code(session: Session, *, user: User, code: str, secret: str) -> bool:
    """Use up a recovery code; of two who send the same code at the same time, one gets in."""
    used = update(RecoveryCode).where(
        RecoveryCode.user_id == user.id,
        RecoveryCode.code_sha256 == recovery_sha256(code, user_id=user.id, secret=secret),
        RecoveryCode.used_at.is_(None),
    )
    if session.execute(used.values(used_at=now()).returning(RecoveryCode.id)).first() is None:
        return False
    left = unused_recovery_codes(session, user.id)
    note(session, user, "second_factor.recovery_code_used", by=user.id, left=left)
    return True


def replace_recovery_codes(session: Session, *, user_id: int, secret: str) -> list[str]:
    """Give a person other recovery codes, and return them as they are shown."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
    codes = [f"{secrets.randbelow(10**RECOVERY_DIGITS):0{RECOVERY_DIGITS}}" for _ in range(RECOVERY_CODES)]
    hashes = (recovery_sha256(code, user_id=user_id, secret=secret) for code in codes)
    session.add_all([RecoveryCode(user_id=user_id, code_sha256=hashed) for hashed in hashes])
    return [grouped_recovery_code(code) for code in codes]


def forget_factor(session: Session, *, user_id: int) -> bool:
    """Delete a second factor with its recovery codes; True where there was one."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
    gone = delete(SecondFactor).where(SecondFactor.user_id == user_id).returning(SecondFactor.user_id)
    return session.execute(gone).first() is not None


def recovery_sha256(code: str, *, user_id: int, secret: str) -> str:
    """Return how a recovery code is kept at rest: keyed, so that the database alone cannot be searched for it."""
    return keyed(secret, "recovery code", str(user_id), plain_digits(code))


def stored_for(user_id: int) -> str:
    """Return the purpose that a stored secret is encrypted for, so that one row's secret is of no use in another's."""
    return f"second factor of {user_id}"


def note(session: Session, user: User, action: str, *, by: int | None, **fields: int) -> None:
    """Write a line about a person's second factor into the audit log."""
    record_event(session, actor_id=by, action=action, object_type="user", object_id=user.id, fields=fields)
