"""How long a sign-in lasts, how often it may be tried, and where it may lead."""

import hashlib
import hmac
import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network

IDLE = timedelta(minutes=60)
LONGEST = timedelta(hours=12)
SEEN_EVERY = timedelta(minutes=1)
PENDING = timedelta(minutes=5)

WINDOW = timedelta(minutes=15)
PER_ACCOUNT_AND_ADDRESS = 10
PER_ADDRESS = 100
"""Wide, because an office shares an address; it stops one machine from trying one password on every account."""
CODES_PER_ACCOUNT = 100
"""Six digits are few: many machines together may not try them all. Only who knows the password can use this up."""

HOME = "/"
LOCAL = re.compile(r"/(?![/\\])[!-\[\]-~]{0,1999}")


def is_live(created_at: datetime, seen_at: datetime, now: datetime) -> bool:
    """Tell whether a sign-in still holds: used within the idle time, and not older than the longest."""
    return now - seen_at < IDLE and now - created_at < LONGEST


def is_pending(created_at: datetime, now: datetime) -> bool:
    """Tell whether a right password may still wait for its code."""
    return now - created_at < PENDING


def is_due(seen_at: datetime, now: datetime) -> bool:
    """Tell whether it is time to write down again that the person was seen."""
    return now - seen_at >= SEEN_EVERY


def free_again_at(attempts: Sequence[datetime], limit: int) -> datetime | None:
    """Return when the next attempt is allowed, or None where it is allowed now.

    `attempts` are those of the last `WINDOW`, the present one included, in any order. With more than `limit`, the
    present one waits until enough of the old ones have left the window.
    """
    if len(attempts) <= limit:
        return None
    return sorted(attempts)[len(attempts) - limit - 1] + WINDOW


def limits_of(email: str, address: str, secret: str) -> dict[str, int]:
    """Return what an attempt is counted against: account and address together, and the address alone, each keyed.

    Together, so that someone who guesses from elsewhere cannot lock the owner out.
    """
    place = neighbourhood(address)
    return {
        keyed(secret, email.strip().casefold(), place): PER_ACCOUNT_AND_ADDRESS,
        keyed(secret, place): PER_ADDRESS,
    }


def code_limits_of(email: str, address: str, secret: str) -> dict[str, int]:
    """Return what a code is counted against: all that a password is, and the account wherever it is tried from."""
    everywhere = keyed(secret, "code", email.strip().casefold())
    return {**limits_of(email, address, secret), everywhere: CODES_PER_ACCOUNT}


def neighbourhood(address: str) -> str:
    """Return what counts as one address: an IPv4 address, or an IPv6 /64, of which one machine has every address."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    return str(parsed) if parsed.version == 4 else str(ip_network((parsed, 64), strict=False))


def keyed(secret: str, *parts: str) -> str:
    """Return the keyed hash of what is counted, so that the table names nobody."""
    return hmac.new(secret.encode(), "\0".join(parts).encode(errors="replace"), hashlib.sha256).hexdigest()


def token_sha256(token: str) -> str:
    """Return how a token is kept at rest; 256 random bits need no salt."""
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()


def local_address(wanted: str | None) -> str:
    r"""Return an address within this site: the wanted one, or the start where it could lead anywhere else.

    Only printable ASCII that begins with one slash is taken: `//host`, `/\\host`, schemes, spaces, control
    characters and backslashes (which browsers read as slashes) are not.
    """
    return wanted if wanted and LOCAL.fullmatch(wanted) else HOME
