"""What a promise to a customer may be: who made it, and which kind of value it is about."""

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
