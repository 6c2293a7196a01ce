"""What a scorecard is: measures with points and weights, bands, read from and written to one plain document."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise
from typing import Any

from app.core.documents import FieldError, Fields, first_doubled, shown

LARGEST_X = 1e15
MOST_MEASURES = 200
MOST_POINTS = 200
MOST_STAGES = 200

_SCORECARD_FIELDS = {"key", "name", "measures", "bands", "lifecycle"}
_MEASURE_FIELDS = {
    "key", "name", "metric", "aggregate", "window_days", "per", "points", "weight", "group", "tier",
}  # fmt: skip
_VOICE_PREFIXES = ("nps.", "survey.", "csm.")


class Aggregate(StrEnum):
    """How the rows of the window become one value; a slope is per 30 days."""

    LAST = "last"
    SUM = "sum"
    MEAN = "mean"
    SLOPE = "slope"


class Per(StrEnum):
    """What a value is divided by."""

    SEATS = "seats"


class Tier(StrEnum):
    """How much a measure counts: a secondary one half."""

    PRIMARY = "primary"
    SECONDARY = "secondary"


class CaseMetric(StrEnum):
    """The built-in metrics, which are computed from support cases instead of telemetry."""

    OPEN = "cases.open"
    OPENED = "cases.opened"
    DAYS_TO_CLOSE = "cases.days_to_close"
    CSAT = "cases.csat"


CASE_COUNTS = (CaseMetric.OPEN, CaseMetric.OPENED)


@dataclass(frozen=True)
class Measure:
    """One measure: where its value comes from, and how many points (0–100) a value is worth."""

    key: str
    name: str
    metric: str
    points: tuple[tuple[float, float], ...]
    weight: float
    aggregate: Aggregate = Aggregate.LAST
    window_days: int = 90
    per: Per | None = None
    group: str | None = None
    tier: Tier = Tier.PRIMARY

    @property
    def effective_weight(self) -> float:
        """The weight with which the measure enters the score."""
        return self.weight / 2 if self.tier is Tier.SECONDARY else self.weight

    @property
    def is_voice(self) -> bool:
        """Whether the metric is the customer's (or the CSM's) word rather than behaviour."""
        metric = self.metric.casefold()
        return metric == CaseMetric.CSAT or metric.startswith(_VOICE_PREFIXES)


@dataclass(frozen=True)
class Bands:
    """The cuts of a score; a band includes its lower end, and what lies below amber is red."""

    amber_from: float = 50.0
    green_from: float = 75.0


@dataclass(frozen=True)
class Scorecard:
    """A scorecard; `lifecycle` maps a lifecycle stage (casefolded) to the bands that hold for its accounts."""

    key: str
    name: str
    measures: tuple[Measure, ...]
    bands: Bands = Bands()
    lifecycle: Mapping[str, Bands] = field(default_factory=dict)

    @property
    def is_circular(self) -> bool:
        """Whether a measure is voice, so that comparing this health with voice compares voice with itself."""
        return any(measure.is_voice for measure in self.measures)


def parse_scorecard(document: Mapping[str, Any]) -> Scorecard:
    """The scorecard that a document describes; FieldError (a ValueError) with a sentence naming the measure at fault.

    Required are `key` and at least one measure, in a measure `key`, `metric`, `points` and `weight`.
    """
    fields = Fields(document, "The scorecard")
    fields.only(_SCORECARD_FIELDS)
    key = fields.key("key")
    entries = fields.entries("measures", most=MOST_MEASURES)
    if not entries:
        raise fields.refuse("measures", "is empty; a scorecard needs at least one measure.")
    measures = tuple(_measure(entry, position) for position, entry in enumerate(entries, start=1))
    if doubled := first_doubled(measure.key for measure in measures):
        raise FieldError(f"Measure {shown(doubled)} stands there twice; give each measure its own key.", "measures")
    return Scorecard(
        key=key,
        name=fields.text("name", default=key),
        measures=measures,
        bands=_bands(fields.inner("bands", "The scorecard's bands")),
        lifecycle=_lifecycle(fields),
    )


def to_document(scorecard: Scorecard) -> dict[str, Any]:
    """The plain document of a scorecard with every default filled in; `parse_scorecard` reads it back."""
    return {
        "key": scorecard.key,
        "name": scorecard.name,
        "measures": [_measure_document(measure) for measure in scorecard.measures],
        "bands": dict(vars(scorecard.bands)),
        "lifecycle": {stage: {"bands": dict(vars(bands))} for stage, bands in scorecard.lifecycle.items()},
    }


def _measure(entry: Any, position: int) -> Measure:
    key = Fields(entry, f"Measure {position}").key("key")
    fields = Fields(entry, f"Measure {shown(key)}")
    fields.only(_MEASURE_FIELDS)
    measure = Measure(
        key=key,
        name=fields.text("name", default=key),
        metric=fields.text("metric", longest=120),
        points=_points(fields),
        weight=_weight(fields),
        aggregate=fields.choice("aggregate", Aggregate, default=Aggregate.LAST),
        window_days=fields.whole("window_days", least=1, most=36_500, default=90),
        per=fields.choice("per", Per) if fields.has("per") else None,
        group=fields.text("group") if fields.has("group") else None,
        tier=fields.choice("tier", Tier, default=Tier.PRIMARY),
    )
    _check_case_metric(measure, fields)
    return measure


def _check_case_metric(measure: Measure, fields: Fields) -> None:
    if measure.metric.startswith("cases.") and measure.metric not in list(CaseMetric):
        raise fields.refuse("metric", f"is {shown(measure.metric)}; of cases there are: {', '.join(CaseMetric)}.")
    if measure.metric in CASE_COUNTS and measure.aggregate not in (Aggregate.LAST, Aggregate.SUM):
        raise fields.refuse("aggregate", f"must be left out: {measure.metric} is a count already.")


def _weight(fields: Fields) -> float:
    weight = fields.number("weight")
    if not 0 < weight <= LARGEST_X:
        raise fields.refuse("weight", "must be above 0 (and no astronomical number).")
    return weight


def _points(fields: Fields) -> tuple[tuple[float, float], ...]:
    entries = fields.entries("points", most=MOST_POINTS)
    if not entries:
        raise fields.refuse("points", "is empty or missing; give at least one pair [value, points].")
    if any(not isinstance(pair, list) or len(pair) != 2 for pair in entries):
        raise fields.refuse("points", "must be a list of pairs [value, points].")
    points = tuple((fields.as_number("points", x), fields.as_number("points", y)) for x, y in entries)
    if any(abs(x) > LARGEST_X for x, _ in points):
        raise fields.refuse("points", "must have values of at most 10¹⁵.")
    if any(not 0 <= y <= 100 for _, y in points):
        raise fields.refuse("points", "must be worth 0 to 100 points each.")
    if any(x >= following for (x, _), (following, _) in pairwise(points)):
        raise fields.refuse("points", "must have rising values.")
    return points


def _bands(fields: Fields) -> Bands:
    fields.only({"amber_from", "green_from"})
    if not fields.entry:
        return Bands()
    bands = Bands(fields.number("amber_from"), fields.number("green_from"))
    if not 0 <= bands.amber_from < bands.green_from <= 100:
        raise fields.refuse("amber_from", "must lie below “green_from”, both within 0 to 100.")
    return bands


def _lifecycle(fields: Fields) -> dict[str, Bands]:
    stages = fields.inner("lifecycle", "The scorecard's lifecycle")
    names = [str(stage).strip().casefold() for stage in stages.entry]
    if len(names) > MOST_STAGES or any(not name or len(name) > 200 for name in names):
        raise fields.refuse("lifecycle", f"takes at most {MOST_STAGES} stages with names of 1 to 200 characters.")
    if doubled := first_doubled(names):
        raise fields.refuse("lifecycle", f"names the stage {shown(doubled)} twice.")
    return {name: _stage_bands(stages, stage) for name, stage in zip(names, stages.entry, strict=True)}


def _stage_bands(stages: Fields, stage: str) -> Bands:
    inner = Fields(stages.entry[stage], f"Lifecycle stage {shown(stage)}")
    inner.only({"bands"})
    inner.need("bands")
    return _bands(inner.inner("bands", f"The bands of lifecycle stage {shown(stage)}"))


def _measure_document(measure: Measure) -> dict[str, Any]:
    return {
        "key": measure.key,
        "name": measure.name,
        "metric": measure.metric,
        "aggregate": str(measure.aggregate),
        "window_days": measure.window_days,
        "per": None if measure.per is None else str(measure.per),
        "points": [list(point) for point in measure.points],
        "weight": measure.weight,
        "group": measure.group,
        "tier": str(measure.tier),
    }
