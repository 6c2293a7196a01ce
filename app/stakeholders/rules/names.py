"""A name that somebody mentioned, as it was typed, and what of it can be kept."""

import re
from dataclasses import dataclass

from app.core.errors import Refusal

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
    name = one_line(typed.name, "name", LONGEST_NAME)
    if not name:
        raise Refusal("Write the name, even if it is only half of it.", "name")
    role, email, phone = (
        one_line(typed.role, "role", LONGEST_ROLE),
        one_line(typed.email, "email", LONGEST_ADDRESS),
        one_line(typed.phone, "phone", LONGEST_PHONE),
    )
    if email and not _ADDRESS.fullmatch(email):
        raise Refusal(
            "This does not have the shape of an e-mail address; leave it empty if you do not know it.", "email"
        )
    if phone and not _PHONE.fullmatch(phone):
        raise Refusal("Write the phone number in digits, such as +49 30 123456.", "phone")
    return Named(name, role, email, phone)


def one_line(raw: str, field: str, longest: int) -> str:
    """A text on one line without spaces at its ends; Refusal where it is too long or holds what cannot be seen."""
    text = " ".join(raw.split())
    if not text.isprintable():
        raise Refusal("Remove the characters that cannot be seen.", field)
    if len(text) > longest:
        raise Refusal(f"Shorten it to {longest} characters; it has {len(text):,}.", field)
    return text


def some_lines(raw: str, field: str, longest: int) -> str:
    """A text of several lines, tidied; Refusal where it is too long or holds what cannot be seen."""
    text = raw.replace("\r\n", "\n").replace("\r", "\n").strip()
    if not text.replace("\n", " ").replace("\t", " ").isprintable():
        raise Refusal("Remove the characters that cannot be seen.", field)
    if len(text) > longest:
        raise Refusal(f"Shorten it to {longest:,} characters; it has {len(text):,}.", field)
    return text
