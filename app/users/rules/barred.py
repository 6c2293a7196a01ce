"""Why somebody who has a login may read nothing."""

from enum import StrEnum


class Barred(StrEnum):
    """Why, in words for who reads what became of a mail."""

    GONE = "This login is not active any more."
    NO_FACTOR = "A second factor has to be set up first."
