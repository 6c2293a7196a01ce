"""What moved a health score from one computation to another: each point of the change stands in one part."""

from collections.abc import Container, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

import numpy as np

from app.health.rules.scorecard import Measure, Scorecard
from app.health.rules.scores import Column, score_accounts

NOTHING = 1e-6
"""Below this a part is the noise of sums."""
_ONE_SEAT = np.ones(1)


class Kind(StrEnum):
    """What a part of a change is."""

    MEASURE = "measure"
    MISSING = "missing"
    RETURNED = "returned"
    NEW = "new"
    WEIGHTS = "weights"
    SCORECARD = "scorecard"
    REST = "rest"


class Line(NamedTuple):
    """What one measure gave: its value (after `per`), its points (0–100) and its share of 1."""

    value: float
    points: float
    share: float

    @property
    def given(self) -> float:
        """The points of the score that come from it."""
        return self.points * self.share


@dataclass(frozen=True)
class Standing:
    """The health of one account in one computation; `lines` are those of the measures that had a value.

    Where a rule capped the colour, `calculated_band` is what it was before and `capped_by` what is stored of the rule.
    """

    computation_id: int
    as_of: date
    version_id: int
    score: float | None
    band: str | None
    lines: Mapping[str, Line]
    calculated_band: str | None = None
    capped_by: Mapping[str, str] | None = None


@dataclass(frozen=True)
class Part:
    """One part of a change, in points of the score; values where a measure had them."""

    kind: Kind
    key: str
    moved: float
    before: float | None = None
    after: float | None = None


@dataclass(frozen=True)
class Change:
    """A change and its parts, the largest first; `moved` is None where one of the two scores is.

    `is_carried` is False where the scorecard changed so much that no old value fits the new one.
    """

    before: Standing
    after: Standing
    moved: float | None
    parts: tuple[Part, ...]
    is_carried: bool = True

    @property
    def is_other_scorecard(self) -> bool:
        """Whether the two were computed by different versions."""
        return self.before.version_id != self.after.version_id

    @property
    def is_other_band(self) -> bool:
        """Whether the colour changed."""
        return self.before.band != self.after.band


def change_between(before: Standing, after: Standing, scorecards: Mapping[int, Scorecard]) -> Change:
    """Return what moved a score; the parts sum to the change.

    With P points, w shares (they sum to 1) and S = Σ P·w, and 0 and 1 for before and after:

    - a measure with a value in both: (P1 − P0) · (w0 + w1)/2, which is (P1 − P0) · w where its share stayed;
    - one without a value any more: w0 · (R − P0); one with a value again: w1 · (P1 − R). R is the mean of the points of
      the measures that took the weight over, or gave it, each counted by how much of it;
    - what is left where shares moved without a measure going or coming, as older data weigh less: the weights;
    - another version: first the old values are scored by the new one, and what that moves is the scorecard's; then as
      above, from there. Values are carried where a measure still measures the same; others are new in the version.
    """
    if before.score is None or after.score is None:
        return Change(before, after, None, ())
    moved = after.score - before.score
    start, parts, is_new = before.lines, [], False
    if before.version_id != after.version_id:
        start = carried(before, scorecards[before.version_id], scorecards[after.version_id])
        is_new = True
        if not start:
            whole = Part(Kind.SCORECARD, "", moved)
            return Change(before, after, moved, (whole,), is_carried=False)
        parts.append(Part(Kind.SCORECARD, "", _sum(start) - before.score))
    parts += _parts(start, after.lines, is_new=is_new, known=before.lines.keys())
    parts.append(Part(Kind.REST, "", moved - sum(part.moved for part in parts)))
    told = sorted((part for part in parts if abs(part.moved) > NOTHING), key=lambda part: -abs(part.moved))
    return Change(before, after, moved, tuple(told))


def carried(before: Standing, old: Scorecard, new: Scorecard) -> dict[str, Line]:
    """Return what the values of a standing are worth by another version; others are missing.

    A value is carried where the measure of that key is read from the same metric, in the same way.
    """
    known = {measure.key: measure for measure in old.measures}
    values = [
        before.lines[each.key].value
        if each.key in before.lines and each.key in known and _reads_alike(known[each.key], each)
        else np.nan
        for each in new.measures
    ]
    return _scored(new, np.array([values], dtype=np.float64))


def _scored(scorecard: Scorecard, values: Column) -> dict[str, Line]:
    # The values are those after `per` already: by one seat they stay what they are.
    health = score_accounts(scorecard, values, _ONE_SEAT, [None])
    columns = (health.values[0], health.points[0], health.shares[0])
    return {
        measure.key: Line(float(value), float(points), float(share))
        for measure, value, points, share in zip(scorecard.measures, *columns, strict=True)
        if share > 0
    }


def _reads_alike(one: Measure, other: Measure) -> bool:
    return _reading(one) == _reading(other)


def _reading(measure: Measure) -> tuple[object, ...]:
    return measure.metric, measure.aggregate, measure.window_days, measure.per


def _sum(lines: Mapping[str, Line]) -> float:
    return sum(line.given for line in lines.values())


def _parts(before: Mapping[str, Line], after: Mapping[str, Line], *, is_new: bool, known: Container[str]) -> list[Part]:
    both = [key for key in before if key in after]
    gone = [key for key in before if key not in after]
    come = [key for key in after if key not in before]
    shifts = {key: after[key].share - before[key].share for key in both}
    middles = {key: (after[key].points + before[key].points) / 2 for key in both}
    reference = _reference(shifts, middles, has_moves=bool(gone or come), otherwise=(_sum(before) + _sum(after)) / 2)
    parts = [
        Part(
            Kind.MEASURE,
            key,
            (after[key].points - before[key].points) * (before[key].share + after[key].share) / 2,
            before[key].value,
            after[key].value,
        )
        for key in both
    ]
    parts += [
        Part(Kind.MISSING, key, before[key].share * (reference - before[key].points), before=before[key].value)
        for key in gone
    ]
    parts += [
        Part(
            Kind.NEW if is_new and key not in known else Kind.RETURNED,
            key,
            after[key].share * (after[key].points - reference),
            after=after[key].value,
        )
        for key in come
    ]
    parts.append(Part(Kind.WEIGHTS, "", sum(shifts[key] * (middles[key] - reference) for key in both)))
    return parts


def _reference(
    shifts: Mapping[str, float], middles: Mapping[str, float], *, has_moves: bool, otherwise: float
) -> float:
    """The mean of the points of those that took the weight; where some took and some gave, the middle of the scores."""
    if not has_moves or min(shifts.values(), default=0.0) * max(shifts.values(), default=0.0) < 0:
        return otherwise
    total = sum(shifts.values())
    if abs(total) <= NOTHING:
        return otherwise
    return sum(shifts[key] * middles[key] for key in shifts) / total
