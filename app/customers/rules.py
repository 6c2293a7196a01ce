"""What a promise to a customer may be, and a conversation: who made or began it, and which kind it is."""

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
