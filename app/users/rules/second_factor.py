"""The second factor: codes of an authenticator app (RFC 6238), recovery codes, and how a new app learns the secret."""

from datetime import datetime, timedelta
from typing import NamedTuple

from passlib.exc import TokenError
from passlib.totp import TOTP

ISSUER = "Parallax"
DIGITS = 6
STEP = timedelta(seconds=30)
RECOVERY_CODES = 8
RECOVERY_DIGITS = 15
RECOVERY_GROUP = 5
OFFERED = timedelta(hours=1)
"""How long a secret that was shown may wait for the first code."""


class Drawing(NamedTuple):
    """A QR code as the path of an SVG, in modules; `size` counts the quiet zone of four modules on each side."""

    size: int
    path: str


def plain_digits(typed: str) -> str:
    """Return what was typed without the spaces and hyphens of its groups, or nothing where that leaves no digits."""
    digits = "".join(typed.split()).replace("-", "")
    return digits if digits.isascii() and digits.isdigit() else ""


def matched_step(key: str, typed: str, *, now: datetime, last_step: int) -> int | None:
    """Return the step of 30 s since 1970 whose code was typed, or None for a wrong, outdated or used code.

    `key` is the shared secret in base 32. The steps before and after the present one are taken too, for clocks that
    differ and people who type slowly; steps up to `last_step` are used up (RFC 6238, 2011, section 5.2).
    """
    code = plain_digits(typed)
    if len(code) != DIGITS:
        return None
    try:
        found = authenticator(key).match(code, time=now, window=int(STEP.total_seconds()), last_counter=last_step)
    except TokenError:
        return None
    return int(found.counter)


def otpauth_address(key: str, email: str) -> str:
    """Return the `otpauth:` address by which an app learns the secret in base 32 and whose it is."""
    return str(authenticator(key).to_uri(label=email.replace(":", " ")))


def grouped_key(key: str) -> str:
    """Return the secret in groups of four, to be typed where nothing can be scanned."""
    return str(authenticator(key).pretty_key(sep=" "))


def authenticator(key: str) -> TOTP:
    """Return what makes the codes of a secret: SHA-1, 6 digits, 30 s, which is what every app understands."""
    return TOTP(key, format="base32", alg="sha1", digits=DIGITS, period=int(STEP.total_seconds()), issuer=ISSUER)


def qr_drawing(text: str) -> Drawing:
    """Return the QR code of a text, dark modules as squares of one unit."""
    from qrcode import QRCode

    code = QRCode(border=4)
    code.add_data(text)
    modules = code.get_matrix()
    dark = (f"M{x} {y}h1v1h-1z" for y, row in enumerate(modules) for x, is_dark in enumerate(row) if is_dark)
    return Drawing(len(modules), "".join(dark))


def grouped_recovery_code(code: str) -> str:
    """Return a recovery code in groups of five, as it is shown."""
    return " ".join(code[start : start + RECOVERY_GROUP] for start in range(0, len(code), RECOVERY_GROUP))
