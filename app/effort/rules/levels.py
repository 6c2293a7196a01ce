"""How much is much: levels of effort, and the scale of complexity."""

from enum import StrEnum

from app.core.display import MISSING, NBSP, figure

WHOLE_WEEK = 1_000
"""A whole working week in tenths of a percent."""
PROBABLY_FROM, HIGH_FROM, EXTREME_FROM = 50, 100, 200
HARD_FROM, SIMPLE_TO = 4, 2


class Level(StrEnum):
    """How demanding an account is, by the share of a working week that it takes."""

    USUAL = "usual"
    PROBABLY_HIGH = "probably_high"
    HIGH = "high"
    EXTREMELY_HIGH = "extremely_high"


LEVEL_WORDS = {
    Level.USUAL: "usual",
    Level.PROBABLY_HIGH: "probably high",
    Level.HIGH: "high",
    Level.EXTREMELY_HIGH: "extremely high",
}


class Complexity(StrEnum):
    """How hard the outcomes that a customer desires are to reach; N/A is no point of the scale."""

    ONE = "1"
    TWO = "2"
    THREE = "3"
    FOUR = "4"
    FIVE = "5"
    NOT_AGREED = "na"


COMPLEXITY_WORDS = {
    Complexity.ONE: "1, very simple",
    Complexity.TWO: "2",
    Complexity.THREE: "3",
    Complexity.FOUR: "4",
    Complexity.FIVE: "5, very hard",
    Complexity.NOT_AGREED: "N/A, outcomes not agreed",
}


def level_of(permille: int | None) -> Level | None:
    """The level of a share in tenths of a percent: from 5 % probably high, from 10 % high, from 20 % extremely high.

    None where nothing is said, which is not the same as no effort.
    """
    if permille is None:
        return None
    if permille >= EXTREME_FROM:
        return Level.EXTREMELY_HIGH
    if permille >= HIGH_FROM:
        return Level.HIGH
    return Level.PROBABLY_HIGH if permille >= PROBABLY_FROM else Level.USUAL


def points_of(complexity: str | None) -> int | None:
    """The place on the scale from 1 to 5; None for N/A and where nothing is said, so that neither is averaged."""
    return None if complexity in {None, Complexity.NOT_AGREED} else int(str(complexity))


def share_words(permille: float | None) -> str:
    """A share of the week as text, `7.5 %`; a dash where nothing is said."""
    return MISSING if permille is None else f"{figure(permille / 10)}{NBSP}%"


def complexity_words(complexity: str | None) -> str:
    """A complexity as a table shows it; a dash where nothing is said."""
    if complexity is None:
        return MISSING
    return "N/A" if complexity == Complexity.NOT_AGREED else complexity
