"""Every topic that stands behind a gap report: its name in the address, its name on the page, and who writes it."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from app.reports.rules.topics import (
    agreement,
    dimensions,
    drivers,
    footprint,
    modes,
    segments,
    silence,
    three_ways,
    trends,
    words,
)
from app.reports.rules.topics.page import Figures, Page, Setting


@dataclass(frozen=True)
class Topic:
    """One topic: what its tab says, and the rule that writes its page from the stored figures.

    `answers` names the statements (ids) whose words the page quotes; `wanted` the questions and the accounts (row
    ids) whose words it may quote.
    """

    name: str
    page: Callable[[Figures, Setting], Page]
    answers: Callable[[Figures], Collection[int]] | None = None
    wanted: Callable[[Figures, Setting], tuple[Collection[str], Collection[int]]] | None = None


TOPICS: Mapping[str, Topic] = {
    "agreement": Topic("Agreement", agreement.page),
    "dimensions": Topic("By topic", dimensions.page, answers=dimensions.answers),
    "segments": Topic("By segment", segments.page),
    "three_ways": Topic("Who was closer", three_ways.page),
    "modes": Topic("Survey or interview", modes.page),
    "drivers": Topic("Drivers", drivers.page, wanted=drivers.wanted),
    "words": Topic("Words", words.page, answers=words.answers),
    "silence": Topic("Silence", silence.page),
    "footprint": Topic("Footprint", footprint.page),
    "trends": Topic("Trends", trends.page),
}
"""In the order of the tabs; the keys are those of `scoring.services.analyses`."""
