"""Where rings, dots and lines stand: ring is health, dot is voice, the line between is the gap."""

from dataclasses import dataclass

from app.core.display import NBSP, number

LARGE = 15
"""Points from which on a gap is coloured."""

Z95 = 1.96
"""Standard errors to each side of an estimate that its 95 % interval reaches."""

_START, _POINT = 5.0, 0.9


@dataclass(frozen=True)
class GapBar:
    """Ring and dot on a line from 0 to 100, as shares of its width; None where a score is missing."""

    ring: str | None
    dot: str | None
    colour: str
    label: str
    health: str
    voice: str
    is_dot_left: bool


@dataclass(frozen=True)
class VoiceBar:
    """A dot on a line from 0 to 100 with its interval, as shares of its width; no interval, no pale bar."""

    dot: str
    low: str | None
    high: str | None


def gap_bar(health: float | None, voice: float | None, gap: float | None) -> GapBar:
    """The bar of two scores 0-100; it is coloured where the gap, in points, is large."""
    return GapBar(
        ring=_place(health),
        dot=_place(voice),
        colour=colour_of(gap) if None not in (health, voice) else "rest",
        label=f"Health {_or_missing(health)}, voice {_or_missing(voice)}",
        health=number(health),
        voice=number(voice),
        is_dot_left=health is None or voice is None or voice <= health,
    )


def voice_bar(voice: float | None, se: float | None) -> VoiceBar | None:
    """The bar of a voice with its standard error, both in points; the interval is clipped to the scale."""
    dot = _place(voice)
    if voice is None or dot is None:
        return None
    if se is None:
        return VoiceBar(dot, None, None)
    return VoiceBar(dot, _place(max(0.0, voice - Z95 * se)), _place(min(100.0, voice + Z95 * se)))


def colour_of(gap: float | None) -> str:
    """The colour of a gap in points: risk or strength where it is large, else rest."""
    if gap is None or abs(gap) < LARGE:
        return "rest"
    return "risk" if gap < 0 else "strength"


def interval(value: float | None, se: float | None) -> str:
    """The 95 % interval of a score 0-100, clipped to the scale; empty where it has none."""
    if value is None or se is None:
        return ""
    return f"{number(max(0.0, value - Z95 * se))} to{NBSP}{number(min(100.0, value + Z95 * se))}"


def _place(score: float | None) -> str | None:
    return None if score is None else f"{_START + _POINT * min(100.0, max(0.0, score)):.1f}%"


def _or_missing(score: float | None) -> str:
    return "missing" if score is None else number(score)
