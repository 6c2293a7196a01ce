"""What moved voice, health and gap of an account between two studies: every point of a move stands in one part.

The gap is voice minus health on the scale of voice, drawn towards the average gap, so that it moves with four things:
voice, health, how health is laid on the scale of voice, and how far the gap was drawn in.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from app.customer360.rules.bars import Z95
from app.health.rules.changes import Change, Line, Standing, change_between
from app.health.rules.scorecard import Measure, Scorecard
from app.scoring.rules.respondents import OUTSIDE_VOICE

_SAME_VERSION = 0
"""People and topics are no scorecard: the parts of their changes are those within one version."""


class Origin(StrEnum):
    """What a gap moves with."""

    VOICE = "voice"
    HEALTH = "health"
    SCALE = "scale"
    DRAWN = "drawn"


@dataclass(frozen=True)
class Said:
    """What one person said in a study: their voice and dimension scores, 0-100; None where they answered too little."""

    contact_id: int
    role: str
    voice: float | None
    dimensions: Mapping[str, float | None] = field(default_factory=dict)
    study_key: str = ""
    external_id: str = ""


@dataclass(frozen=True)
class Side:
    """An account as a study found it; scores 0-100, gaps in points, None where it cannot be said.

    `roles` are the weights of roles in the voice, `asked` the dimensions that the questionnaire asks about, `standing`
    the health that it was compared with, by telemetry alone.
    """

    study: str
    on: date
    questionnaire: str
    version_id: int
    voice: float
    voice_se: float | None = None
    health: float | None = None
    equated: float | None = None
    gap: float | None = None
    shrunken: float | None = None
    gap_se: float | None = None
    people: Sequence[Said] = ()
    roles: Mapping[str, float] = field(default_factory=dict)
    asked: frozenset[str] = frozenset()
    standing: Standing | None = None


@dataclass(frozen=True)
class Moved:
    """By how much something moved, and how far the 95 % interval of that reaches to each side; None: not known."""

    by: float
    within: float | None = None

    @property
    def exceeds(self) -> bool:
        """Whether the move is larger than chance gives: its interval leaves out 0."""
        return self.within is not None and abs(self.by) > self.within


@dataclass(frozen=True)
class GapPart:
    """What one thing moved a gap by, in points, and what it was before and after."""

    origin: Origin
    before: float
    after: float
    moved: float


@dataclass(frozen=True)
class GapChange:
    """All that moved between two studies; what cannot be told is None or empty."""

    before: Side
    after: Side
    voice: Moved
    gap: Moved | None
    parts: tuple[GapPart, ...]
    topics: Change
    people: Change
    health: Change | None


def gap_change(before: Side, after: Side, scorecards: Mapping[int, Scorecard]) -> GapChange:
    """Return what moved between two sides of one account; `scorecards` are the versions of their standings, by id.

    The interval of a move is 1.96 · √(SE₀² + SE₁²), as of two independent samples; where the same people answered both
    it is rather too wide than too narrow.
    """
    return GapChange(
        before,
        after,
        voice=moved(before.voice, before.voice_se, after.voice, after.voice_se),
        gap=_gap_moved(before, after),
        parts=gap_parts(before, after),
        topics=change_between(_by_topic(before), _by_topic(after), {}),
        people=change_between(_by_person(before), _by_person(after), {}),
        health=_health_change(before, after, scorecards),
    )


def moved(before: float, before_se: float | None, after: float, after_se: float | None) -> Moved:
    """Return a move of an estimate in points with the reach of its 95 % interval, from the two standard errors."""
    if before_se is None or after_se is None:
        return Moved(after - before)
    return Moved(after - before, Z95 * math.hypot(before_se, after_se))


def gap_parts(before: Side, after: Side) -> tuple[GapPart, ...]:
    """Return the four parts of a gap's move, which sum to it; nothing where either gap is not known.

    With V voice, h health, h* the same on the scale of voice and g = V − h*, the gap shown is ĝ = V − h − (h* − h) +
    (ĝ − g): each term moves it by its own difference, health and scale with the other sign.
    """
    if None in (before.shrunken, after.shrunken):
        return ()
    one, other = _terms(before), _terms(after)
    signs = {Origin.VOICE: 1, Origin.HEALTH: -1, Origin.SCALE: -1, Origin.DRAWN: 1}
    return tuple(
        GapPart(origin, one[origin], other[origin], sign * (other[origin] - one[origin]))
        for origin, sign in signs.items()
    )


def weights_of(side: Side) -> dict[int, float]:
    """Return each person's share of 1 in the voice: the weight of their role, divided among those who spoke for it.

    Roles that nobody spoke for give their weight to the others (methods c).
    """
    spoke = [each for each in side.people if each.voice is not None]
    numbers = Counter(each.role for each in spoke)
    total = sum(side.roles.get(role, 0.0) for role in numbers)
    if total <= 0:
        return {}
    return {each.contact_id: side.roles.get(each.role, 0.0) / total / numbers[each.role] for each in spoke}


def topics_of(side: Side) -> dict[str, Line]:
    """Return the mean of each topic of the voice and its share of 1: a person's topics count alike among themselves."""
    shares, given = dict[str, float](), dict[str, float]()
    weights = weights_of(side)
    for each in side.people:
        known = {key: value for key, value in each.dimensions.items() if value is not None and key not in OUTSIDE_VOICE}
        for key, value in known.items():
            part = weights.get(each.contact_id, 0.0) / len(known)
            shares[key] = shares.get(key, 0.0) + part
            given[key] = given.get(key, 0.0) + part * value
    return {key: _line(given[key] / share, share) for key, share in shares.items() if share > 0}


def by_telemetry(standing: Standing, score: float | None, scorecard: Scorecard) -> Standing:
    """Return a standing without what CSMs think, whose weight goes first to its group and then to the others.

    `score` is the one that was compared with voice.
    """
    measures = {measure.key: measure for measure in scorecard.measures}
    kept = {key: line for key, line in standing.lines.items() if key in measures and not measures[key].is_judgement}
    if len(kept) == len(standing.lines):
        return replace(standing, score=score)
    group = {key: _group(measures.get(key), scorecard) for key in standing.lines}
    whole, left = _totals(standing.lines, group), _totals(kept, group)
    shares = {key: line.share * whole[group[key]] / left[group[key]] for key, line in kept.items()}
    total = sum(shares.values()) or 1.0
    return replace(
        standing, score=score, lines={key: line._replace(share=shares[key] / total) for key, line in kept.items()}
    )


def rounded_parts(parts: Sequence[float], total: float, digits: int = 1) -> list[float]:
    """Return parts rounded so that they sum to the rounded total: what is over goes to where rounding took most."""
    step = 10.0**-digits
    rounded = [round(part / step) for part in parts]
    over = round(total / step) - sum(rounded)
    order = sorted(range(len(parts)), key=lambda i: -math.copysign(1, over) * (parts[i] / step - rounded[i]))
    for place in range(abs(over)):
        rounded[order[place % len(order)]] += int(math.copysign(1, over))
    return [round(each * step, digits) for each in rounded]


def _gap_moved(before: Side, after: Side) -> Moved | None:
    if before.shrunken is None or after.shrunken is None:
        return None
    return moved(before.shrunken, before.gap_se, after.shrunken, after.gap_se)


def _terms(side: Side) -> dict[Origin, float]:
    health, equated, gap, shrunken = (each or 0.0 for each in (side.health, side.equated, side.gap, side.shrunken))
    return {
        Origin.VOICE: side.voice,
        Origin.HEALTH: health,
        Origin.SCALE: equated - health,
        Origin.DRAWN: shrunken - gap,
    }


def _health_change(before: Side, after: Side, scorecards: Mapping[int, Scorecard]) -> Change | None:
    one, other = before.standing, after.standing
    if one is None or other is None or before.health is None or after.health is None:
        return None
    return change_between(
        by_telemetry(one, before.health, scorecards[one.version_id]),
        by_telemetry(other, after.health, scorecards[other.version_id]),
        scorecards,
    )


def _by_topic(side: Side) -> Standing:
    return _standing(side, topics_of(side))


def _by_person(side: Side) -> Standing:
    weights = weights_of(side)
    voices = {each.contact_id: each.voice for each in side.people}
    return _standing(side, {str(who): _line(voices[who] or 0.0, share) for who, share in weights.items() if share > 0})


def _standing(side: Side, lines: Mapping[str, Line]) -> Standing:
    return Standing(0, side.on, _SAME_VERSION, side.voice, None, lines)


def _line(score: float, share: float) -> Line:
    return Line(score, score, share)


def _group(measure: Measure | None, scorecard: Scorecard) -> str:
    return (measure.group or "") if measure is not None and scorecard.groups else ""


def _totals(lines: Mapping[str, Line], group: Mapping[str, str]) -> dict[str, float]:
    totals = dict[str, float]()
    for key, line in lines.items():
        totals[group[key]] = totals.get(group[key], 0.0) + line.share
    return totals
