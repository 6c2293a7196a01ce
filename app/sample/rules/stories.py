"""What is really going on at a sample account: the archetypes, and the stories by which they come about."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Archetype(StrEnum):
    """How voice and telemetry stand to each other."""

    ALIGNED = "aligned"
    HIDDEN_RISK = "hidden_risk"
    HIDDEN_STRENGTH = "hidden_strength"
    SILENT = "silent"


class Story(StrEnum):
    """Why an account looks and sounds as it does."""

    PROMISE_UNKEPT = "promise_unkept"
    SPONSOR_LEFT = "sponsor_left"
    LOCKED_IN = "locked_in"
    FORCED_USE = "forced_use"
    ROUGH_EDGES = "rough_edges"
    SEASONAL = "seasonal"
    API_ONLY = "api_only"
    SMALL_TEAM = "small_team"
    THRIVING = "thriving"
    STEADY = "steady"
    DRIFTING = "drifting"
    SILENT = "silent"


@dataclass(frozen=True)
class Shape:
    """A story in figures: points added to the account's voice by topic, and to its health by kind of telemetry."""

    archetype: Archetype
    shifts: Mapping[str, float] = field(default_factory=dict)
    industries: tuple[str, ...] = ()
    use: float = 0.0
    service: float = 0.0


SHAPES: dict[Story, Shape] = {
    Story.PROMISE_UNKEPT: Shape(
        Archetype.HIDDEN_RISK, {"promised": 14, "delivered": -14, "product_sentiment": 12, "company": -10, "support": 8}
    ),
    Story.SPONSOR_LEFT: Shape(
        Archetype.HIDDEN_RISK,
        {"stakeholder_reach": -14, "situational_risk": -18, "renewal_intent": -6, "product_quality": 14, "support": 6},
    ),
    Story.LOCKED_IN: Shape(
        Archetype.HIDDEN_RISK,
        {"commercial": -16, "renewal_intent": -8, "company": -8, "product_quality": 12, "adoption": 16},
    ),
    Story.FORCED_USE: Shape(
        Archetype.HIDDEN_RISK, {"product_sentiment": -10, "skills": -8, "education": -8, "adoption": 18, "company": 8}
    ),
    Story.ROUGH_EDGES: Shape(
        Archetype.HIDDEN_RISK,
        {"product_quality": -16, "support": -8, "customer_readiness": 20, "skills": 14},
        use=6,
        service=-22,
    ),
    Story.SEASONAL: Shape(
        Archetype.HIDDEN_STRENGTH, {"adoption": -8, "company": 6}, ("Agriculture", "Hospitality", "Education"), -13, 36
    ),
    Story.API_ONLY: Shape(
        Archetype.HIDDEN_STRENGTH,
        {"product_quality": 6, "education": -14},
        ("Logistics", "Retail", "Financial services"),
        -13,
        36,
    ),
    Story.SMALL_TEAM: Shape(
        Archetype.HIDDEN_STRENGTH, {"support": 8, "stakeholder_reach": -18, "commercial": -10}, use=-13, service=36
    ),
    Story.THRIVING: Shape(Archetype.ALIGNED),
    Story.STEADY: Shape(Archetype.ALIGNED),
    Story.DRIFTING: Shape(Archetype.ALIGNED, {"adoption": -8, "delivered": -6}),
    Story.SILENT: Shape(Archetype.SILENT),
}

RISK_STORIES = (
    *[Story.PROMISE_UNKEPT] * 4,
    *[Story.SPONSOR_LEFT] * 3,
    *[Story.LOCKED_IN] * 3,
    *[Story.FORCED_USE] * 2,
    *[Story.ROUGH_EDGES] * 2,
)
STRENGTH_STORIES = (*[Story.SEASONAL] * 3, *[Story.API_ONLY] * 3, *[Story.SMALL_TEAM] * 2)


def aligned_story(voice: float) -> Story:
    """The story of an account whose voice and telemetry agree."""
    if voice >= 70:
        return Story.THRIVING
    return Story.STEADY if voice >= 52 else Story.DRIFTING
