"""Passwords at rest: argon2id, in the format that Flask-Security reads too."""

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from app.users.rules.passwords import LONGEST, normalised

HASHER = PasswordHasher()


def hashed(password: str) -> str:
    """Return the password's argon2id hash with a salt of its own."""
    return HASHER.hash(normalised(password))


def matches(stored: str | None, password: str) -> bool:
    """Tell whether a password is the stored one.

    Someone unknown (None) takes as long as someone known, so that the time does not tell who has an account. Longer
    than any password can be is refused unhashed.
    """
    if len(password) > LONGEST:
        return False
    try:
        return HASHER.verify(stored or nobodys_hash(), normalised(password)) and stored is not None
    except (VerificationError, InvalidHashError):
        return False


@cache
def nobodys_hash() -> str:
    """Return a hash that stands in for the one that an unknown person does not have."""
    return hashed("nobody signs in with this")
