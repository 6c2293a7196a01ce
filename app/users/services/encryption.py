"""Secrets that must be read again, at rest: encrypted under a key derived from the application's secret key."""

import base64
from datetime import timedelta

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32


def sealed(text: str, *, secret: str, purpose: str) -> str:
    """Return a text encrypted and signed for one purpose."""
    return fernet(secret, purpose).encrypt(text.encode()).decode("ascii")


def unsealed(token: str, *, secret: str, purpose: str, lasts: timedelta | None = None) -> str | None:
    """Return the text again, or None where it was changed, is older than it lasts, or key or purpose are others."""
    try:
        read = fernet(secret, purpose).decrypt(token.encode(errors="replace"), ttl=seconds(lasts))
    except InvalidToken:
        return None
    return read.decode()


def fernet(secret: str, purpose: str) -> Fernet:
    """Return the cipher of a purpose (HKDF, RFC 5869, 2010), so that what serves one purpose is noise for any other."""
    derived = HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=purpose.encode()).derive(secret.encode())
    return Fernet(base64.urlsafe_b64encode(derived))


def seconds(lasts: timedelta | None) -> int | None:
    """Return a span in whole seconds."""
    return None if lasts is None else int(lasts.total_seconds())
