"""What a promise and a conversation may be, and which outcomes keep or lose an account."""

from enum import StrEnum

LONGEST_PROMISE = 2_000
"""Characters of a promise: an interviewer reads it aloud."""


class Source(StrEnum):
    """Who made a promise."""

    MARKETING = "marketing"
    SALES = "sales"
    PRODUCT = "product"
    CUSTOMER_SUCCESS = "customer_success"


class Aspect(StrEnum):
    """Which kind of value was promised."""

    ECONOMIC = "economic"
    EMOTIONAL = "emotional"
    COMMUNITY = "community"


GONE = frozenset({"inactive", "churned"})
"""Statuses, in small letters, of accounts that are no customers any longer."""

KEPT = frozenset({"renewed", "expanded"})
"""Outcomes by which an account stayed with all that it pays."""

LOST = frozenset({"churned", "contracted"})
"""Outcomes by which an account, or a part of what it pays, was lost; `new` decides nothing."""


class Channel(StrEnum):
    """By which way a conversation was held."""

    CALL = "call"
    MEETING = "meeting"
    MAIL = "mail"
    SUPPORT = "support"
    SOCIAL = "social"
    EVENT = "event"


class Starter(StrEnum):
    """Who began a conversation."""

    US = "us"
    THEM = "them"


CLOSED_STAGES = ("won", "lost", "cancelled", "canceled", "abandoned")
"""The stages of a deal that is over, in small letters; so is every stage that begins with “closed”."""
