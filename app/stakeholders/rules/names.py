"""A name that somebody mentioned, as it was typed, and what of it can be kept."""

import re
from dataclasses import dataclass

from app.core.errors import Refusal
from app.core.typed import typed_line

LONGEST_NAME, LONGEST_ADDRESS, LONGEST_PHONE, LONGEST_ROLE = 300, 254, 80, 80
_ADDRESS = re.compile(
    r"[^\s@\"(),:;<>\[\]\\]{1,64}@[^\s@\"(),:;<>\[\]\\.]{1,63}(?:\.[^\s@\"(),:;<>\[\]\\.]{1,63}){1,30}"
)
_PHONE = re.compile(r"\+?[0-9][0-9 ()/.\-]{3,78}")


@dataclass(frozen=True)
class Named:
    """Somebody as they were typed; empty is not known."""

    name: str = ""
    role: str = ""
    email: str = ""
    phone: str = ""


def checked_name(typed: Named) -> Named:
    """What was typed, tidied; Refusal with the remedy and the field where it cannot be kept."""
    name = typed_line(typed.name, "name", LONGEST_NAME)
    if not name:
        raise Refusal("Write the name, even if it is only half of it.", "name")
    role, email, phone = (
        typed_line(typed.role, "role", LONGEST_ROLE),
        typed_line(typed.email, "email", LONGEST_ADDRESS),
        typed_line(typed.phone, "phone", LONGEST_PHONE),
    )
    if email and not _ADDRESS.fullmatch(email):
        raise Refusal(
            "This does not have the shape of an e-mail address; leave it empty if you do not know it.", "email"
        )
    if phone and not _PHONE.fullmatch(phone):
        raise Refusal("Write the phone number in digits, such as +49 30 123456.", "phone")
    return Named(name, role, email, phone)
