"""What a scorecard is: measures with points and weights, bands, read from and written to one plain document."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise
from typing import Any

from app.core.documents import FieldError, Fields, first_doubled, shown
from app.health.rules.bands import Bands, lifecycle_document, read_bands, read_lifecycle
from app.health.rules.groups import Exemption, Group, check_membership, read_exceptions, read_groups

__all__ = [
    "CASE_COUNTS",
    "AccountMetric",
    "Aggregate",
    "Bands",
    "CaseMetric",
    "Exemption",
    "Group",
    "Measure",
    "Per",
    "Scorecard",
    "Tier",
    "parse_scorecard",
    "to_document",
]

LARGEST_X = 1e15
LONGEST_DAYS = 36_500
MOST_MEASURES = 200
MOST_POINTS = 200

_SCORECARD_FIELDS = {"key", "name", "measures", "bands", "lifecycle", "groups", "exceptions", "template"}
_MEASURE_FIELDS = {
    "key", "name", "metric", "aggregate", "window_days", "per", "points", "weight", "group", "tier", "half_life_days",
}  # fmt: skip
_VOICE_PREFIXES = ("nps.", "survey.", "csm.")
_JUDGEMENT_PREFIX = "csm."


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


class AccountMetric(StrEnum):
    """The built-in metrics of what the account pays, costs and is about to buy.

    Margin and pipeline share are those of its present figures; new opportunities are counted within the window.
    """

    MARGIN = "account.margin"
    PIPELINE_SHARE = "account.pipeline_share"
    NEW_OPPORTUNITIES = "account.new_opportunities"


COUNTS = (*CASE_COUNTS, AccountMetric.NEW_OPPORTUNITIES)
PRESENT_FIGURES = (AccountMetric.MARGIN, AccountMetric.PIPELINE_SHARE)


@dataclass(frozen=True)
class Measure:
    """One measure: where its value comes from, and how many points (0–100) a value is worth.

    With `half_life_days` its weight halves for each such time since its last row in the window.
    """

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
    half_life_days: int | None = None

    @property
    def effective_weight(self) -> float:
        """The weight with which the measure enters the score."""
        return self.weight / 2 if self.tier is Tier.SECONDARY else self.weight

    @property
    def is_of_account(self) -> bool:
        """Whether the metric is computed from the account's own figures."""
        return self.metric in list(AccountMetric)

    @property
    def is_voice(self) -> bool:
        """Whether the metric is the customer's (or the CSM's) word rather than behaviour."""
        metric = self.metric.casefold()
        return metric == CaseMetric.CSAT or metric.startswith(_VOICE_PREFIXES)

    @property
    def is_judgement(self) -> bool:
        """Whether the metric is what a CSM thinks: it stays out of the score that voice is compared with."""
        return is_judgement(self.metric)


@dataclass(frozen=True)
class Scorecard:
    """A scorecard; `lifecycle` maps a lifecycle stage (casefolded) to the bands that hold for its accounts.

    Where there are `groups`, each measure is in one of them. `template` is what it was begun from.
    """

    key: str
    name: str
    measures: tuple[Measure, ...]
    bands: Bands = field(default_factory=Bands)
    lifecycle: Mapping[str, Bands] = field(default_factory=dict)
    groups: tuple[Group, ...] = ()
    exceptions: tuple[Exemption, ...] = ()
    template: str | None = None

    @property
    def is_circular(self) -> bool:
        """Whether a measure is voice, so that comparing this health with voice compares voice with itself."""
        return any(measure.is_voice for measure in self.measures)

    @property
    def has_judgement(self) -> bool:
        """Whether a measure is what a CSM thinks, so that the score of telemetry alone is another."""
        return any(measure.is_judgement for measure in self.measures)


def is_judgement(metric: str) -> bool:
    """Whether a metric is what a CSM thinks."""
    return metric.casefold().startswith(_JUDGEMENT_PREFIX)


def weighs_judgement(definition: Mapping[str, Any]) -> bool:
    """Whether a stored definition of a scorecard has a measure that is what CSMs think."""
    return any(is_judgement(measure["metric"]) for measure in definition["measures"])


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
    of_measures = {measure.key: measure.group for measure in measures}
    groups = read_groups(fields)
    check_membership(groups, of_measures)
    return Scorecard(
        key=key,
        name=fields.text("name", default=key),
        measures=measures,
        bands=read_bands(fields.inner("bands", "The scorecard's bands")),
        lifecycle=read_lifecycle(fields),
        groups=groups,
        exceptions=read_exceptions(fields, of_measures),
        template=fields.key("template") if fields.has("template") else None,
    )


def to_document(scorecard: Scorecard) -> dict[str, Any]:
    """The plain document of a scorecard with every default filled in; `parse_scorecard` reads it back.

    Left out are the fields of later days that say nothing: what was published before them keeps its hash.
    """
    later = {
        "groups": [dict(vars(group)) for group in scorecard.groups],
        "exceptions": [exception.document() for exception in scorecard.exceptions],
        "template": scorecard.template,
    }
    return {
        "key": scorecard.key,
        "name": scorecard.name,
        "measures": [_measure_document(measure) for measure in scorecard.measures],
        "bands": dict(vars(scorecard.bands)),
        "lifecycle": lifecycle_document(scorecard.lifecycle),
        **{name: value for name, value in later.items() if value},
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
        window_days=fields.whole("window_days", least=1, most=LONGEST_DAYS, default=90),
        per=fields.choice("per", Per) if fields.has("per") else None,
        group=fields.text("group") if fields.has("group") else None,
        tier=fields.choice("tier", Tier, default=Tier.PRIMARY),
        half_life_days=_half_life(fields),
    )
    _check_built_in(measure, fields)
    return measure


def _half_life(fields: Fields) -> int | None:
    return fields.whole("half_life_days", least=1, most=LONGEST_DAYS) if fields.has("half_life_days") else None


def _check_built_in(measure: Measure, fields: Fields) -> None:
    if measure.metric.startswith("cases.") and measure.metric not in list(CaseMetric):
        raise fields.refuse("metric", f"is {shown(measure.metric)}; of cases there are: {', '.join(CaseMetric)}.")
    if measure.metric.startswith("account.") and measure.metric not in list(AccountMetric):
        raise fields.refuse("metric", f"is {shown(measure.metric)}; of accounts there are: {', '.join(AccountMetric)}.")
    if measure.metric in COUNTS and measure.aggregate not in (Aggregate.LAST, Aggregate.SUM):
        raise fields.refuse("aggregate", f"must be left out: {measure.metric} is a count already.")
    if measure.metric in PRESENT_FIGURES and measure.aggregate is not Aggregate.LAST:
        raise fields.refuse("aggregate", f"must be left out: {measure.metric} is one figure, the present one.")
    if measure.half_life_days is not None and measure.metric in (*CASE_COUNTS, *AccountMetric):
        raise fields.refuse("half_life_days", f"must be left out: {measure.metric} is known each day and never stale.")


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
        **({"half_life_days": measure.half_life_days} if measure.half_life_days is not None else {}),
    }
