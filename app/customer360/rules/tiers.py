"""How sure a gap is, as a chip."""

from dataclasses import dataclass

from app.core.words import label

_DOTS = {"confirmed": "●●●", "probable": "●●○", "watch": "●○○"}


@dataclass(frozen=True)
class Tier:
    """The letter of the chip's style, its dots and its word."""

    style: str
    dots: str
    word: str


def is_low(p_low: float | None, p_high: float | None) -> bool:
    """Whether the likelier direction of a gap is that the voice lies below health."""
    return (p_low or 0.0) >= (p_high or 0.0)


def tier_chip(tier: str | None, *, p_low: float | None, p_high: float | None) -> Tier | None:
    """The chip of a flag; teal where the voice lies above health, none without a flag."""
    if tier not in _DOTS:
        return None
    return Tier(tier[0] if is_low(p_low, p_high) else "s", _DOTS[tier], label(tier))
