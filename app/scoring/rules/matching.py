"""Which dimension of voice a measure of a scorecard speaks about: by its name, unless somebody said otherwise."""

import re
from collections.abc import Iterable, Mapping
from enum import StrEnum

from app.health.rules.scorecard import Measure
from app.questionnaires.rules.definition import Dimension
from app.scoring.rules.respondents import OUTSIDE_VOICE


class Choice(StrEnum):
    """What may be chosen for a measure besides a dimension."""

    BY_NAME = ""
    NONE = "none"


COMPARABLE = tuple(str(dimension) for dimension in Dimension if dimension not in OUTSIDE_VOICE)
"""The dimensions that telemetry may be held against: those in which more is better, and which enter the voice."""

_BEGINNINGS = (
    (Dimension.ADOPTION, ("adopt", "usage", "active", "login", "feature", "breadth", "engage")),
    (Dimension.SUPPORT, ("support", "case", "ticket")),
    (Dimension.EDUCATION, ("educat", "training", "course", "certif")),
    (Dimension.IMPLEMENTATION_READINESS, ("implement", "onboard", "rollout")),
    (Dimension.PRODUCT_QUALITY, ("quality", "bug", "incident", "uptime", "outage")),
    (Dimension.SKILLS, ("skill",)),
    (Dimension.VALUE, ("value", "roi")),
    (Dimension.RECOMMENDATION, ("nps", "recommend")),
    (Dimension.RENEWAL_INTENT, ("renewal",)),
)


def dimension_by_name(measure: Measure) -> str | None:
    """The dimension that the measure's group names, else its metric, else its key; None where none of them does."""
    names = (measure.group or "", measure.metric, measure.key)
    return next((found for name in names if (found := _named(name))), None)


def matched(measures: Iterable[Measure], chosen: Mapping[str, str]) -> dict[str, str | None]:
    """The dimension of every measure by its key: what was chosen, `none` being none, else what its name says."""
    return {measure.key: _matched(measure, chosen.get(measure.key, Choice.BY_NAME)) for measure in measures}


def _matched(measure: Measure, choice: str) -> str | None:
    if choice in COMPARABLE:
        return choice
    return None if choice == Choice.NONE else dimension_by_name(measure)


def _named(name: str) -> str | None:
    plain = "_".join(re.findall(r"[a-z]+", name.casefold()))
    if plain in COMPARABLE:
        return plain
    for word in plain.split("_"):
        for dimension, beginnings in _BEGINNINGS:
            if word.startswith(beginnings):
                return str(dimension)
    return None
