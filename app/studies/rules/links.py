"""Links: how their tokens come about, how long they hold, and what they look like."""

import base64
import hashlib
import hmac
import re
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

_KEY_OF_LINKS = b"parallax links"
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


OPEN = "open"
"""What an open link is for, in its token alone: it has a table, and an address, of its own."""
DELIVERY = "delivery"
"""What the link that stops reports by mail is for, in its token alone."""

ALERTS = "health alerts"
"""What the link that stops health alerts is for, in its token alone."""
PAGES = "pages of accounts"
"""What the link that ends the page of an account by mail is for, in its token alone."""


class Purpose(StrEnum):
    """What a link is for; a token of one purpose opens nothing of another."""

    SURVEY = "survey"
    UNSUBSCRIBE = "unsubscribe"


def link_token(secret: str, *, purpose: str, respondent_id: int, nonce: str) -> str:
    """The token of a link: base64url of HMAC-SHA-256 over purpose, respondent and nonce, 43 characters.

    The HMAC's key is itself derived from the secret key, so that no other use of that key can ever yield a token.
    """
    return _token(secret, f"{purpose}|{respondent_id}|{nonce}")


def open_token(secret: str, *, study_id: int, stratum: str, nonce: str) -> str:
    """The token of the open link of a stratum, made as `link_token` is; no personal link can have it."""
    return _token(secret, f"{OPEN}|{study_id}|{nonce}|{stratum}")


def stop_token(secret: str, *, subscription_id: int, nonce: str) -> str:
    """The token of the link that stops the delivery of a report to a colleague, made as `link_token` is."""
    return _token(secret, f"{DELIVERY}|{subscription_id}|{nonce}")


def alerts_token(secret: str, *, mail_id: int, nonce: str) -> str:
    """The token of the link in a mail that stops all health alerts to its reader, made as `link_token` is."""
    return _token(secret, f"{ALERTS}|{mail_id}|{nonce}")


def page_token(secret: str, *, subscription_id: int, nonce: str) -> str:
    """The token of the link that ends the page of an account by mail to its reader, made as `link_token` is."""
    return _token(secret, f"{PAGES}|{subscription_id}|{nonce}")


def _token(secret: str, facts: str) -> str:
    key = hmac.digest(secret.encode(), _KEY_OF_LINKS, hashlib.sha256)
    return base64.urlsafe_b64encode(hmac.digest(key, facts.encode(), hashlib.sha256)).rstrip(b"=").decode()


def is_token(text: str) -> bool:
    """Whether a text has the shape of a token; what has not need not be looked up."""
    return _TOKEN.fullmatch(text) is not None


def link_expiry(closes_on: date) -> datetime:
    """The instant at which a study's links end: the first (UTC) after its last day."""
    return datetime.combine(closes_on + timedelta(days=1), time(), UTC)


NEVER = datetime(9999, 12, 31, tzinfo=UTC)
"""When a link to unsubscribe ends: a mail may be found years later, and must still let its reader go."""


def survey_address(base_url: str, token: str) -> str:
    """The address under which a respondent finds their survey."""
    return f"{base_url}/s/{token}"


def open_address(base_url: str, token: str) -> str:
    """The address under which everybody of a stratum finds an anonymous survey."""
    return f"{base_url}/a/{token}"


def unsubscribe_address(base_url: str, token: str) -> str:
    """The address under which a respondent says that they want no more mails."""
    return f"{base_url}/u/{token}"


def stop_address(base_url: str, subscription_id: int, token: str) -> str:
    """The address under which a colleague says that they want a report by mail no more."""
    return f"{base_url}/d/{subscription_id}/{token}"


def alerts_address(base_url: str, mail_id: int, token: str) -> str:
    """The address under which a colleague says that they want no health alerts any more."""
    return f"{base_url}/h/{mail_id}/{token}"


def page_address(base_url: str, subscription_id: int, token: str) -> str:
    """The address under which a colleague says that they want the page of an account by mail no more."""
    return f"{base_url}/p/{subscription_id}/{token}"
